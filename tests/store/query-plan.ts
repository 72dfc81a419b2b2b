import { type Kysely, type KyselyPlugin, sql } from 'kysely';
import type { Database } from '@/server/store/schema';
import type { Opened } from './opened';

export interface Asked {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Runs `read` and gives the queries it sent, as the database got them. */
export async function queriesOf(
  db: Kysely<Database>,
  read: (db: Kysely<Database>) => Promise<unknown>,
): Promise<readonly Asked[]> {
  const compiled = new WeakMap<object, Asked>();
  const sent: Asked[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql: text, parameters } = db.getExecutor().compileQuery(node, queryId);
      compiled.set(queryId, { text, parameters });
      return node;
    },
    // Asked only of what was sent: a query within another is compiled too.
    transformResult({ result, queryId }) {
      const one = compiled.get(queryId);
      if (one !== undefined) sent.push(one);
      return Promise.resolve(result);
    },
  };
  await read(db.withPlugin(recorder));
  return sent;
}

/** How the database would find the rows: each line of its plan. */
export async function planOf({ db, kind }: Opened, { text, parameters }: Asked): Promise<readonly string[]> {
  const literal = text.replaceAll(/\$(\d+)|\?/g, literals(parameters));
  if (kind === 'sqlite') {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(literal)}`.execute(db);
    return rows.map((row) => row.detail);
  }
  // Of few rows other ways are cheaper; what matters is whether an index would serve many.
  return db.transaction().execute(async (trx) => {
    for (const way of ['seqscan', 'bitmapscan', 'sort']) await sql.raw(`set local enable_${way} = off`).execute(trx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(literal)}`.execute(trx);
    return rows.map((row) => row['QUERY PLAN']);
  });
}

function literals(parameters: readonly unknown[]): (match: string, number: string | undefined) => string {
  let next = 0;
  return (_match, number) => {
    const value = parameters[number === undefined ? next : Number(number) - 1];
    next += 1;
    return typeof value === 'number' ? String(value) : `'${String(value)}'`;
  };
}

/** `f` is the page itself. */
export const walksTable = { sqlite: /^SCAN (?!f$)(?!.*USING )/, postgres: /Seq Scan/ } as const;
export const sorts = { sqlite: /TEMP B-TREE/, postgres: /Sort/ } as const;

export function linesThat(match: RegExp, plan: readonly string[]): readonly string[] {
  return plan.filter((line) => match.test(line));
}
