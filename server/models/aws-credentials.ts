export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** In words for people; nothing of a credential, nor of what a credential process wrote, is in it (I14). */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
const check = 'See whether "aws sts get-caller-identity" works where Holdpoint runs, with the same environment.';

/** AWS's default chain, loaded when first asked. It remembers what it found, and renews it in time. */
export function awsCredentials(profile: string | null): () => Promise<AwsCredentials> {
  let chain: Promise<() => Promise<AwsCredentials>> | null = null;
  return async () => {
    chain ??= loadChain(profile);
    try {
      return usable(await (await chain)());
    } catch (error) {
      throw error instanceof CredentialsError ? error : new CredentialsError(wordsFor(error));
    }
  };
}

async function loadChain(profile: string | null): Promise<() => Promise<AwsCredentials>> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ logger: silent, ...(profile === null ? {} : { profile }) });
}

/** A line break in a header would be refused by the HTTP client, whose words show the header. */
function usable({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): AwsCredentials {
  const texts = [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
  if (!texts.every((text) => /^[\x21-\x7e]+$/.test(text)))
    throw new CredentialsError('The AWS credentials are empty, or hold a space or a line break.');
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function wordsFor(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  const name = error instanceof Error ? error.name : '';
  if (/\baws sso login\b|\bSSO\b[^]*\b(?:expired|invalid)\b/i.test(said))
    return 'The AWS single sign-on of this machine has expired. Run "aws sso login" where Holdpoint runs.';
  if (/from any providers/i.test(said)) return `No AWS credentials were found. ${check}`;
  const kind = /^[A-Za-z]{1,64}$/.test(name) ? ` (${name})` : '';
  return `The AWS credentials cannot be used${kind}. ${check}`;
}

function ignore(): void {}
