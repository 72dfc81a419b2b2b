import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from './schema';

/** What is masked and how long things are kept, what was purged, and the ways to what is to be. */
export async function keepingTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const inKeyOrder = kind === 'sqlite' ? sql`without rowid` : sql``;
  await db.schema
    .createTable('hp_keeping')
    .ifNotExists()
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .addColumn('saved_by', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_keeping_pkey', ['kind', 'version'])
    .execute();
  await db.schema
    .createTable('hp_purged')
    .ifNotExists()
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('after_ms', 'bigint', (column) => column.notNull())
    .addColumn('done', 'smallint', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_purged_pkey', ['session_id', 'kind'])
    .modifyEnd(inKeyOrder)
    .execute();
  await sql`create index if not exists hp_purged_begun on hp_purged (session_id, kind) where done = 0`.execute(db);
  // Ties are broken by id, byte by byte on both databases.
  const id = sql.raw(kind === 'postgres' ? 'id collate "C"' : 'id');
  await sql`create index if not exists hp_session_over on hp_session (last_event_at, ${id}) where live = 0`.execute(db);
  await sql`create index if not exists hp_payload_by_session on hp_payload (session_id, owner)`.execute(db);
  await sql`create index if not exists hp_call_by_session on hp_call (session_id)`.execute(db);
  await sql`create index if not exists hp_request_by_session on hp_request (session_id)`.execute(db);
  await sql`create index if not exists hp_connection_by_session on hp_connection (session_id)`.execute(db);
  await sql`create index if not exists hp_agent_call_by_session on hp_agent_call (session_id)`.execute(db);
}
