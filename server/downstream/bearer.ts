import type { IncomingHttpHeaders } from 'node:http';

/** Longer than any key we mint; what is longer is not looked up. */
const keyCharactersMost = 512;

/** The API key of `Authorization: Bearer …` or `X-API-Key`; null when neither carries one. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  const key = bearer(headers.authorization) ?? plain(headers['x-api-key']);
  return key === null || key.length > keyCharactersMost ? null : key;
}

function bearer(value: string | undefined): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(value ?? '');
  return match?.[1] ?? null;
}

function plain(value: string | readonly string[] | undefined): string | null {
  if (typeof value !== 'string') return null;
  const key = value.trim();
  return key === '' ? null : key;
}
