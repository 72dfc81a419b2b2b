import { type Kysely, sql } from 'kysely';
import type { TallyFact } from '@/lib/domain/overview/tally';
import { plainText } from './json-text';
import type { Database, DatabaseKind } from './schema';
import { tallyRows } from './tally-rows';
import { putSql } from './write-tables';

/**
 * A stall follows from time and is no event: it is known by what was quiet and since when, and counted in the
 * transaction that writes down that it was.
 */
export async function countStall(
  db: Kysely<Database>,
  { key, fact }: { readonly key: string; readonly fact: TallyFact },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`insert into hp_stall (stall, at) values (${plainText(key)}, ${fact.at})
      on conflict (stall) do nothing returning stall`.execute(trx);
    if (rows.length === 0) return;
    const { places, quarters } = tallyRows([fact]);
    for (const row of places) {
      const { size, at, what, team, server, tool, bin, how_many, total_ms } = row;
      await add(trx, 'hp_tally', [size, at, what, team, server, tool, bin, how_many, total_ms]);
    }
    for (const { at, what, how_many, total_ms } of quarters)
      await add(trx, 'hp_tally_quarter', [at, what, how_many, total_ms]);
  });
}

/** The cells in the order of the table's columns. */
async function add(
  db: Kysely<Database>,
  table: 'hp_tally' | 'hp_tally_quarter',
  cells: readonly (string | number)[],
): Promise<void> {
  const [insert = '', after = ''] = putSql(table, '@').split('@');
  await sql`${sql.raw(insert)} values (${sql.join([...cells])}) ${sql.raw(after)}`.execute(db);
}

export async function stallTable(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await sql`create table if not exists hp_stall (stall text primary key not null, at bigint not null)
    ${sql.raw(kind === 'sqlite' ? 'without rowid' : '')}`.execute(db);
}
