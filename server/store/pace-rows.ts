import type { Kysely } from 'kysely';
import type { Store } from '@/server/engine/ports/store';
import { jsonText, plainText, readJson } from './json-text';
import type { Database } from './schema';

/** A list of parameters this long is fine with both databases. */
const chunk = 100;

export async function paceTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hp_pace')
    .ifNotExists()
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('heard_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_pace_pkey', ['server', 'tool'])
    .execute();
}

/** What was learned of tools: beside the log, for it is nobody's record and may be lost. */
export function paceRows(db: Kysely<Database>): Pick<Store, 'paces' | 'savePaces'> {
  return {
    async paces(limit) {
      const rows = await db
        .selectFrom('hp_pace')
        .selectAll()
        .orderBy('heard_at', 'desc')
        .orderBy('server')
        .orderBy('tool')
        .limit(limit)
        .execute();
      return rows.map(({ server, tool, heard_at: heardAt, body }) => ({
        server,
        tool,
        heardAt: Number(heardAt),
        body: readJson(body, { table: 'hp_pace', id: `${server} ${tool}` }),
      }));
    },
    async savePaces(paces, gone) {
      await db.transaction().execute(async (trx) => {
        for (let from = 0; from < paces.length; from += chunk) {
          const rows = paces.slice(from, from + chunk).map(({ server, tool, heardAt, body }) => ({
            server: plainText(server),
            tool: plainText(tool),
            heard_at: heardAt,
            body: jsonText(body),
          }));
          await trx
            .insertInto('hp_pace')
            .values(rows)
            .onConflict((conflict) =>
              conflict.columns(['server', 'tool']).doUpdateSet((row) => ({
                heard_at: row.ref('excluded.heard_at'),
                body: row.ref('excluded.body'),
              })),
            )
            .execute();
        }
        for (const { server, tool } of gone)
          await trx
            .deleteFrom('hp_pace')
            .where('server', '=', plainText(server))
            .where('tool', '=', plainText(tool))
            .execute();
      });
    },
  };
}
