import { createHash, randomBytes } from 'node:crypto';

/**
 * Keys and link tokens are 256 random bits, so a plain SHA-256 keeps them: there is nothing to guess, and
 * looking a hash up in an index tells an attacker's clock nothing about the secret before it.
 */
export function mintSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A link token as we make them; anything else is refused before it is hashed. */
export function isLinkToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

const keyShape = /^hp_[A-Za-z0-9_-]{43,125}$/;
const shownCharacters = 8;

export function mintKey(): string {
  return `hp_${mintSecret()}`;
}

export function isAgentKey(text: string): boolean {
  return text.length <= 128 && keyShape.test(text);
}

const tokenShape = /^hpp_[A-Za-z0-9_-]{43}$/;

/** A person's token for the HTTP API: told from an agent's key by its prefix. */
export function mintPersonToken(): string {
  return `hpp_${mintSecret()}`;
}

export function isPersonToken(text: string): boolean {
  return tokenShape.test(text);
}

/** Shows as many bits of a token as of a key. */
export function tokenStart(token: string): string {
  return token.slice(0, shownCharacters + 1);
}

/** The beginning of a key, to recognise it by; 30 of its 256 bits. */
export function keyStart(key: string): string {
  return key.slice(0, shownCharacters);
}
