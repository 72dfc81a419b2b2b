import type { Kysely } from 'kysely';
import type { Flag } from './schema';

export type PauseRow = {
  readonly id: string;
  /** The number of the change that wrote it last: lists of pauses are told apart by the highest. */
  readonly seq: number;
  readonly open: Flag;
  readonly at: number;
  readonly body: string;
};

export type EndingRow = {
  readonly id: string;
  readonly at: number;
  /** 1 until every session of it is settled. */
  readonly open: Flag;
  readonly body: string;
};

export type EndItemRow = {
  readonly ending_id: string;
  readonly session_id: string;
  /** In the order they were named. */
  readonly place: number;
  readonly body: string;
};

/** Pauses, and orders to end many sessions: what admins did that is no event of one session. */
export interface ControlTables {
  readonly hp_pause: PauseRow;
  readonly hp_ending: EndingRow;
  readonly hp_ending_item: EndItemRow;
}

/** `0006_pauses`. */
export async function controlTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hp_pause')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hp_ending')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hp_ending_item')
    .ifNotExists()
    .addColumn('ending_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_ending_item_pkey', ['ending_id', 'session_id'])
    .execute();
  await db.schema.createIndex('hp_pause_open').ifNotExists().on('hp_pause').columns(['open', 'at']).execute();
  await db.schema.createIndex('hp_pause_seq').ifNotExists().on('hp_pause').column('seq').execute();
  await db.schema.createIndex('hp_ending_by_time').ifNotExists().on('hp_ending').columns(['at', 'id']).execute();
}
