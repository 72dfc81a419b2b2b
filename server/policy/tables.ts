import type { Kysely } from 'kysely';
import type { AuditDueRow } from '@/server/engine/ports/audit';

/** Our tables, alike on SQLite and PostgreSQL. JSON is kept as text. */
export interface PolicyTables {
  /** The store's; an act waits there in the transaction of its change. */
  readonly hp_audit_due: AuditDueRow;
  readonly hp_policy: {
    /** Counts from 1; the primary key, so that of two who save the same version one is refused. */
    readonly version: number;
    readonly saved_at: number | string;
    readonly saved_by: string | null;
    readonly note: string | null;
    readonly rules: string;
  };
  readonly hp_choice: {
    readonly id: string;
    readonly made_at: number | string;
    /** 1 until it is revoked or its time is over. */
    readonly open: number;
    readonly body: string;
  };
}

export type PolicyDb = Kysely<PolicyTables>;

/** Makes what is missing; does nothing to what is there. */
export async function migratePolicy(db: PolicyDb): Promise<void> {
  await db.schema
    .createTable('hp_policy')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    .addColumn('saved_by', 'text')
    .addColumn('note', 'text')
    .addColumn('rules', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hp_choice')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('hp_choice_open').ifNotExists().on('hp_choice').columns(['open', 'made_at']).execute();
}
