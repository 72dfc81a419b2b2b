import { type AuditEntry, type AuditPlace, auditText } from '@/lib/domain/audit';
import type { AuditBreak } from '@/lib/domain/audit-look';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { AuditRow } from '../schema';
import { entryHash } from './audit-hash';
import { auditRow } from './audit-rows';

export type EntryCheck =
  | { readonly ok: true; readonly entry: AuditEntry }
  | { readonly ok: false; readonly broken: AuditBreak };

/** All of an entry that is hashed, neither more nor less: a misnamed `null` must not pass for one that is missing. */
const places = ['about', 'act', 'actor', 'at', 'facts', 'from', 'prev', 'seq', 'why'];

/** One row after the place before it. Every column is looked at: what finds an entry must not lie about it either. */
export function checkRow(row: AuditRow, before: AuditPlace): EntryCheck {
  const { seq, body, hash } = row;
  const due = before.seq + 1;
  if (seq !== due) return wrong(due, missingWords(due, seq));
  if (entryHash(body) !== hash) return wrong(seq, 'its text does not have its hash: one of both was changed');
  const read = readEntry(body, hash);
  if (read === null) return wrong(seq, 'it is not an entry as they are written');
  if (read.seq !== seq) return wrong(seq, `it is entry ${read.seq}, moved to another place`);
  if (read.prev !== before.hash) return wrong(seq, followWords(seq));
  const made: Readonly<Record<string, unknown>> = auditRow(read, { body, hash });
  const column = Object.entries(row).find(([name, value]) => made[name] !== value)?.[0];
  if (column !== undefined) return wrong(seq, `its column ${column} was changed`);
  return { ok: true, entry: read };
}

/** One line of an export; `before` is null at the first, which may come from the middle of the log. */
export function checkLine(line: string, before: AuditPlace | null): EntryCheck {
  const due = before === null ? 0 : before.seq + 1;
  const value = parsed(line);
  const hash = isJsonObject(value) ? value['hash'] : undefined;
  if (!isJsonObject(value) || typeof hash !== 'string') return wrong(due, 'the line is not an entry');
  const { hash: _hash, ...rest } = value;
  const body = auditText(rest as unknown as Omit<AuditEntry, 'hash'>);
  const read = readEntry(body, hash);
  if (read === null || !isComplete(rest)) return wrong(due, 'the line is not an entry');
  const { seq, prev } = read;
  // What was changed first: a wrong number is told from an entry that is missing.
  if (entryHash(body) !== hash)
    return wrong(before === null ? seq : due, 'its text does not have its hash: one of both was changed');
  if (before !== null && seq !== due) return wrong(due, missingWords(due, seq));
  if (before !== null && prev !== before.hash) return wrong(seq, followWords(seq));
  return { ok: true, entry: read };
}

/** Null for what is not an entry in its one text. */
function readEntry(body: string, hash: string): AuditEntry | null {
  const value = parsed(body);
  if (!isJsonObject(value) || !Number.isSafeInteger(value['seq']) || typeof value['prev'] !== 'string') return null;
  if (!isJsonObject(value['actor']) || !isJsonObject(value['about']) || !isJsonObject(value['facts'])) return null;
  const entry = { ...(value as unknown as Omit<AuditEntry, 'hash'>), hash };
  const isWhole = isComplete(value) && auditText(entry) === body;
  return isWhole ? entry : null;
}

function isComplete(value: JsonObject): boolean {
  return Object.keys(value).length === places.length && places.every((place) => Object.hasOwn(value, place));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function missingWords(due: number, found: number): string {
  return found > due + 1
    ? `it is missing, as are all up to entry ${found - 1}`
    : `it is missing; entry ${found} comes instead`;
}

function followWords(seq: number): string {
  return seq === 1
    ? 'it does not begin the chain: something stood before it'
    : `it does not follow entry ${seq - 1}: one of both is not what was written`;
}

function wrong(seq: number, why: string): EntryCheck {
  return { ok: false, broken: { seq, why } };
}
