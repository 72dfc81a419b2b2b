import { runPostgresTool } from './postgres-tools';
import { restoringTable, withClient } from './unfinished';

export type TablesBeside =
  | { readonly ok: true; readonly tables: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Tables that are in a database and not in the backup: `pg_restore --clean` would leave them as they are. */
export async function tablesBeside(
  databaseUrl: string,
  backup: { readonly file: string; readonly variables: Readonly<Record<string, string | undefined>> },
): Promise<TablesBeside> {
  const { file, variables } = backup;
  const listed = await runPostgresTool({ tool: 'pg_restore', args: ['--list', file], databaseUrl, variables });
  if (!listed.ok) return { ok: false, message: `${listed.message} Nothing was changed.` };
  const within = new Set(tablesOf(listed.out));
  const there = await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select schemaname || '.' || tablename as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    return rows.map(({ name }) => name);
  });
  return { ok: true, tables: there.filter((name) => !within.has(name) && name !== `public.${restoringTable}`) };
}

/** Such as `217; 1259 16390 TABLE public hp_call holdpoint`: the names that `pg_restore --list` gives. */
function tablesOf(list: string): readonly string[] {
  return list.split('\n').flatMap((line) => {
    const found = /^\d+; \d+ \d+ TABLE (\S+) (.+) \S+$/.exec(line);
    return found === null ? [] : [`${found[1]}.${found[2]}`];
  });
}
