import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AuditEntry } from '@/lib/domain/audit';
import type { AuditEnds, AuditLook, AuditSide } from '@/lib/domain/audit-look';
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
  how: AuditSide & { readonly limit: number },
): Promise<AuditPage> {
  const pattern = look.text === null ? '' : likePattern(look.text);
  const limit = pageSize(how.limit);
  const { act, who, about, fromAt, toAt } = look;
  const span = await boundsOf(db, look);
  if (span === null) return { entries: [], next: null };
  const id = about === null ? null : plainText(about);
  const stretch = stretchOf(how, span, pattern === '' ? Number.POSITIVE_INFINITY : searchWindow);
  const { first, last, order } = stretch;
  const conditions: readonly Condition[] = [
    sql`seq <= ${last}`,
    ...(first > 1 ? [sql<boolean>`seq >= ${first}`] : []),
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
      order by seq ${order} limit ${limit + 1}
    ) as f cross join hp_audit as a where a.seq = f.found`.execute(db);
  const page = rows.sort(stretch.nearest).slice(0, limit);
  const end = page.at(-1);
  const next = rows.length > limit && end !== undefined ? end.seq : stretch.next;
  return { entries: page.sort(newestFirst).flatMap(readAudit), next };
}

interface Stretch {
  /** Both included; none lie between when the first is the higher. */
  readonly first: number;
  readonly last: number;
  readonly order: RawBuilder<unknown>;
  /** The side's own order: the entry beside its number comes first. */
  readonly nearest: (a: FoundRow, b: FoundRow) => number;
  /** Where to look on when all of it was gone through; null at the end. */
  readonly next: number | null;
}

/** The numbers one read goes through: from the one it begins beside, `most` of them. */
function stretchOf(side: AuditSide, span: AuditEnds, most: number): Stretch {
  if ('after' in side) {
    const first = Math.max(side.after + 1, span.first);
    const last = Math.min(first + most - 1, span.last);
    return { first, last, order: sql`asc`, nearest: oldestFirst, next: last < span.last ? last : null };
  }
  const last = Math.min(side.before === null ? span.last : side.before - 1, span.last);
  const first = Math.max(last + 1 - most, span.first);
  return { first, last, order: sql`desc`, nearest: newestFirst, next: first > Math.max(span.first, 1) ? first : null };
}

function newestFirst(a: FoundRow, b: FoundRow): number {
  return b.seq - a.seq;
}

function oldestFirst(a: FoundRow, b: FoundRow): number {
  return a.seq - b.seq;
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
