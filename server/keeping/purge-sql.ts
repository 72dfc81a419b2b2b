import { type RawBuilder, sql } from 'kysely';
import type { Purge } from '@/lib/domain/retention';
import type { KeepingDb, KeepingTables } from './tables';

/** Kinds that are purged session by session. */
export type SessionKind = 'payloads' | 'raw' | 'events';

export interface OverSession {
  readonly id: string;
  readonly overAt: number;
}

export interface Begun {
  readonly sessionId: string;
  readonly kind: SessionKind;
}

type Over = { readonly id: string; readonly last_event_at: number | string; readonly due: number };

/**
 * One stretch of the sessions that ended at or before an instant, in order, after a place: those of it with nothing
 * open or undelivered that were not purged of this kind, and the place to look on from, null at the end. What was
 * purged long ago is passed in stretches too: a database in a file blocks the process meanwhile.
 */
export async function sessionsToPurge(
  db: KeepingDb,
  query: {
    readonly kind: SessionKind;
    readonly untilAt: number;
    readonly after: OverSession | null;
    /** So many are looked at, whatever is found among them. */
    readonly limit: number;
  },
): Promise<{ readonly found: readonly OverSession[]; readonly next: OverSession | null }> {
  const { kind, untilAt, after, limit } = query;
  const from: RawBuilder<unknown> =
    after === null
      ? sql``
      : sql`and (last_event_at > ${after.overAt} or (last_event_at = ${after.overAt} and id > ${after.id}))`;
  const { rows } = await sql<Over>`select s.id, s.last_event_at, case when
      not exists (select 1 from hp_purged p where p.session_id = s.id and p.kind in (${kind}, 'events'))
      and not exists (select 1 from hp_request r where r.session_id = s.id and r.open = 1)
      and not exists (select 1 from hp_call c where c.session_id = s.id and c.open = 1) then 1 else 0 end as due
    from (select id, last_event_at from hp_session where live = 0 and last_event_at <= ${untilAt} ${from}
      order by last_event_at, id limit ${limit}) as s
    order by s.last_event_at, s.id`.execute(db);
  const looked = rows.map((row) => ({ id: row.id, overAt: Number(row.last_event_at), isDue: row.due === 1 }));
  const found = looked.filter(({ isDue }) => isDue).map(({ id, overAt }) => ({ id, overAt }));
  const last = looked.at(-1);
  const isEnd = last === undefined || looked.length < limit;
  return { found, next: isEnd ? null : { id: last.id, overAt: last.overAt } };
}

/** What a crash left half done. */
export async function begunPurges(db: KeepingDb): Promise<readonly Begun[]> {
  const { rows } = await sql<{ session_id: string; kind: string }>`select session_id, kind from hp_purged
    where done = 0 order by session_id, kind limit 1000`.execute(db);
  return rows.map((row) => ({ sessionId: row.session_id, kind: row.kind as SessionKind }));
}

/** Said before anything goes: a page never shows a half of what was. */
export async function beginPurge(
  db: KeepingDb,
  { sessionId, kind }: Begun,
  how: { readonly at: number; readonly afterMs: number },
): Promise<void> {
  await db
    .insertInto('hp_purged')
    .values({ session_id: sessionId, kind, at: how.at, after_ms: how.afterMs, done: 0 })
    .onConflict((conflict) => conflict.columns(['session_id', 'kind']).doNothing())
    .execute();
}

export async function endPurge(db: KeepingDb, { sessionId, kind }: Begun): Promise<void> {
  await db
    .updateTable('hp_purged')
    .set({ done: 1 })
    .where('session_id', '=', sessionId)
    .where('kind', '=', kind)
    .execute();
  if (kind !== 'events') return;
  // The one mark says it all.
  await db.deleteFrom('hp_purged').where('session_id', '=', sessionId).where('kind', '!=', 'events').execute();
}

