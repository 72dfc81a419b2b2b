import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AuditEntry } from '@/lib/domain/audit';
import type { AuditEnds, AuditLook } from '@/lib/domain/audit-look';
import { canonicalJson, type JsonObject } from '@/lib/domain/json';
import type { AuditPage, AuditTrail } from '@/server/engine/ports/audit';
import { plainText } from '../json-text';
import { likePattern } from '../like-pattern';
import { pageSize } from '../page-size';
import type { AuditRow, Database } from '../schema';
import { draftIn } from './due-rows';

type Condition = RawBuilder<boolean>;
type FoundRow = Pick<AuditRow, 'seq' | 'body' | 'hash'>;

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
  const { act, who, about, fromAt, toAt } = look;
  const span = await boundsOf(db, look);
  if (span === null) return { entries: [], next: null };
  const newest = Math.min(how.before ?? span.last + 1, span.last + 1);
  const id = about === null ? null : plainText(about);
  const floor = pattern === '' ? span.first : Math.max(newest - searchWindow, span.first);
  const conditions: readonly Condition[] = [
    sql`seq < ${newest}`,
    ...(floor > 1 ? [sql<boolean>`seq >= ${floor}`] : []),
    ...(act === null ? [] : [sql<boolean>`act = ${act}`]),
    ...(who === null ? [] : [sql<boolean>`actor_id = ${plainText(who)}`]),
    ...(id === null ? [] : [sql<boolean>`(about_id = ${id} or session_id = ${id})`]),
    ...(fromAt === null ? [] : [sql<boolean>`+at >= ${fromAt}`]),
    ...(toAt === null ? [] : [sql<boolean>`+at < ${toAt}`]),
    ...(pattern === '' ? [] : [sql<boolean>`search like ${pattern} escape '\\'`]),
  ];
  // Found by an index alone, and only then read.
  const { rows } = await sql<FoundRow>`select a.seq, a.body, a.hash from (
      select seq as found from hp_audit where ${sql.join([...conditions], sql` and `)}
      order by seq desc limit ${limit + 1}
    ) as f cross join hp_audit as a where a.seq = f.found`.execute(db);
  rows.sort((a, b) => b.seq - a.seq);
  const page = rows.slice(0, limit);
  const entries = page.flatMap(readAudit);
  const last = page.at(-1);
  if (rows.length > limit && last !== undefined) return { entries, next: last.seq };
  return { entries, next: pattern !== '' && floor > Math.max(span.first, 1) ? floor : null };
}

/**
 * Where entries of the time stand, by the index of instants alone: between them a page is read in the order of the log,
 * and what a clock that was set back put there is left out by its own instant.
 */
async function boundsOf(db: Kysely<Database>, { fromAt, toAt }: AuditLook): ReturnType<AuditTrail['span']> {
  if (fromAt === null && toAt === null) return { first: 1, last: await lastNumber(db) };
  return auditSpan(db, { fromAt, toAt });
}

/** Two looks at an index: a database asked for both at once goes through it all. */
export async function auditEnds(db: Kysely<Database>): Promise<AuditEnds | null> {
  const last = await lastNumber(db);
  const row = await db.selectFrom('hp_audit').select('seq').orderBy('seq').limit(1).executeTakeFirst();
  return row === undefined ? null : { first: row.seq, last };
}

async function lastNumber(db: Kysely<Database>): Promise<number> {
  const row = await db.selectFrom('hp_audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

/** Nothing for what somebody changed so that it is no entry any more: the others are read all the same. */
function readAudit({ seq, body, hash }: FoundRow): readonly AuditEntry[] {
  const draft = draftIn(body);
  if (draft === null) return [];
  const { prev } = JSON.parse(body) as JsonObject;
  return [{ ...draft, seq, prev: typeof prev === 'string' ? prev : '', hash }];
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

/**
 * Clocks are set back now and then: from the first entry of the time to the last, whatever stands between. The numbers
 * are set aside, so that the time is walked and not the log.
 */
export async function auditSpan(
  db: Kysely<Database>,
  { fromAt, toAt }: Parameters<AuditTrail['span']>[0],
): ReturnType<AuditTrail['span']> {
  const ends = await db
    .selectFrom('hp_audit')
    .select([sql<number | null>`min(+seq)`.as('first'), sql<number | null>`max(+seq)`.as('last')])
    .$if(fromAt !== null, (select) => select.where('at', '>=', fromAt ?? 0))
    .$if(toAt !== null, (select) => select.where('at', '<', toAt ?? 0))
    .executeTakeFirst();
  const { first, last } = ends ?? { first: null, last: null };
  return first === null || last === null ? null : { first: Number(first), last: Number(last) };
}
