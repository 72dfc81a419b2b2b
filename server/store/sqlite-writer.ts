import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database, TableName } from './schema';
import { isBusy, type SqliteHandle, type SqliteStatementHandle } from './sqlite';
import { SqliteFiles } from './sqlite-files';
import { putSql, writeOrder, writeTables } from './write-tables';
import type { WritePlan } from './write-plan';
import type { Writer } from './writer';

/** With libsql's own wait about two seconds; between the tries everything else goes on. */
const busyTries = 10;
const busyPauseMs = 150;

export interface SqlitePlace {
  readonly handle: SqliteHandle;
  readonly file: string;
}

/**
 * The hot path on SQLite: prepared once, run on the one handle. It waits its turn behind Kysely's
 * connection, so that no other transaction is open on the handle, and then runs without a pause.
 */
export function createSqliteWriter(db: Kysely<Database>, { handle, file }: SqlitePlace): Writer {
  const statements = prepareAll(handle);
  const files = new SqliteFiles(handle, file);
  const attempt = async (plan: WritePlan): Promise<void> => {
    if (!files.whole) files.check();
    runPlan(handle, statements, plan);
    files.check();
  };
  return {
    async write(plan) {
      for (let left = busyTries - 1; ; left -= 1) {
        try {
          return await db.connection().execute(() => attempt(plan));
        } catch (error) {
          // A busy database has taken nothing of it.
          if (left === 0 || !isBusy(error)) throw error;
        }
        await pause(busyPauseMs);
      }
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
  readonly dropAudit: SqliteStatementHandle;
  readonly dropAuditDue: SqliteStatementHandle;
}

function prepareAll(handle: SqliteHandle): Statements {
  return {
    begin: handle.prepare('begin immediate'),
    commit: handle.prepare('commit'),
    put: new Map(writeOrder.map((table) => [table, handle.prepare(putSql(table, placesOf(table)))])),
    dropCursor: handle.prepare('delete from hp_cursor where connection_id = ? and stream = ?'),
    dropCursors: handle.prepare('delete from hp_cursor where connection_id = ?'),
    dropAttachment: handle.prepare('delete from hp_attachment where connection_id = ?'),
    dropAudit: handle.prepare('delete from hp_audit where seq <= ?'),
    dropAuditDue: handle.prepare('delete from hp_audit_due where id = ?'),
  };
}

function placesOf(table: TableName): string {
  return `values (${writeTables[table].columns.map(() => '?').join(', ')})`;
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
    if (plan.dropAuditTo !== null) statements.dropAudit.run([plan.dropAuditTo]);
    for (const id of plan.dropAuditDue) statements.dropAuditDue.run([id]);
    statements.commit.run([]);
  } catch (error) {
    // A full disk has already rolled back by itself.
    if (handle.inTransaction) handle.exec('rollback');
    throw error;
  }
}