/** One slice of a session's rows of a kind; how many went. 0: none is left. */
export async function purgeSlice(db: KeepingDb, { sessionId, kind }: Begun, limit: number): Promise<number> {
  switch (kind) {
    case 'payloads':
      return payloadSlice(db, sessionId, limit);
    case 'raw':
      return rawSlice(db, sessionId, limit);
    case 'events':
      return eventSlice(db, sessionId, limit);
  }
}

function payloadSlice(db: KeepingDb, id: string, limit: number): Promise<number> {
  return count(
    sql`delete from hp_payload where (owner, kind) in
    (select owner, kind from hp_payload where session_id = ${id} order by owner, kind limit ${limit})`.execute(db),
  );
}

function rawSlice(db: KeepingDb, id: string, limit: number): Promise<number> {
  return count(
    sql`delete from hp_raw_message where session_id = ${id} and seq in
    (select seq from hp_raw_message where session_id = ${id} order by seq limit ${limit})`.execute(db),
  );
}

const byId = ['hp_connection', 'hp_call', 'hp_request'] as const satisfies readonly (keyof KeepingTables)[];

/** The session's own line stays: its agent, its times and its counts. */
async function eventSlice(db: KeepingDb, id: string, limit: number): Promise<number> {
  const gone =
    (await payloadSlice(db, id, limit)) ||
    (await rawSlice(db, id, limit)) ||
    (await count(
      sql`delete from hp_event where session_id = ${id} and seq in
      (select seq from hp_event where session_id = ${id} order by seq limit ${limit})`.execute(db),
    ));
  if (gone > 0) return gone;
  for (const table of byId) {
    const rows = await count(
      sql`delete from ${sql.table(table)} where id in
      (select id from ${sql.table(table)} where session_id = ${id} limit ${limit})`.execute(db),
    );
    if (rows > 0) return rows;
  }
  return agentCallSlice(db, id, limit);
}

/** A key that was used stays used, or the same call would run a second time (I4): of such a call the key alone stays. */
async function agentCallSlice(db: KeepingDb, id: string, limit: number): Promise<number> {
  const keyless = await count(
    sql`delete from hp_agent_call where call_id in
    (select call_id from hp_agent_call where session_id = ${id} and key_digest is null limit ${limit})`.execute(db),
  );
  if (keyless > 0) return keyless;
  return count(
    sql`update hp_agent_call set task = 0 where call_id in
    (select call_id from hp_agent_call where session_id = ${id} and task = 1 limit ${limit})`.execute(db),
  );
}

