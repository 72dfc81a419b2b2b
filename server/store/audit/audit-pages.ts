import { type Kysely, sql } from 'kysely';
import type { AuditEntry } from '@/lib/domain/audit';
import type { AuditLook } from '@/lib/domain/audit-look';
import { canonicalJson, type JsonObject } from '@/lib/domain/json';
import type { AuditPage, AuditTrail } from '@/server/engine/ports/audit';
import { plainText, readJson } from '../json-text';
import { likePattern } from '../like-pattern';
import { pageSize } from '../page-size';
import type { AuditRow, Database } from '../schema';

/** A text is looked for in so many entries of one read: the database is not kept from others for longer. */
const searchWindow = 5_000;

/** Entries, newest first. A page that is looked for by text may be empty and still have more after it. */
export async function auditPage(
  db: Kysely<Database>,
  look: AuditLook,
  how: { readonly before: number | null; readonly limit: number },
): Promise<AuditPage> {
  const pattern = look.text === null ? '' : likePattern(look.text);
  const limit = pageSize(how.limit);
  const newest = how.before ?? (await lastNumber(db)) + 1;
  const { act, who, about, fromAt, toAt } = look;
  const id = about === null ? null : plainText(about);
  const floor = pattern === '' ? 0 : Math.max(newest - searchWindow, 0);
  const rows = await db
    .selectFrom('hp_audit')
    .select(['seq', 'body', 'hash'])
    .where('seq', '<', newest)
    .$if(floor > 0, (select) => select.where('seq', '>=', floor))
    .$if(act !== null, (select) => select.where('act', '=', act ?? ''))
    .$if(who !== null, (select) => select.where('actor_id', '=', plainText(who ?? '')))
    .$if(id !== null, (select) =>
      select.where((by) => by.or([by('about_id', '=', id ?? ''), by('session_id', '=', id)])),
    )
    .$if(fromAt !== null, (select) => select.where('at', '>=', fromAt ?? 0))
    .$if(toAt !== null, (select) => select.where('at', '<', toAt ?? 0))
    .$if(pattern !== '', (select) => select.where(sql<boolean>`search like ${pattern} escape '\\'`))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const entries = rows.slice(0, limit).map(readAudit);
  const last = entries.at(-1);
  if (rows.length > limit && last !== undefined) return { entries, next: last.seq };
  return { entries, next: floor > 1 ? floor : null };
}

async function lastNumber(db: Kysely<Database>): Promise<number> {
  const row = await db.selectFrom('hp_audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

function readAudit({ seq, body, hash }: Pick<AuditRow, 'seq' | 'body' | 'hash'>): AuditEntry {
  const entry = readJson(body, { table: 'hp_audit', id: String(seq) });
  return { ...(entry as unknown as Omit<AuditEntry, 'hash'>), hash };
}

/** An export's lines. A damaged entry goes out as it stands, for who verifies outside to see. */
export async function auditLines(
  db: Kysely<Database>,
  ...[after, upTo, limit]: Parameters<AuditTrail['lines']>
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('hp_audit')
    .select(['seq', 'body', 'hash'])
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(pageSize(limit))
    .execute();
  return rows.map((row) => `${lineOf(row)}\n`);
}

function lineOf({ body, hash }: Pick<AuditRow, 'body' | 'hash'>): string {
  try {
    return canonicalJson({ ...(JSON.parse(body) as JsonObject), hash });
  } catch {
    return canonicalJson({ damaged: body, hash });
  }
}

/** Clocks are set back now and then: from the first entry of the time to the last, whatever stands between. */
export async function auditSpan(
  db: Kysely<Database>,
  { fromAt, toAt }: Parameters<AuditTrail['span']>[0],
): ReturnType<AuditTrail['span']> {
  const ends = await db
    .selectFrom('hp_audit')
    .select((by) => [by.fn.min('seq').as('first'), by.fn.max('seq').as('last')])
    .$if(fromAt !== null, (select) => select.where('at', '>=', fromAt ?? 0))
    .$if(toAt !== null, (select) => select.where('at', '<', toAt ?? 0))
    .executeTakeFirst();
  const { first, last } = ends ?? { first: null, last: null };
  return first === null || last === null ? null : { first: Number(first), last: Number(last) };
}
