import { type Kysely, sql } from 'kysely';
import type { DatabaseKind, NotifyDb } from './tables';

/** Told apart from the other advisory locks of this database. */
const migrateLock = 4_704_110_321;

/** Makes the tables of notices; does nothing to those that are there. */
export async function migrateNotify<Tables>(handle: Kysely<Tables>, kind: DatabaseKind): Promise<void> {
  // The store's handle knows only its own tables; ours are in the same database.
  const db = handle as unknown as NotifyDb;
  if (kind === 'sqlite') return makeTables(db);
  // Two nodes that start at once: the second waits, and then finds nothing left to do.
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${migrateLock})`.execute(connection);
    try {
      await makeTables(connection);
    } finally {
      await sql`select pg_advisory_unlock(${migrateLock})`.execute(connection);
    }
  });
}

async function makeTables(db: NotifyDb): Promise<void> {
  await makeNotices(db);
  await makeEndpoints(db);
  await db.schema
    .createTable('hp_notice_preference')
    .ifNotExists()
    .addColumn('owner', 'text', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hp_notice_mark')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}

async function makeNotices(db: NotifyDb): Promise<void> {
  await db.schema
    .createTable('hp_notice')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('occurrence', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('gather', 'integer', (column) => column.notNull())
    .addColumn('batch', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('last_status', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .execute();
  for (const index of [
    sql`create unique index if not exists hp_notice_key on hp_notice (request_id, kind, occurrence, channel, recipient)`,
    sql`create index if not exists hp_notice_due on hp_notice (channel, next_at) where state = 'pending'`,
    sql`create index if not exists hp_notice_waiting on hp_notice (recipient) where state = 'pending'`,
    sql`create index if not exists hp_notice_log on hp_notice (created_at, id)`,
    sql`create index if not exists hp_notice_own on hp_notice (recipient, created_at, id)`,
  ])
    await index.execute(db);
}

async function makeEndpoints(db: NotifyDb): Promise<void> {
  await db.schema
    .createTable('hp_endpoint')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('team', 'text')
    .addColumn('url_sealed', 'text', (column) => column.notNull())
    .addColumn('url_shown', 'text', (column) => column.notNull())
    .addColumn('secret_sealed', 'text')
    .addColumn('kinds', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('disabled_at', 'bigint')
    .addColumn('disabled_why', 'text')
    .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('failing_since', 'bigint')
    .execute();
}
