import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../schema';

/** `0005_audit`. */
export async function auditTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_audit')
    .ifNotExists()
    .addColumn('seq', kind === 'sqlite' ? 'integer' : 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('act', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('about_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text')
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('hp_audit_head')
    .ifNotExists()
    .addColumn('id', 'smallint', (column) => column.primaryKey().notNull())
    .addColumn('base_seq', 'bigint', (column) => column.notNull())
    .addColumn('base_hash', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('seal', 'text', (column) => column.notNull())
    .execute();
  await sql`create index if not exists hp_audit_by_time on hp_audit (at)`.execute(db);
  await sql`create index if not exists hp_audit_by_act on hp_audit (act, seq)`.execute(db);
  await sql`create index if not exists hp_audit_by_about on hp_audit (about_id, seq)`.execute(db);
  await sql`create index if not exists hp_audit_by_actor on hp_audit (actor_id, seq)
    where actor_id is not null`.execute(db);
  await sql`create index if not exists hp_audit_by_session on hp_audit (session_id, seq)
    where session_id is not null`.execute(db);
}

/** `0011_audit_due`. */
export async function auditDueTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hp_audit_due')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}
