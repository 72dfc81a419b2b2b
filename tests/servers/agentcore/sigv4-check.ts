import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came in, byte for byte; header names in lower case. */
export interface Received {
  readonly method: string;
  /** Path and query of the request line. */
  readonly target: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

export interface Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** When given, every request must carry it. */
  readonly sessionToken?: string;
}

export interface Scope {
  readonly service: string;
  readonly region: string;
}

export type Verdict =
  | { readonly ok: true }
  /** `type` and `message` are AWS's, the canonical request of a wrong signature included. */
  | { readonly ok: false; readonly type: string; readonly message: string };

const longestSkewMs = 5 * 60_000;
const authorizationForm =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Signature Version 4 from its published rules, for a service that is not S3. It shares no code with any
 * signer: what it accepts, AWS would.
 */
export function checkSigV4(received: Received, account: Account, expected: Scope & { readonly now: number }): Verdict {
  const header = one(received, 'authorization');
  if (header === null) return refused('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [, accessKeyId, day, region, service, signedHeaders, signature] = authorizationForm.exec(header) ?? [];
  if (day === undefined || signedHeaders === undefined || signature === undefined) {
    return refused('IncompleteSignatureException', 'Authorization header is not as Signature Version 4 asks.');
  }
  if (accessKeyId !== account.accessKeyId || one(received, 'x-amz-security-token') !== (account.sessionToken ?? null)) {
    return refused('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (region !== expected.region || service !== expected.service) {
    return refused(
      'InvalidSignatureException',
      `Credential should be scoped to ${expected.service} in ${expected.region}.`,
    );
  }
  const names = signedHeaders.split(';');
  const must = ['host', ...[...received.headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const missing = must.find((name) => !names.includes(name));
  if (missing !== undefined || signedHeaders !== names.toSorted().join(';')) {
    return refused(
      'InvalidSignatureException',
      `'${missing ?? signedHeaders}' must be among the 'SignedHeaders', sorted.`,
    );
  }
  const date = one(received, 'x-amz-date') ?? '';
  const stale = staleness(date, day, expected.now);
  if (stale !== null) return refused('InvalidSignatureException', stale);
  const payload = sha256(received.body);
  if ((one(received, 'x-amz-content-sha256') ?? payload) !== payload) {
    return refused(
      'InvalidSignatureException',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const canonical = canonicalRequest(received, names, payload);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(Buffer.from(canonical, 'latin1'))].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (from, text) => hmac(from, text),
    Buffer.from(`AWS4${account.secretAccessKey}`, 'utf8'),
  );
  if (timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) return { ok: true };
  return refused(
    'InvalidSignatureException',
    `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
  );
}

function staleness(date: string, day: string, now: number): string | null {
  const [, years, months, days, hours, minutes, seconds] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const at = Date.parse(`${years}-${months}-${days}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(at) || !date.startsWith(day)) return 'Date in Credential scope does not match X-Amz-Date.';
  if (at < now - longestSkewMs) return `Signature expired: ${date} is now earlier than the request's 5 min.`;
  return at > now + longestSkewMs ? `Signature not yet current: ${date} is still later than in 5 min.` : null;
}

function canonicalRequest(received: Received, names: readonly string[], payload: string): string {
  const at = received.target.indexOf('?');
  const path = at < 0 ? received.target : received.target.slice(0, at);
  const query = at < 0 ? '' : received.target.slice(at + 1);
  const headers = names.map((name) => `${name}:${(received.headers.get(name) ?? []).map(squeezed).join(',')}\n`);
  const lines = [
    received.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers.join(''),
    names.join(';'),
    payload,
  ];
  return lines.join('\n');
}

/** The path as it came, made normal and then encoded: what came encoded is encoded twice. */
function canonicalPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(encoded(Buffer.from(step, 'latin1')));
  }
  return `/${steps.join('/')}${path.endsWith('/') && steps.length > 0 ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const sorted = pairs
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=?([^]*)$/.exec(pair) ?? [];
      return [encoded(unescaped(name)), encoded(unescaped(value))] as const;
    })
    .toSorted((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]));
  return sorted.map(([name, value]) => `${name}=${value}`).join('&');
}

function unescaped(text: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = /^%([0-9A-Fa-f]{2})/.exec(text.slice(at, at + 3))?.[1];
    bytes.push(hex === undefined ? text.charCodeAt(at) : Number.parseInt(hex, 16));
    if (hex !== undefined) at += 2;
  }
  return Buffer.from(bytes);
}

function encoded(bytes: Buffer): string {
  let out = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function squeezed(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

function one(received: Received, name: string): string | null {
  return received.headers.get(name)?.[0] ?? null;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest();
}

function refused(type: string, message: string): Verdict {
  return { ok: false, type, message };
}
