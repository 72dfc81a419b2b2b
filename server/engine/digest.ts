import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@/lib/domain/json';

export interface ApprovedThing {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Json;
  readonly definition: Json;
  readonly policyVersion: string;
}

/** What an approval is bound to: SHA-256, hex, of exactly what was seen (I6). */
export function digestOf(thing: ApprovedThing): string {
  return createHash('sha256')
    .update(canonicalJson({ ...thing }))
    .digest('hex');
}

/** A tool's definition, by its whole text. */
export function definitionDigestOf(definition: Json): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}
