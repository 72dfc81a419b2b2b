import { type Kysely, sql } from 'kysely';
import { callFacts, requestFacts, sessionFacts } from '@/lib/domain/overview/facts';
import type { TallyFact } from '@/lib/domain/overview/tally';
import { CorruptRowError } from './json-text';
import { readCall, readRequest, readSummary } from './read-rows';
import type { DatabaseKind, TallyQuarterRow, TallyRow } from './schema';
import { tallyRows } from './tally-rows';

/** Rows read at once. */
const batchRows = 2_000;
/** Rows of one statement: SQLite takes so many parameters and no more. */
const insertRows = 400;

/** The tables of the overview, filled from what ended before there were any. */
export async function tallyTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  const inKeyOrder = sql.raw(kind === 'sqlite' ? 'without rowid' : '');
  await sql`create table if not exists hp_tally (
    size smallint not null, at bigint not null, what text not null, team text not null, server text not null,
    tool text not null, bin smallint not null, how_many bigint not null, total_ms bigint not null,
    primary key (size, at, what, team, server, tool, bin)) ${inKeyOrder}`.execute(db);
  await sql`create table if not exists hp_tally_quarter (
    at bigint not null, what text not null, how_many bigint not null, total_ms bigint not null,
    primary key (at, what)) ${inKeyOrder}`.execute(db);
  await fill(db);
}

/**
 * Counted anew from the first row each time, so that a crash half way counts nothing twice. When servers stalled is told
 * by no state, so what is counted of that stays.
 */
async function fill(db: Kysely<unknown>): Promise<void> {
  await sql`delete from hp_tally where what <> 'stalled'`.execute(db);
  await sql`delete from hp_tally_quarter where what <> 'stalled'`.execute(db);
  const sums = new Sums();
  await eachRow(db, 'hp_request', (row) => sums.add(undeliveredToo(row)));
  await eachRow(db, 'hp_call', (row) => sums.add(callFacts(readCall(row))));
  await eachRow(db, 'hp_session', ({ id, body }) => sums.add(sessionFacts(readSummary({ id, summary: body }).session)));
  await sums.write(db);
}

/** When it was found undelivered is told by no state: it counts where it was answered. */
function undeliveredToo(row: BodyRow): readonly TallyFact[] {
  const request = readRequest(row);
  const facts = requestFacts(request);
  const [first] = facts;
  if (request.state !== 'undelivered' || first === undefined) return facts;
  return [...facts, { ...first, what: 'undelivered', ms: 0 }];
}

interface BodyRow {
  readonly id: string;
  readonly body: string;
}

/** A damaged row counts for nothing; who reads it by its id is told. */
async function eachRow(
  db: Kysely<unknown>,
  table: 'hp_request' | 'hp_call' | 'hp_session',
  take: (row: BodyRow) => void,
): Promise<void> {
  const over = table === 'hp_session' ? sql`live = 0` : sql`open = 0 or state = 'answered'`;
  const body = sql.ref(table === 'hp_session' ? 'summary' : 'body');
  let last = '';
  for (;;) {
    const { rows } = await sql<BodyRow>`select id, ${body} as body from ${sql.table(table)}
      where id > ${last} and (${over}) order by id limit ${batchRows}`.execute(db);
    for (const row of rows) {
      try {
        take(row);
      } catch (error) {
        if (!(error instanceof CorruptRowError || error instanceof TypeError)) throw error;
      }
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < batchRows) return;
    last = end.id;
  }
}

/** As many as there are places and quarters, not as many as there are rows. */
class Sums {
  private readonly places = new Map<string, TallyRow>();
  private readonly quarters = new Map<string, TallyQuarterRow>();

  add(facts: readonly TallyFact[]): void {
    const rows = tallyRows(facts);
    for (const row of rows.places) {
      const { size, at, what, team, server, tool, bin } = row;
      sum(this.places, JSON.stringify([size, at, what, team, server, tool, bin]), row);
    }
    for (const row of rows.quarters) sum(this.quarters, JSON.stringify([row.at, row.what]), row);
  }

  async write(db: Kysely<unknown>): Promise<void> {
    for (const rows of chunks([...this.places.values()], insertRows)) {
      const values = rows.map(
        (row) =>
          sql`(${row.size}, ${row.at}, ${row.what}, ${row.team}, ${row.server}, ${row.tool}, ${row.bin}, ${row.how_many}, ${row.total_ms})`,
      );
      await sql`insert into hp_tally (size, at, what, team, server, tool, bin, how_many, total_ms)
        values ${sql.join(values)}`.execute(db);
    }
    for (const rows of chunks([...this.quarters.values()], insertRows)) {
      const values = rows.map((row) => sql`(${row.at}, ${row.what}, ${row.how_many}, ${row.total_ms})`);
      await sql`insert into hp_tally_quarter (at, what, how_many, total_ms) values ${sql.join(values)}`.execute(db);
    }
  }
}

function sum<R extends Pick<TallyRow, 'how_many' | 'total_ms'>>(sums: Map<string, R>, name: string, row: R): void {
  const before = sums.get(name);
  if (before === undefined) return void sums.set(name, row);
  sums.set(name, { ...row, how_many: before.how_many + row.how_many, total_ms: before.total_ms + row.total_ms });
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
