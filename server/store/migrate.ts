import { Kysely, Migrator, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { DatabaseTarget } from './database-url';
import { advisoryKeys } from './advisory-keys';
import { migrationsFor } from './migrations';
import type { Database, DatabaseKind } from './schema';

const connectTimeoutMs = 5_000;

/** Brings the database to the newest schema; throws what the database says when it cannot. */
export async function migrate(db: Kysely<Database>, target: DatabaseTarget): Promise<void> {
  if (target.kind === 'sqlite') return migrateToLatest(db, target.kind);
  // Connections of its own: an index over years of rows takes longer than any other statement may.
  const ways = { connectionString: target.url, connectionTimeoutMillis: connectTimeoutMs };
  const pool = new Pool({ ...ways, application_name: 'holdpoint-migrate' });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await underLock(pool, () =>
      migrateToLatest(new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }), target.kind),
    );
  } finally {
    await pool.end();
  }
}

/** Two nodes that start at once: the second waits, and then finds nothing left to do. */
async function underLock(pool: Pool, run: () => Promise<void>): Promise<void> {
  const keeper = await pool.connect();
  try {
    await keeper.query('select pg_advisory_lock($1)', [advisoryKeys.migrate]);
    await run();
  } finally {
    // Not given back: the lock ends with its connection.
    keeper.release(true);
  }
}

async function migrateToLatest(db: Kysely<Database>, kind: DatabaseKind): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrationsFor(kind)) },
    migrationTableName: 'hp_migration',
    migrationLockTableName: 'hp_migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const words = error instanceof Error ? error.message : 'unknown failure';
  const newer = words.includes('is missing') ? ' This database was written by a newer Holdpoint.' : '';
  throw new Error(`The schema cannot be brought up to date: ${words}.${newer}`);
}
