import type { Kysely } from 'kysely';
import type { Database, TableName } from './schema';
import type { SqliteHandle, SqliteStatementHandle } from './sqlite';
import { writeOrder, writeTables } from './write-tables';
import type { WritePlan } from './write-plan';
import type { Writer } from './writer';

/**
 * The hot path on SQLite: prepared once, run on the one handle. It waits its turn behind Kysely's
 * connection, so that no other transaction is open on the handle, and then runs without a pause.
 */
export function createSqliteWriter(db: Kysely<Database>, handle: SqliteHandle): Writer {
  const statements = prepareAll(handle);
  return {
    async write(plan) {
      await db.connection().execute(async () => runPlan(handle, statements, plan));
    },
  };
}

interface Statements {
  readonly begin: SqliteStatementHandle;
  readonly commit: SqliteStatementHandle;
  readonly put: ReadonlyMap<TableName, SqliteStatementHandle>;
  readonly dropCursor: SqliteStatementHandle;
  readonly dropCursors: SqliteStatementHandle;
  readonly dropAttachment: SqliteStatementHandle;
}

function prepareAll(handle: SqliteHandle): Statements {
  return {
    begin: handle.prepare('begin immediate'),
    commit: handle.prepare('commit'),
    put: new Map(writeOrder.map((table) => [table, handle.prepare(putSql(table))])),
    dropCursor: handle.prepare('delete from hp_cursor where connection_id = ? and stream = ?'),
    dropCursors: handle.prepare('delete from hp_cursor where connection_id = ?'),
    dropAttachment: handle.prepare('delete from hp_attachment where connection_id = ?'),
  };
}

function putSql(table: TableName): string {
  const { columns, key, onExisting } = writeTables[table];
  const insert = `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
  if (onExisting === 'refuse') return insert;
  const keys: readonly string[] = key;
  const changed = columns.filter((column) => !keys.includes(column)).map((column) => `${column} = excluded.${column}`);
  return `${insert} on conflict (${key.join(', ')}) do update set ${changed.join(', ')}`;
}

function runPlan(handle: SqliteHandle, statements: Statements, plan: WritePlan): void {
  statements.begin.run([]);
  try {
    for (const { table, rows } of plan.puts) {
      const put = statements.put.get(table);
      for (const row of rows) put?.run(row);
    }
    for (const { connectionId, stream } of plan.dropCursors) statements.dropCursor.run([connectionId, stream]);
    for (const connectionId of plan.dropConnections) {
      statements.dropCursors.run([connectionId]);
      statements.dropAttachment.run([connectionId]);
    }
    statements.commit.run([]);
  } catch (error) {
    // A full disk has already rolled back by itself.
    if (handle.inTransaction) handle.exec('rollback');
    throw error;
  }
}
