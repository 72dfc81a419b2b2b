import { isJsonObject, type Json } from './json';
import { isCard } from './masking/card';
import { masked } from './masking/masked';
import { isSecretKey, isSecretUnder, withoutSecrets } from './masking/secrets';

export { masked } from './masking/masked';
export { isSecretKey } from './masking/secrets';

/** Masks what looks like a credential inside a text. */
export function maskText(text: string): string {
  return withoutSecrets(text, masked);
}

const deepest = 64;

/** A copy with secrets masked: values under secret-looking keys, and credentials inside texts. */
export function maskJson(value: Json, depth = 0): Json {
  if (depth > deepest) return masked;
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'number') return isCard(String(value)) ? masked : value;
  if (Array.isArray(value)) return value.map((item: Json) => maskJson(item, depth + 1));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    isSecretAt(key, item) ? masked : maskJson(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function isSecretAt(key: string, item: Json): boolean {
  if (item === null) return false;
  return isSecretKey(key) || (typeof item === 'string' && isSecretUnder(key, item));
}
