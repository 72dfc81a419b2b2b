import { createHash } from 'node:crypto';
import { type AwsCredentials, credentialsWithin, defaultCredentials } from './credentials';

/** A request as it will be sent. Header names may be in any case; `body` is sent as UTF-8. */
export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * Gives the headers to send: the given ones, in lower case, and the signature's own. Rejects with a
 * `CredentialsError`, whose message is words for people and holds no secret. A signature holds for 5 minutes
 * and for this URL, method and body: sign again for each request, for a redirect too.
 */
export type RequestSigner = (request: RequestToSign) => Promise<Readonly<Record<string, string>>>;

export interface SigningOptions {
  readonly service: string;
  readonly region: string;
  /** Absent: AWS's default chain (environment, profile, single sign-on, web identity, container, instance). */
  readonly credentials?: () => Promise<AwsCredentials>;
}

/** What only a signature may set. */
const ownHeaders = new Set(['authorization', 'date', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']);

/** Signs requests as AWS Signature Version 4 asks; every signer on the default chain shares its credentials. */
export function createRequestSigner({ service, region, credentials }: SigningOptions): RequestSigner {
  const provider = credentials ?? defaultCredentials;
  return async ({ method, url, headers, body }) => {
    // Asked for at each request: the chain remembers them, and renews them before they expire.
    const found = await credentialsWithin(provider);
    // Loaded by those who sign: 30 ms and 15 MB.
    const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
      import('@smithy/signature-v4'),
      import('@aws-crypto/sha256-js'),
    ]);
    const signer = new SignatureV4({ service, region, credentials: found, sha256: Sha256 });
    const sent = new Map([...lowerCased(headers)].filter(([name]) => !ownHeaders.has(name)));
    // Native: a body may be tens of megabytes.
    sent.set('x-amz-content-sha256', sha256Of(body ?? ''));
    const signed = new Map(sent);
    signed.set('host', url.host);
    const unsigned = new Set([...signed].flatMap(([name, value]) => (isSigned(name, value) ? [] : [name])));
    const { headers: withSignature } = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        // As it is sent. The signer encodes it once more, which is the rule for every service but S3.
        path: url.pathname,
        query: queryOf(url),
        headers: Object.fromEntries(signed),
      },
      { unsignableHeaders: unsigned },
    );
    // The HTTP client writes it, from the URL, and writes the same.
    return Object.fromEntries(Object.entries(withSignature).filter(([name]) => name !== 'host'));
  };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function lowerCased(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Signed is what says where a request goes and what it means. The rest (connection, user-agent, accept-encoding…)
 * may be rewritten by a proxy on the way or by the HTTP client, and would then break the signature.
 */
function isSigned(name: string, value: string): boolean {
  if (name === 'host' || name.startsWith('x-amz-')) return true;
  const matters =
    name === 'content-type' ||
    name === 'last-event-id' ||
    name.startsWith('mcp-') ||
    name.startsWith('x-amzn-bedrock-agentcore-');
  // Both sides must read the same bytes: for runs of spaces, and beyond ASCII, the rules differ.
  return matters && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value);
}

/** The query as it is sent, decoded once; a `+` is a plus, as it is for AWS. */
function queryOf(url: URL): Record<string, string[]> {
  const query = new Map<string, string[]>();
  for (const part of url.search.slice(1).split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = decoded(at < 0 ? part : part.slice(0, at));
    query.set(name, [...(query.get(name) ?? []), at < 0 ? '' : decoded(part.slice(at + 1))]);
  }
  return Object.fromEntries(query);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
