import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import type { Log } from '@/server/engine/ports/log';
import type { Store } from '@/server/engine/ports/store';
import { type DatabaseTarget, readDatabaseUrl } from './database-url';
import { migrate } from './migrate';
import { durabilityOf, openPool } from './postgres';
import { createPostgresWriter } from './postgres-writer';
import type { Database, DatabaseKind } from './schema';
import { createStore } from './sql-store';
import { openSqlite, waitBriefly } from './sqlite';
import { createSqliteWriter } from './sqlite-writer';

export type StoreOpening =
  | { readonly ok: true; readonly store: Store; readonly db: Kysely<Database>; readonly kind: DatabaseKind }
  /** What went wrong and what to do, without the URL's password. */
  | { readonly ok: false; readonly message: string };

/** Opens the database of a `DATABASE_URL` and brings its schema up to date. `store.close()` closes `db` too. */
export async function openStore({
  databaseUrl,
  log,
}: {
  readonly databaseUrl: string;
  readonly log: Log;
}): Promise<StoreOpening> {
  const read = readDatabaseUrl(databaseUrl);
  if (!read.ok) return read;
  return read.target.kind === 'sqlite' ? openOnSqlite(read.target, log) : openOnPostgres(read.target, log);
}

async function openOnSqlite(target: Extract<DatabaseTarget, { kind: 'sqlite' }>, log: Log): Promise<StoreOpening> {
  const opening = openSqlite(target.file);
  if (!opening.ok) return opening;
  const { handle } = opening;
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: handle }) });
  try {
    await migrate(db, target);
    const writer = createSqliteWriter(db, { handle, file: target.file });
    waitBriefly(handle);
    const store = createStore({ db, kind: 'sqlite', writer, log, close: () => db.destroy() });
    return { ok: true, store, db, kind: 'sqlite' };
  } catch (error) {
    await db.destroy();
    return { ok: false, message: `The database ${target.file} cannot be used: ${wordsOf(error)}` };
  }
}

async function openOnPostgres(target: Extract<DatabaseTarget, { kind: 'postgres' }>, log: Log): Promise<StoreOpening> {
  const pool = openPool(target.url, log);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const close = async (): Promise<void> => {
    await db.destroy();
    // Kysely ends only a pool it has used.
    if (!pool.ended) await pool.end();
  };
  try {
    await migrate(db, target);
    const durability = await durabilityOf(pool);
    if (!durability.ok) throw new Error(durability.message);
    if (durability.warning !== null) log.warn({ database: target.where }, durability.warning);
    const store = createStore({ db, kind: 'postgres', writer: createPostgresWriter(pool), log, close });
    return { ok: true, store, db, kind: 'postgres' };
  } catch (error) {
    await close();
    return { ok: false, message: `The database at ${target.where} cannot be used: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
