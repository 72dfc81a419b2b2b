import { type Kysely, Migrator } from 'kysely';
import { Client } from 'pg';
import type { DatabaseTarget } from './database-url';
import { advisoryKeys } from './advisory-keys';
import { migrationsFor } from './migrations';
import type { Database, DatabaseKind } from './schema';

/** Brings the database to the newest schema; throws what the database says when it cannot. */
export async function migrate(db: Kysely<Database>, target: DatabaseTarget): Promise<void> {
  if (target.kind === 'sqlite') return migrateToLatest(db, target.kind);
  // Two nodes that start at once: the second waits, and then finds nothing left to do.
  const client = new Client({ connectionString: target.url, application_name: 'holdpoint-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryKeys.migrate]);
    await migrateToLatest(db, target.kind);
  } finally {
    await client.end();
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
