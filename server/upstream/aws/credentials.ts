export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Given with credentials that expire. */
  readonly sessionToken?: string;
}

/** Why a request cannot be signed, in words for people; no value of a credential is in it (I14). */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/** Longer than any answer of the chain's own sources; a `credential_process` has no limit of its own. */
const longestWaitMs = 20_000;

const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** The package is loaded by those who sign. One chain for all: it remembers what it found. */
const chain = once(async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider({ logger: silent }));

/** AWS's default chain, which renews what expires within 5 minutes. */
export async function defaultCredentials(): Promise<AwsCredentials> {
  const provide = await chain();
  return provide();
}

/** The credentials, or a `CredentialsError` once `waitMs` have passed. */
export async function credentialsWithin(
  provider: () => Promise<AwsCredentials>,
  waitMs = longestWaitMs,
): Promise<AwsCredentials> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CredentialsError(slowWords(waitMs))), waitMs);
  });
  try {
    return usable(await Promise.race([provider(), tooLong]));
  } catch (error) {
    throw error instanceof CredentialsError ? error : new CredentialsError(wordsFor(error));
  } finally {
    clearTimeout(timer);
  }
}

/** A line break in a header would be refused by the HTTP client, whose words show the header. */
function usable(credentials: AwsCredentials): AwsCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const texts = [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
  if (texts.every((text) => /^[\x21-\x7e]+$/.test(text))) return credentials;
  throw new CredentialsError(
    'The AWS credentials are empty, or hold a space or a line break. See whether each was copied whole and alone',
  );
}

function slowWords(waitMs: number): string {
  return `The AWS credentials took longer than ${waitMs / 1_000} s to come. See whether the credential_process, the single sign-on or the metadata service of this machine answers`;
}

const check = 'See whether "aws sts get-caller-identity" works where Holdpoint runs, with the same environment';

/** The error's own words stay inside: they may hold a command line, or what a credential process wrote. */
function wordsFor(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  const name = error instanceof Error ? error.name : '';
  if (/\baws sso login\b|\bSSO\b[^]*\b(?:expired|invalid)\b/i.test(said))
    return 'The AWS single sign-on of this machine has expired. Run "aws sso login" where Holdpoint runs';
  if (/from any providers/i.test(said))
    return `No AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run Holdpoint with a role. ${check}`;
  const kind = /^[A-Za-z]{1,64}$/.test(name) ? ` (${name})` : '';
  return `The AWS credentials cannot be used${kind}. ${check}`;
}

function ignore(): void {}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
