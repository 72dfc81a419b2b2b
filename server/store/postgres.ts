import { Pool, types } from 'pg';
import type { Log } from '@/server/engine/ports/log';

const poolSize = 10;
const connectTimeoutMs = 5_000;
/** A database that takes longer than this is away: better said than waited for. */
const queryTimeoutMs = 15_000;
/** The server gives up first: then it is known that nothing was written. */
const statementTimeoutMs = 13_000;
const int8 = 20;

/** Our bigints are instants and counts, well inside a number's whole range. */
export const numberTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? Number
      : (types.getTypeParser(oid, format) as unknown)) as typeof types.getTypeParser,
};

/** A pool whose commits are on disk before they are acknowledged (I2), whatever the server's default. */
export function openPool(url: string, log: Log): Pool {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    application_name: 'holdpoint',
    options: `-c synchronous_commit=on -c statement_timeout=${statementTimeoutMs}`,
    types: numberTypes,
  });
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection broke'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export type Durability =
  | { readonly ok: true; readonly warning: string | null }
  | { readonly ok: false; readonly message: string };

/** Whether commits survive a power cut (I2). */
export async function durabilityOf(pool: Pool): Promise<Durability> {
  const { rows } = await pool.query<{ fsync: string; waits: string }>(
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as waits",
  );
  const settings = rows[0];
  // Only `options` in the URL itself can override ours.
  if (settings?.waits !== 'on')
    return { ok: false, message: 'synchronous_commit must be on. Take it out of the database URL.' };
  const warning =
    settings.fsync === 'on' ? null : 'PostgreSQL runs with fsync off: a power cut may lose what was saved';
  return { ok: true, warning };
}