/** Live sessions that began long ago: what of them is old is purged too. */
export async function longSessions(db: KeepingDb, untilAt: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from hp_session
    where live = 1 and started_at <= ${untilAt} order by started_at, id limit 1000`.execute(db);
  return rows.map(({ id }) => id);
}

/** Messages of a session that still lives, from its beginning. */
export function oldRawSlice(
  db: KeepingDb,
  sessionId: string,
  { untilAt, limit }: { readonly untilAt: number; readonly limit: number },
): Promise<number> {
  return count(
    sql`delete from hp_raw_message where session_id = ${sessionId} and at <= ${untilAt} and seq in
    (select seq from hp_raw_message where session_id = ${sessionId} order by seq limit ${limit})`.execute(db),
  );
}

/**
 * Bodies of calls and requests of a live session that are over, delivered, and old; the next owner to go on from. What
 * was answered for a call that still goes on is offered again should it be interrupted.
 */
export async function oldPayloadSlice(
  db: KeepingDb,
  sessionId: string,
  from: { readonly untilAt: number; readonly after: string; readonly limit: number },
): Promise<{ readonly items: number; readonly after: string | null }> {
  const { rows } = await sql<{ owner: string; body: string | null; over_at: number | string | null }>`
    select distinct p.owner, c.body, r.over_at from hp_payload p
    left join hp_call c on c.id = p.owner and c.open = 0
    left join hp_request r on r.id = p.owner and r.open = 0
      and not exists (select 1 from hp_call o where o.id = r.call_id and o.open = 1)
    where p.session_id = ${sessionId} and p.owner > ${from.after} order by p.owner limit ${from.limit}`.execute(db);
  const over = rows.filter(({ body, over_at: overAt }) =>
    overAt === null ? isCallOver(body, from.untilAt) : Number(overAt) <= from.untilAt,
  );
  const owners = over.map(({ owner }) => owner);
  const items =
    owners.length === 0 ? 0 : await count(sql`delete from hp_payload where owner in (${sql.join(owners)})`.execute(db));
  return { items, after: rows.length < from.limit ? null : (rows.at(-1)?.owner ?? null) };
}

function isCallOver(body: string | null, untilAt: number): boolean {
  if (body === null) return false;
  const call = JSON.parse(body) as { readonly endedAt?: number; readonly deliveredAt?: number | null };
  const { endedAt, deliveredAt = null } = call;
  return endedAt !== undefined && endedAt <= untilAt && deliveredAt !== null && deliveredAt <= untilAt;
}

/**
 * Old marks of stalls that were counted; the next to go on from, null at the end. Of a call that is open the mark
 * stays, or the same stall would be counted again.
 */
export async function stallSlice(
  db: KeepingDb,
  from: { readonly untilAt: number; readonly after: string; readonly limit: number },
): Promise<string | null> {
  const { rows } = await sql<{ stall: string; at: number | string }>`select stall, at from hp_stall
    where stall > ${from.after} order by stall limit ${from.limit}`.execute(db);
  const old = rows.filter(({ at }) => Number(at) <= from.untilAt).map(({ stall }) => stall);
  if (old.length > 0) {
    const calls = [...new Set(old.map(callOfStall))];
    const open = await sql<{ id: string }>`select id from hp_call
      where open = 1 and id in (${sql.join(calls)})`.execute(db);
    const lasting = new Set(open.rows.map(({ id }) => id));
    const over = old.filter((stall) => !lasting.has(callOfStall(stall)));
    if (over.length > 0) await sql`delete from hp_stall where stall in (${sql.join(over)})`.execute(db);
  }
  return rows.length < from.limit ? null : (rows.at(-1)?.stall ?? null);
}

function callOfStall(stall: string): string {
  return stall.split(' ')[0] ?? '';
}

/** Old notices; of what still waits none goes, for who was told is not told again. */
export function deliverySlice(db: KeepingDb, untilAt: number, limit: number): Promise<number> {
  return count(
    sql`delete from hp_notice where id in (select n.id from hp_notice n
    where ${isOldNotice(untilAt)} order by n.created_at limit ${limit})`.execute(db),
  );
}

function isOldNotice(untilAt: number): RawBuilder<unknown> {
  return sql`n.created_at <= ${untilAt} and n.state <> 'pending'
    and not exists (select 1 from hp_request r where r.id = n.request_id and r.open = 1)`;
}

export async function countOldDeliveries(db: KeepingDb, untilAt: number, most: number): Promise<number> {
  const { rows } = await sql<{ n: number | string }>`select count(*) as n from
    (select n.id from hp_notice n where ${isOldNotice(untilAt)} limit ${most}) as found`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

const tableOf = { payloads: 'hp_payload', raw: 'hp_raw_message', events: 'hp_event' } as const;

/** How many rows of a kind sessions have. */
export async function countIn(db: KeepingDb, kind: SessionKind, sessions: readonly string[]): Promise<number> {
  if (sessions.length === 0) return 0;
  const { rows } = await sql<{ n: number | string }>`select count(*) as n from ${sql.table(tableOf[kind])}
    where session_id in (${sql.join(sessions)})`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** What was purged of a session. */
export async function purgesOf(db: KeepingDb, sessionId: string): Promise<readonly Purge[]> {
  const rows = await db.selectFrom('hp_purged').selectAll().where('session_id', '=', sessionId).execute();
  return rows.map((row) => ({ kind: row.kind as SessionKind, at: Number(row.at), afterMs: Number(row.after_ms) }));
}

async function count(done: Promise<{ readonly numAffectedRows?: bigint }>): Promise<number> {
  return Number((await done).numAffectedRows ?? 0n);
}
