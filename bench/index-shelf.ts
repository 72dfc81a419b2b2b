import { type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import type { DatabaseKind } from '@/server/store/schema';

interface IndexRow {
  readonly name: string;
  readonly text: string;
}

/** Where SQL is run that takes longer than the store gives any statement. */
export interface LongSql {
  run(text: string): Promise<void>;
  read(text: string): Promise<readonly object[]>;
  end(): Promise<void>;
}

/** On SQLite the store's own connection, which has no time limit. */
export async function openLongSql(
  db: Kysely<never>,
  { kind, databaseUrl }: { readonly kind: DatabaseKind; readonly databaseUrl: string },
): Promise<LongSql> {
  if (kind === 'sqlite') {
    const run = async (text: string): Promise<readonly object[]> =>
      (await sql<object>`${sql.raw(text)}`.execute(db)).rows;
    return { run: async (text) => void (await run(text)), read: run, end: async () => undefined };
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    run: async (text) => void (await client.query(text)),
    read: async (text) => (await client.query<object>(text)).rows,
    end: () => client.end(),
  };
}

const found = {
  sqlite: `select name, sql as text from sqlite_master
    where type = 'index' and sql is not null and tbl_name like 'hp\\_%' escape '\\' order by name`,
  postgres: `select indexname as name, indexdef as text from pg_indexes
    where schemaname = current_schema() and tablename like 'hp\\_%'
      and indexname not in (select conname from pg_constraint) order by indexname`,
} as const;

/**
 * Drops what only finds rows and gives back what makes it again: built once over all rows, an index costs a small
 * part of what it does row by row. Keys stay, so that no row is written twice.
 */
export async function shelveIndexes(long: LongSql, kind: DatabaseKind): Promise<() => Promise<void>> {
  const indexes = (await long.read(found[kind])) as readonly IndexRow[];
  for (const { name } of indexes) await long.run(`drop index ${name}`);
  return async () => {
    for (const { text } of indexes) await long.run(text);
    const back = (await long.read(found[kind])) as readonly IndexRow[];
    if (back.map(({ text }) => text).join() !== indexes.map(({ text }) => text).join())
      throw new Error('The indexes are not what they were');
  };
}
