import { maskText } from '@/lib/domain/mask';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { CredentialsError } from './aws-credentials';
import { StoppedError } from './limits';

/** Why no reply came: words for a person, and facts for the log. Nothing of the prompt or a key is in either (I14). */
export interface Failure {
  readonly message: string;
  readonly facts: { readonly why: string; readonly status: number | null };
}

const orWrite = 'Try again, or write the reply yourself.';
const wordsMost = 300;

export function failureOf(error: unknown, entry: ModelEntry): Failure {
  if (error instanceof StoppedError) return stopped(error, entry);
  if (error instanceof CredentialsError) return { message: error.message, facts: { why: 'credentials', status: null } };
  const status = statusOf(error);
  const code = networkCode(error);
  // A connection that breaks within a reply has a status too, a good one.
  if (status !== null && (status >= 300 || code === null))
    return { message: statusWords(status, error, entry), facts: { why: 'status', status } };
  if (code !== null || isCallError(error)) {
    const why = code ?? 'network';
    return {
      message: `The provider of model “${entry.name}” cannot be reached (${why}). Check the network, and "baseUrl" in the configuration; or write the reply yourself.`,
      facts: { why, status: null },
    };
  }
  const name = error instanceof Error && /^[A-Za-z_]{1,64}$/.test(error.name) ? error.name : 'unknown';
  return {
    message: `Model “${entry.name}” could not be asked (${name}). ${orWrite}`,
    facts: { why: name, status: null },
  };
}

/** How long to wait before the one repetition, or null: for errors that pass, and where the provider does not ask for long. */
export function repeatAfterMs(error: unknown): number | null {
  const status = statusOf(error);
  if (status === null || (status !== 429 && status < 500)) return null;
  const askedMs = retryAfterMs(error);
  if (askedMs === null) return usualPauseMs;
  return askedMs <= longestPauseMs ? askedMs : null;
}

const usualPauseMs = 500;
const longestPauseMs = 10_000;

function stopped(error: StoppedError, entry: ModelEntry): Failure {
  const facts = { why: error.why, status: null };
  if (error.why === 'aborted') return { message: 'Stopped before the model had replied.', facts };
  const seconds = Math.round(entry.timeoutMs / 100) / 10;
  return { message: `Model “${entry.name}” did not reply within ${seconds} s. ${orWrite}`, facts };
}

function statusWords(status: number, error: unknown, entry: ModelEntry): string {
  const model = `model “${entry.name}”`;
  const isChain = entry.provider.kind === 'bedrock' && entry.provider.auth.kind === 'chain';
  const secret = isChain ? 'the AWS credentials of this machine' : 'the key';
  if (status < 300)
    return `The provider of ${model} answered with something else than a reply. Check "baseUrl" in the configuration.`;
  if (status < 400)
    return `The provider of ${model} redirects elsewhere, which is not followed. Set "baseUrl" to where it is.`;
  switch (status) {
    case 401:
      return `The provider of ${model} does not accept ${secret}. An admin can check it in the configuration.`;
    case 402:
      return `The provider of ${model} asks for payment. An admin can look at the account there.`;
    case 403:
      return `The provider does not let ${secret} use ${model}. An admin can check whether it has access to it.`;
    case 404:
      return `The provider of ${model} does not know it. An admin can check "model" and "baseUrl" in the configuration.`;
    case 408:
      return `The provider of ${model} took too long. ${orWrite}`;
    case 429: {
      const askedMs = retryAfterMs(error);
      const when = askedMs === null ? 'in a minute' : `in ${Math.ceil(askedMs / 1_000)} s`;
      return `The provider of ${model} has had too many requests, or its quota is used up. Try again ${when}, or write the reply yourself.`;
    }
    default:
      if (status >= 500) return `The provider of ${model} is overloaded or has a fault (${status}). ${orWrite}`;
      return `The provider of ${model} does not accept the request (${status}): ${theirWords(error, entry)}`;
  }
}

/** A provider says best what is wrong with a request; shortened, on one line, and without what could open anything. */
function theirWords(error: unknown, { provider }: ModelEntry): string {
  const key =
    provider.kind === 'bedrock' ? (provider.auth.kind === 'key' ? provider.auth.apiKey : null) : provider.apiKey;
  const said = error instanceof Error ? error.message : '';
  const safe = maskText(key === null ? said : said.replaceAll(key, '[masked]'));
  const line = safe.replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ').trim();
  if (line === '') return 'it does not say why.';
  return line.length <= wordsMost ? line : `${line.slice(0, wordsMost - 1).trimEnd()}…`;
}

/** The AI SDK's error of a request; without a status no answer came. */
function isCallError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AI_APICallError';
}

function statusOf(error: unknown): number | null {
  const status = property(error, 'statusCode');
  return typeof status === 'number' && status >= 100 && status < 600 ? status : null;
}

function retryAfterMs(error: unknown): number | null {
  const value = property(property(error, 'responseHeaders'), 'retry-after');
  const seconds = typeof value === 'string' && /^\d{1,6}$/.test(value.trim()) ? Number(value) : null;
  return seconds === null ? null : seconds * 1_000;
}

/** The first code in the chain of causes, such as ECONNREFUSED. */
function networkCode(error: unknown): string | null {
  let at: unknown = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth += 1) {
    const code = property(at, 'code');
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return code;
    at = at.cause;
  }
  return null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
