import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from './schema';
import { longestSearchBytes } from './search-text';

/**
 * `0012_past`: what several filters at once are found by. Made before what it stands in for goes, so that a second run
 * after a crash half way ends the same.
 */
export async function pastIndexes(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await sql`create index if not exists hp_session_by_agent_end on hp_session (agent_id, ended, started_at, id)
    where ended is not null`.execute(db);
  await auditOrders(db);
  // On SQLite every index holds the key, and there is a hp_session_names already.
  if (kind === 'sqlite') return;
  // A letter takes at most four bytes.
  await sql`update hp_session set search = left(search, ${longestSearchBytes / 4})
    where octet_length(search) > ${longestSearchBytes}`.execute(db);
  await sql`create index if not exists hp_session_names on hp_session (started_at, id)
    include (live, ended, agent_id, search)`.execute(db);
  await sql`drop index if exists hp_session_by_start`.execute(db);
  await sql`create index if not exists hp_audit_by_moment on hp_audit (at, seq)`.execute(db);
  await sql`drop index if exists hp_audit_by_time`.execute(db);
}

/** Each with the instant: which entries are of a page is then found without reading one. */
async function auditOrders(db: Kysely<unknown>): Promise<void> {
  await sql`create index if not exists hp_audit_of_act on hp_audit (act, seq, at)`.execute(db);
  await sql`create index if not exists hp_audit_of_actor on hp_audit (actor_id, seq, at)
    where actor_id is not null`.execute(db);
  await sql`create index if not exists hp_audit_of_actor_act on hp_audit (actor_id, act, seq, at)
    where actor_id is not null`.execute(db);
  await sql`drop index if exists hp_audit_by_act`.execute(db);
  await sql`drop index if exists hp_audit_by_actor`.execute(db);
}
