import type { JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';

export const idempotencyMember = 'holdpoint/idempotencyKey';

const visible = /^[\x21-\x7e]{1,255}$/;

/** The key of a call from its `_meta` and the `Idempotency-Key` header of its POST; null when neither gave one. */
export function idempotencyKeyOf(meta: JsonObject, header: string | null): Result<string | null> {
  const given = meta[idempotencyMember];
  for (const key of [given, header]) {
    if (key === undefined || key === null) continue;
    if (typeof key !== 'string' || !visible.test(key))
      return refuse('bad_input', 'An idempotency key is a text of 1 to 255 visible ASCII characters.');
  }
  if (typeof given === 'string' && header !== null && given !== header) {
    return refuse('bad_input', `The Idempotency-Key header and _meta["${idempotencyMember}"] name different keys.`);
  }
  return done(typeof given === 'string' ? given : header);
}
