import { type Kysely, type RawBuilder, sql } from 'kysely';
import { dayMs, type Tally, type TallyTotal, type TallyWhat, type TimeSpan } from '@/lib/domain/overview/tally';
import type { Database, Flag, TallyRow } from './schema';

interface SummedRow extends Omit<TallyRow, 'size' | 'at' | 'what'> {
  readonly what: TallyWhat;
}

/** Whole days of UTC from their own rows, what the span holds beside them from quarters of an hour. */
export async function readTallies(db: Kysely<Database>, { fromAt, untilAt }: TimeSpan): Promise<readonly Tally[]> {
  const fromDay = Math.ceil(fromAt / dayMs) * dayMs;
  const untilDay = Math.floor(untilAt / dayMs) * dayMs;
  const parts =
    fromDay < untilDay
      ? [
          partOf(0, { fromAt, untilAt: fromDay }),
          partOf(1, { fromAt: fromDay, untilAt: untilDay }),
          partOf(0, { fromAt: untilDay, untilAt }),
        ]
      : [partOf(0, { fromAt, untilAt })];
  const { rows } = await sql<SummedRow>`select what, team, server, tool, bin,
      cast(sum(how_many) as bigint) as how_many, cast(sum(total_ms) as bigint) as total_ms
    from (${sql.join(parts, sql` union all `)}) as t group by what, team, server, tool, bin`.execute(db);
  return rows.map(({ how_many: count, total_ms: ms, ...place }) => ({ ...place, count, ms }));
}

function partOf(size: Flag, { fromAt, untilAt }: TimeSpan): RawBuilder<unknown> {
  return sql`select what, team, server, tool, bin, how_many, total_ms from hp_tally
    where size = ${size} and at >= ${fromAt} and at < ${untilAt}`;
}

interface TotalRow {
  readonly span: number;
  readonly what: TallyWhat;
  readonly how_many: number;
  readonly total_ms: number;
}

/** One walk of the quarters of each span. */
export async function readTallyTotals(
  db: Kysely<Database>,
  spans: readonly TimeSpan[],
): Promise<readonly (readonly TallyTotal[])[]> {
  if (spans.length === 0) return [];
  const values = spans.map(
    ({ fromAt, untilAt }, at) => sql`(cast(${at} as bigint), cast(${fromAt} as bigint), cast(${untilAt} as bigint))`,
  );
  const { rows } = await sql<TotalRow>`select v.column1 as span, t.what,
      cast(sum(t.how_many) as bigint) as how_many, cast(sum(t.total_ms) as bigint) as total_ms
    from (values ${sql.join(values)}) as v cross join hp_tally_quarter as t
    where t.at >= v.column2 and t.at < v.column3 group by v.column1, t.what`.execute(db);
  return spans.map((_span, at) =>
    rows.flatMap(({ span, what, how_many: count, total_ms: ms }) => (span === at ? [{ what, count, ms }] : [])),
  );
}
