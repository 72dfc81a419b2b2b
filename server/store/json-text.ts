import { isJsonObject, type Json } from '@/lib/domain/json';
import { knownTextOf } from '@/lib/domain/known-text';

/** Stored text that cannot be what was written. Names the table and the row. */
export class CorruptRowError extends Error {
  override readonly name = 'CorruptRowError';

  constructor(row: RowName, why: string) {
    super(`The row ${row.id} of ${row.table} cannot be read: ${why}.`);
  }
}

export interface RowName {
  readonly table: string;
  readonly id: string;
}

/** JSON as text: U+0000 and lone surrogates stand in it as escapes, so every database takes it. */
export function jsonText(value: object | Json): string {
  try {
    return (isJsonObject(value) ? knownTextOf(value) : null) ?? JSON.stringify(value);
  } catch (error) {
    // A server may nest deeper than the stack is high; its message must not make a commit fail.
    if (error instanceof RangeError) return deepJsonText(value as Json);
    throw error;
  }
}

/** JSON.stringify without recursion, for values JSON.parse made. */
function deepJsonText(root: Json): string {
  const parts: string[] = [];
  const pending: (Json | { readonly literal: string })[] = [root];
  const literals = new WeakSet<object>();
  const literal = (text: string): { readonly literal: string } => {
    const made = { literal: text };
    literals.add(made);
    return made;
  };
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) {
      parts.push(JSON.stringify(value ?? null));
    } else if (literals.has(value)) {
      parts.push((value as { readonly literal: string }).literal);
    } else if (Array.isArray(value)) {
      parts.push('[');
      pending.push(literal(']'));
      for (let at = value.length - 1; at >= 0; at -= 1) {
        pending.push((value[at] as Json | undefined) ?? null);
        if (at > 0) pending.push(literal(','));
      }
    } else {
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      parts.push('{');
      pending.push(literal('}'));
      for (let at = entries.length - 1; at >= 0; at -= 1) {
        const [key, item] = entries[at] ?? ['', null];
        pending.push(item as Json, literal(`${at > 0 ? ',' : ''}${JSON.stringify(key)}:`));
      }
    }
  }
  return parts.join('');
}

export function readJson(text: string, row: RowName): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CorruptRowError(row, 'its JSON is broken');
  }
}

/** Text for a column of its own: PostgreSQL refuses U+0000, SQLite's driver ends the text there. */
export function plainText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}
