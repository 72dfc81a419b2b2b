import type { BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { sql } from 'kysely';
import type { AuthDatabase, AuthDb } from './tables';

/** Told apart from the store's own advisory locks, which live in the same database. */
const migrateLock = 4_704_110_311;

/** Makes the tables of people and agents; does nothing to those that are there. */
export async function migrateAuth(database: AuthDatabase, options: BetterAuthOptions): Promise<void> {
  if (database.kind === 'sqlite') return makeTables(database.db, options);
  // Two nodes that start at once: the second waits, and then finds nothing left to do.
  await database.db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${migrateLock})`.execute(connection);
    try {
      await makeTables(database.db, options);
    } finally {
      await sql`select pg_advisory_unlock(${migrateLock})`.execute(connection);
    }
  });
}

async function makeTables(db: AuthDb, options: BetterAuthOptions): Promise<void> {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  await db.schema
    .createTable('auth_agent')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('key_hash', 'text', (column) => column.notNull().unique())
    .addColumn('key_start', 'text', (column) => column.notNull())
    .addColumn('servers', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();
  // A name is one live agent's; a revoked one gives it back.
  await sql`create unique index if not exists auth_agent_live_name on auth_agent (lower(name)) where revoked_at is null`.execute(
    db,
  );
  await db.schema
    .createTable('auth_link')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('email', 'text')
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('made_by', 'text')
    .addColumn('made_by_name', 'text', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('withdrawn_at', 'bigint')
    .execute();
}
