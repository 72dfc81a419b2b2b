import { existsSync } from 'node:fs';
import { Client } from 'pg';
import type { DatabaseTarget } from '../database-url';

const connectTimeoutMs = 5_000;
/** While it is there a restore is not finished. */
export const restoringTable = 'hp_restoring';

/** Where a database is made ready before it is renamed into its place. */
export function asideOf(file: string): string {
  return `${file}.restoring`;
}

/** Why a server may not open it: a restore broke off, so what is there is not yet, or no more, what it is to go on with. */
export async function unfinishedRestore(target: DatabaseTarget): Promise<string | null> {
  switch (target.kind) {
    case 'sqlite':
      return !existsSync(target.file) && existsSync(asideOf(target.file))
        ? `A restore of ${target.file} broke off. Run "holdpoint restore" again; to begin with an empty database instead, remove ${asideOf(target.file)}.`
        : null;
    case 'postgres':
      return (await isMarked(target.url))
        ? `A restore of the database at ${target.where} broke off. Run "holdpoint restore … --replace" again: until then what was live in the backup might run a second time.`
        : null;
  }
}

function isMarked(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ marked: boolean }>(
      `select to_regclass('hp_restoring') is not null as marked`,
    );
    return rows[0]?.marked === true;
  });
}

/**
 * Before anything is restored: what PostgreSQL's own program commits is live until its sessions are ended, and we may
 * die in between. In no backup, so that restoring one does not take it away. Whether one was there already.
 */
export function markRestoring(url: string): Promise<'new' | 'there'> {
  return withClient(url, async (client) => {
    const isThere = (await client.query(`select 1 from pg_class where oid = to_regclass('hp_restoring')`)).rowCount;
    await client.query('create table if not exists hp_restoring ()');
    return isThere === 0 ? 'new' : 'there';
  });
}

export function unmarkRestoring(url: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query('drop table if exists hp_restoring');
  });
}

/** A connection of its own, for as long as it is used. */
export async function withClient<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
