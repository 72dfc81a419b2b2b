import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import LibsqlDatabase from 'libsql';
import { Pool } from 'pg';
import { AuditSeal } from './audit/audit-hash';
import { type AuditReading, readAudit } from './audit/store-audit';
import { readDatabaseUrl } from './database-url';
import { numberTypes } from './postgres';
import type { Database } from './schema';
import type { SqliteHandle } from './sqlite';

const connectTimeoutMs = 5_000;
const busyMs = 5_000;

export type ReadingOpened =
  | { readonly ok: true; readonly audit: AuditReading; close(): Promise<void> }
  | { readonly ok: false; readonly message: string };

/** Opens the audit log to read it, beside a server that runs or not; changes nothing, not even an older schema. */
export async function openReading(order: {
  readonly databaseUrl: string;
  readonly secret: string | null;
}): Promise<ReadingOpened> {
  const read = readDatabaseUrl(order.databaseUrl);
  if (!read.ok) return read;
  const { target } = read;
  const where = target.kind === 'sqlite' ? target.file : `at ${target.where}`;
  let db: Kysely<Database> | null = null;
  try {
    if (target.kind === 'sqlite' && !existsSync(target.file))
      return { ok: false, message: `There is no database ${where}. Set DATABASE_URL to the server's.` };
    // To open a named pipe waits for who writes to it.
    if (target.kind === 'sqlite' && !statSync(target.file).isFile())
      return { ok: false, message: `${where} is no plain file. Set DATABASE_URL to the server's.` };
    db = target.kind === 'sqlite' ? readSqlite(target.file) : readPostgres(target.url);
    const opened = db;
    await opened.selectFrom('hp_audit_head').select('id').execute();
    const seal = order.secret === null ? null : new AuditSeal(order.secret);
    return { ok: true, audit: readAudit({ db: opened, seal }), close: () => opened.destroy() };
  } catch (error) {
    await db?.destroy().catch(() => undefined);
    const why = error instanceof Error && error.message !== '' ? error.message : String(error);
    return { ok: false, message: `The audit log in the database ${where} cannot be read: ${why}` };
  }
}

function readSqlite(file: string): Kysely<Database> {
  const handle: SqliteHandle = new LibsqlDatabase(path.resolve(file), { readonly: true });
  handle.exec(`pragma busy_timeout = ${busyMs}`);
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: handle }) });
}

function readPostgres(url: string): Kysely<Database> {
  const pool = new Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'holdpoint-command',
    options: '-c default_transaction_read_only=on',
    types: numberTypes,
  });
  pool.on('error', () => undefined);
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
