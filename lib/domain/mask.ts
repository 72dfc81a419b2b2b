import { isJsonObject, type Json } from './json';

/** Stands where a value was masked (I14). */
export const masked = '[masked]';

const secretKey =
  /(^|[_\-.])(authorization|password|passwd|secret|token|api[_-]?key|apikey|credential|cookie|private[_-]?key|client[_-]?secret|requeststate)s?$/i;
const camelSecretKey = /(Password|Secret|Token|ApiKey|Credential|PrivateKey|Authorization)s?$/;
/** MCP's own tokens name things, they open nothing. */
const harmlessKeys = new Set(['progressToken', 'maxTokens', 'max_tokens', 'tokens']);
const secretText =
  /\b(?:Bearer\s+[A-Za-z0-9._~+/-]{8,}=*|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abpr]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}|x-amz-security-token:\S+|hpp?_[A-Za-z0-9_-]{16,}|whsec_[A-Za-z0-9+/=]{16,})/g;

export function isSecretKey(key: string): boolean {
  return !harmlessKeys.has(key) && (secretKey.test(key) || camelSecretKey.test(key));
}

/** Masks what looks like a credential inside a text. */
export function maskText(text: string): string {
  return text.replace(secretText, masked);
}

const deepest = 64;

/** A copy with secrets masked: values under secret-looking keys, and credentials inside texts. */
export function maskJson(value: Json, depth = 0): Json {
  if (depth > deepest) return masked;
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((item: Json) => maskJson(item, depth + 1));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    isSecretKey(key) && item !== null ? masked : maskJson(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}
