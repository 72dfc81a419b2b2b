import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely';
import { auditDueTable, auditTables } from './audit/audit-tables';
import { controlTables } from './control-tables';
import { addEventsSince } from './events-since';
import { overviewTables } from './overview-migration';
import { paceTable } from './pace-rows';
import { keepingTables } from './keeping-migration';
import { pastIndexes } from './past-migration';
import { queueTables } from './queue-migration';
import type { DatabaseKind } from './schema';
import { serverTables } from './servers-migration';

/** Every migration in order; one that was released is never edited. Each can run again after a crash half way. */
export function migrationsFor(kind: DatabaseKind): Record<string, Migration> {
  return {
    '0001_first_tables': {
      async up(db: Kysely<unknown>) {
        await sessionTables(db, kind);
        await workTables(db, kind);
        await sideTables(db, kind);
      },
    },
    '0002_agent_calls': {
      async up(db: Kysely<unknown>) {
        await agentCallTable(db, kind);
        await probeTable(db, kind);
        await db.schema
          .createIndex('hp_request_by_call')
          .ifNotExists()
          .on('hp_request')
          .columns(['call_id', 'opened_at', 'id'])
          .execute();
        await searchIndex(db, kind);
      },
    },
    '0003_queue': {
      up: (db: Kysely<unknown>) => queueTables(db, kind),
    },
    '0004_events_since': {
      up: (db: Kysely<unknown>) => addEventsSince(db),
    },
    '0005_audit': {
      up: (db: Kysely<unknown>) => auditTables(db, kind),
    },
    '0006_pauses': {
      up: (db: Kysely<unknown>) => controlTables(db),
    },
    '0007_servers': {
      up: (db: Kysely<unknown>) => serverTables(db),
    },
    '0008_overview': {
      up: (db: Kysely<unknown>) => overviewTables(db, kind),
    },
    '0009_paces': {
      up: (db: Kysely<unknown>) => paceTable(db),
    },
    '0010_keeping': {
      up: (db: Kysely<unknown>) => keepingTables(db, kind),
    },
    '0011_audit_due': {
      up: (db: Kysely<unknown>) => auditDueTable(db),
    },
    '0012_past': {
      up: (db: Kysely<unknown>) => pastIndexes(db, kind),
    },
  };
}

/** On SQLite a table of small rows is kept in its primary key: half the pages for each write. */
function inKeyOrder(kind: DatabaseKind): RawBuilder<unknown> {
  return kind === 'sqlite' ? sql`without rowid` : sql``;
}

async function sessionTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_session')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('agent_name', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('live', 'smallint', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('last_event_at', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createIndex('hp_session_by_start')
    .ifNotExists()
    .on('hp_session')
    .columns(['started_at', 'id'])
    .execute();
  await db.schema
    .createIndex('hp_session_by_live')
    .ifNotExists()
    .on('hp_session')
    .columns(['live', 'started_at', 'id'])
    .execute();
  await db.schema
    .createTable('hp_event')
    .ifNotExists()
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('request_id', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_event_pkey', ['session_id', 'seq'])
    .modifyEnd(inKeyOrder(kind))
    .execute();
}

/** Partial indexes keep what is open apart from all that ever was. */
async function workTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_connection')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createTable('hp_call')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createTable('hp_request')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'smallint', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  const state = ['state', 'opened_at', 'id'];
  await db.schema.createIndex('hp_request_by_state').ifNotExists().on('hp_request').columns(state).execute();
  for (const table of ['hp_connection', 'hp_call', 'hp_request']) {
    await db.schema
      .createIndex(`${table}_open`)
      .ifNotExists()
      .on(table)
      .columns(['session_id', 'id'])
      .where(sql.ref('open'), '=', 1)
      .execute();
  }
}

async function sideTables(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_payload')
    .ifNotExists()
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_payload_pkey', ['owner', 'kind'])
    .execute();
  await db.schema
    .createTable('hp_attachment')
    .ifNotExists()
    .addColumn('connection_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createTable('hp_cursor')
    .ifNotExists()
    .addColumn('connection_id', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_cursor_pkey', ['connection_id', 'stream'])
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createTable('hp_raw_message')
    .ifNotExists()
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('hp_raw_message_pkey', ['session_id', 'seq'])
    .execute();
}

/** What binds calls to their agent beyond a session: its keys, and its tasks newest first. */
async function agentCallTable(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_agent_call')
    .ifNotExists()
    .addColumn('call_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('key_digest', 'text')
    .addColumn('task', 'smallint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
  await db.schema
    .createIndex('hp_agent_call_by_key')
    .ifNotExists()
    .unique()
    .on('hp_agent_call')
    .columns(['agent_id', 'key_digest'])
    .where(sql.ref('key_digest'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('hp_agent_call_tasks')
    .ifNotExists()
    .on('hp_agent_call')
    .columns(['agent_id', 'created_at', 'call_id'])
    .where(sql.ref('task'), '=', 1)
    .execute();
}

async function probeTable(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  await db.schema
    .createTable('hp_probe')
    .ifNotExists()
    .addColumn('id', 'smallint', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .modifyEnd(inKeyOrder(kind))
    .execute();
}

/** A search reads every name there ever was: on SQLite, which blocks the process, without the rows around them. */
async function searchIndex(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  if (kind !== 'sqlite') return;
  await db.schema
    .createIndex('hp_session_search')
    .ifNotExists()
    .on('hp_session')
    .columns(['started_at', 'id', 'live', 'search'])
    .execute();
}
