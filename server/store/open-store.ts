import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import type { AuditTrail } from '@/server/engine/ports/audit';
import type { Log } from '@/server/engine/ports/log';
import type { Store } from '@/server/engine/ports/store';
import { AuditSeal } from './audit/audit-hash';
import { openAudit } from './audit/store-audit';
import { unfinishedRestore } from './backup/unfinished';
import { type DatabaseTarget, readDatabaseUrl } from './database-url';
import { migrate } from './migrate';
import { durabilityOf, openPool } from './postgres';
import { createPostgresWriter } from './postgres-writer';
import type { Database, DatabaseKind } from './schema';
import { createStore, type StoreParts } from './sql-store';
import { giveBack, intoOneFile, openSqlite, waitBriefly } from './sqlite';
import { createSqliteWriter } from './sqlite-writer';

export interface StoreOrder {
  readonly databaseUrl: string;
  /** Seals the end of the audit log; without it a cut end is not seen. */
  readonly secret?: string;
  /** A restore finishes what others must not open. */
  readonly during?: 'restore';
  readonly log: Log;
}

export type StoreOpening =
  | {
      readonly ok: true;
      readonly store: Store;
      readonly audit: AuditTrail;
      readonly db: Kysely<Database>;
      readonly kind: DatabaseKind;
      /** Gives some of the space that became free back; whether there is more. */
      readonly shrink: () => Promise<'more' | 'done'>;
    }
  /** What went wrong and what to do, without the URL's password. */
  | { readonly ok: false; readonly message: string };

/** Opens the database of a `DATABASE_URL` and brings its schema up to date. `store.close()` closes `db` too. */
export async function openStore(order: StoreOrder): Promise<StoreOpening> {
  const read = readDatabaseUrl(order.databaseUrl);
  if (!read.ok) return read;
  const unfinished = order.during === 'restore' ? null : await whyUnfinished(read.target);
  if (unfinished !== null) return { ok: false, message: unfinished };
  return read.target.kind === 'sqlite' ? openOnSqlite(read.target, order) : openOnPostgres(read.target, order);
}

async function whyUnfinished(target: DatabaseTarget): Promise<string | null> {
  try {
    return await unfinishedRestore(target);
  } catch (error) {
    const where = target.kind === 'sqlite' ? target.file : `at ${target.where}`;
    return `The database ${where} cannot be used: ${wordsOf(error)}`;
  }
}

async function openOnSqlite(
  target: Extract<DatabaseTarget, { kind: 'sqlite' }>,
  order: StoreOrder,
): Promise<StoreOpening> {
  const opening = openSqlite(target.file);
  if (!opening.ok) return opening;
  const { handle } = opening;
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: handle }) });
  try {
    await migrate(db, target);
    const writer = createSqliteWriter(db, { handle, file: target.file });
    waitBriefly(handle);
    const close = async (): Promise<void> => {
      try {
        await db.connection().execute(async () => intoOneFile(handle));
      } catch (error) {
        // Nothing is lost: it stays beside the database, and is read at the next start.
        order.log.warn({ error: wordsOf(error) }, 'the write-ahead log could not be moved into the database');
      }
      await db.destroy();
    };
    const opened = await assemble(order, { db, kind: 'sqlite', writer, close });
    return { ...opened, shrink: () => db.connection().execute(async () => giveBack(handle)) };
  } catch (error) {
    await db.destroy();
    return { ok: false, message: `The database ${target.file} cannot be used: ${wordsOf(error)}` };
  }
}

async function openOnPostgres(
  target: Extract<DatabaseTarget, { kind: 'postgres' }>,
  order: StoreOrder,
): Promise<StoreOpening> {
  const { log } = order;
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
    const opened = await assemble(order, { db, kind: 'postgres', writer: createPostgresWriter(pool), close });
    // Its own vacuum does that.
    return { ...opened, shrink: async () => 'done' };
  } catch (error) {
    await close();
    return { ok: false, message: `The database at ${target.where} cannot be used: ${wordsOf(error)}` };
  }
}

type Opened = Extract<StoreOpening, { readonly ok: true }>;

async function assemble(
  { secret, log }: StoreOrder,
  made: Omit<StoreParts, 'chain' | 'log'>,
): Promise<Omit<Opened, 'shrink'>> {
  const { db, kind, writer } = made;
  const seal = secret === undefined ? null : new AuditSeal(secret);
  const { chain, audit } = await openAudit({ db, writer, seal, log, now: () => Date.now() });
  const store = createStore({ ...made, chain, log });
  return { ok: true, store, audit, db, kind };
}

function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
