import type { BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { sql } from 'kysely';
import type { AuthDatabase, AuthDb, DatabaseKind } from './tables';

/** Told apart from the store's own advisory locks, which live in the same database. */
const migrateLock = 4_704_110_311;

/** Makes the tables of people and agents; does nothing to those that are there. */
export async function migrateAuth(database: AuthDatabase, options: BetterAuthOptions): Promise<void> {
  if (database.kind === 'sqlite') return makeTables(database, options);
  // Two nodes that start at once: the second waits, and then finds nothing left to do.
  await database.db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${migrateLock})`.execute(connection);
    try {
      await makeTables(database, options);
    } finally {
      await sql`select pg_advisory_unlock(${migrateLock})`.execute(connection);
    }
  });
}

async function makeTables({ db, kind }: AuthDatabase, options: BetterAuthOptions): Promise<void> {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  await makeAgentTable(db, kind);
  await makeLinkTable(db);
  await makeTeamTables(db);
  await makePersonTables(db);
}

async function makeAgentTable(db: AuthDb, kind: DatabaseKind): Promise<void> {
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
  await addOwner(db, kind);
}

/** Releases before teams knew no owner; their agents have none. */
async function addOwner(db: AuthDb, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') {
    await sql`alter table auth_agent add column if not exists owner_id text`.execute(db);
    return;
  }
  const columns = await sql<{ readonly name: string }>`select name from pragma_table_info('auth_agent')`.execute(db);
  if (columns.rows.some(({ name }) => name === 'owner_id')) return;
  await sql`alter table auth_agent add column owner_id text`.execute(db);
}

async function makeLinkTable(db: AuthDb): Promise<void> {
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

async function makeTeamTables(db: AuthDb): Promise<void> {
  await db.schema
    .createTable('auth_team')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('removed_at', 'bigint')
    .execute();
  await db.schema
    .createTable('auth_team_member')
    .ifNotExists()
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_team_member_key', ['team_id', 'person_id'])
    .execute();
}

async function makePersonTables(db: AuthDb): Promise<void> {
  await db.schema
    .createTable('auth_away')
    .ifNotExists()
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('from_at', 'bigint', (column) => column.notNull())
    .addColumn('until_at', 'bigint')
    .addColumn('delegate_id', 'text')
    .addColumn('set_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('auth_token')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('start', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();
  await sql`create index if not exists auth_token_person on auth_token (person_id)`.execute(db);
  await db.schema
    .createTable('auth_setting')
    .ifNotExists()
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('auth_setting_key', ['person_id', 'kind'])
    .execute();
}
