import { type Kysely, sql } from 'kysely';
import type { EndItem, EndOperation } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import type { Pause, PauseRecord } from '@/lib/domain/pause';
import type { AuditDueRow } from '@/server/engine/ports/audit';
import type { ControlStore } from '@/server/engine/ports/store';
import { jsonText, plainText, readJson } from './json-text';
import { pageSize } from './page-size';
import type { Database } from './schema';

/** Rows of one statement; PostgreSQL takes 65,535 values in all. */
const batchRows = 400;

/** Pauses and orders to end many, read and written whole; never in a session's own commits. */
export function controlStore(db: Kysely<Database>): ControlStore {
  return {
    async pauses() {
      const rows = await db.selectFrom('hp_pause').select(['id', 'body']).where('open', '=', 1).orderBy('at').execute();
      const last = await db
        .selectFrom('hp_pause')
        .select((eb) => eb.fn.max('seq').as('seq'))
        .executeTakeFirst();
      const pauses = rows.map(({ id, body }): Pause => {
        const { lifted: _lifted, ...pause } = read<PauseRecord>('hp_pause', id, body);
        return pause;
      });
      return { seq: Number(last?.seq ?? 0), pauses };
    },
    savePauses: (seq, records, acts) =>
      db.transaction().execute(async (trx) => {
        await savePauses(trx, seq, records);
        await saveActs(trx, acts);
      }),
    saveEnding: (operation, items, acts) =>
      db.transaction().execute(async (trx) => {
        await saveEnding(trx, operation, items);
        await saveActs(trx, acts);
      }),
    async endings({ open, before, limit }) {
      const rows = await db
        .selectFrom('hp_ending')
        .select(['id', 'body'])
        .$if(open === 'open', (select) => select.where('open', '=', 1))
        .$if(before !== null, (select) => select.where(sql<boolean>`(at, id) < (${before?.at}, ${before?.endingId})`))
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(pageSize(limit))
        .execute();
      return rows.map(({ id, body }) => read<EndOperation>('hp_ending', id, body));
    },
    async ending(id) {
      const row = await db
        .selectFrom('hp_ending')
        .select(['id', 'body'])
        .where('id', '=', plainText(id))
        .executeTakeFirst();
      return row === undefined ? null : read<EndOperation>('hp_ending', row.id, row.body);
    },
    endItems: (id) => endItems(db, id),
  };
}

async function endItems(db: Kysely<Database>, id: EndingId): Promise<readonly EndItem[]> {
  const rows = await db
    .selectFrom('hp_ending_item')
    .select(['session_id', 'body'])
    .where('ending_id', '=', plainText(id))
    .orderBy('place')
    .execute();
  return rows.map(({ session_id, body }) => read<EndItem>('hp_ending_item', `${id}/${session_id}`, body));
}

/** All of them in one statement: a pause that replaces another is never there beside it, nor neither of them. */
async function savePauses(db: Kysely<Database>, seq: number, records: readonly PauseRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(
    (record) =>
      ({
        id: record.pauseId,
        seq,
        open: record.lifted === null ? 1 : 0,
        at: record.at,
        body: jsonText(record),
      }) as const,
  );
  await db
    .insertInto('hp_pause')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        seq: eb.ref('excluded.seq'),
        open: eb.ref('excluded.open'),
        body: eb.ref('excluded.body'),
      })),
    )
    .execute();
}

async function saveActs(db: Kysely<Database>, acts: readonly AuditDueRow[]): Promise<void> {
  if (acts.length > 0)
    await db
      .insertInto('hp_audit_due')
      .values([...acts])
      .execute();
}

/** Their places stay as first written. */
async function saveEnding(
  db: Kysely<Database>,
  operation: EndOperation,
  items: ReadonlyMap<number, EndItem>,
): Promise<void> {
  const rows = [...items].map(([place, item]) => ({
    ending_id: operation.endingId,
    session_id: item.sessionId,
    place,
    body: jsonText(item),
  }));
  for (let from = 0; from < rows.length; from += batchRows) {
    await db
      .insertInto('hp_ending_item')
      .values(rows.slice(from, from + batchRows))
      .onConflict((conflict) =>
        conflict.columns(['ending_id', 'session_id']).doUpdateSet((eb) => ({ body: eb.ref('excluded.body') })),
      )
      .execute();
  }
  const body = jsonText(operation);
  const open = operation.endedAt === null ? 1 : 0;
  await db
    .insertInto('hp_ending')
    .values({ id: operation.endingId, at: operation.at, open, body })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ open, body }))
    .execute();
}

function read<T>(table: string, id: string, body: string): T {
  // What is in this column was written by this file.
  return readJson(body, { table, id }) as T;
}
