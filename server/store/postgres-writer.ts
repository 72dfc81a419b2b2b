import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { TableName } from './schema';
import { putSql, writeOrder, writeTables } from './write-tables';
import type { WritePlan } from './write-plan';
import type { Writer } from './writer';

const numberColumns: ReadonlySet<string> = new Set([
  'seq',
  'at',
  'live',
  'open',
  'started_at',
  'last_event_at',
  'received_at',
  'opened_at',
  'due_at',
  'over_at',
  'claim_until',
  'created_at',
  'task',
  'size',
  'bin',
  'how_many',
  'total_ms',
]);

/**
 * The hot path on PostgreSQL: a whole batch is one statement, so one round trip and one transaction
 * by itself. Its text depends only on which tables get one row and which get several, so that few
 * texts cover all batches and each is prepared once per connection.
 */
export function createPostgresWriter(pool: Pool): Writer {
  const statements = new Map<string, Statement>();
  return {
    async write(plan) {
      const name = nameOf(plan);
      if (name === '') return;
      let statement = statements.get(name);
      if (statement === undefined) {
        statement = { name: shortName(name), text: statementOf(plan) };
        statements.set(name, statement);
      }
      await pool.query({ ...statement, values: valuesOf(plan) });
    },
  };
}

interface Statement {
  readonly name: string;
  readonly text: string;
}

/** PostgreSQL cuts a name after 63 bytes: two statements would become one. */
export function shortName(name: string): string {
  return `hp_write_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

function nameOf(plan: WritePlan): string {
  const tables = plan.puts.map((put) => `${writeOrder.indexOf(put.table)}${put.rows.length === 1 ? '' : 's'}`);
  return [
    ...tables,
    ...(plan.dropCursors.length > 0 ? ['c'] : []),
    ...(plan.dropConnections.length > 0 ? ['x'] : []),
    ...(plan.dropAuditTo !== null ? ['a'] : []),
    ...(plan.dropAuditDue.length > 0 ? ['d'] : []),
  ].join('_');
}

function statementOf(plan: WritePlan): string {
  let used = 0;
  const place = (): string => {
    used += 1;
    return `$${used}`;
  };
  const next = (type: string): string => `${place()}::${type}[]`;
  const parts = plan.puts.map(({ table, rows }) =>
    putSql(table, rows.length === 1 ? oneRow(table, place) : manyRows(table, next)),
  );
  if (plan.dropCursors.length > 0) {
    const gone = `unnest(${next('text')}, ${next('text')}) as gone (connection_id, stream)`;
    parts.push(
      `delete from hp_cursor using ${gone} where hp_cursor.connection_id = gone.connection_id and hp_cursor.stream = gone.stream`,
    );
  }
  if (plan.dropConnections.length > 0) {
    const ids = next('text');
    parts.push(
      `delete from hp_cursor where connection_id = any(${ids})`,
      `delete from hp_attachment where connection_id = any(${ids})`,
    );
  }
  if (plan.dropAuditTo !== null) parts.push(`delete from hp_audit where seq <= ${place()}`);
  if (plan.dropAuditDue.length > 0) parts.push(`delete from hp_audit_due where id = any(${next('text')})`);
  return `with ${parts.map((part, at) => `w${at} as (${part})`).join(', ')} select 1`;
}

/** A large body as a parameter of its own is spared the quoting of an array. */
function oneRow(table: TableName, place: () => string): string {
  return `values (${writeTables[table].columns.map(place).join(', ')})`;
}

function manyRows(table: TableName, next: (type: string) => string): string {
  const arrays = writeTables[table].columns.map((column) => next(numberColumns.has(column) ? 'bigint' : 'text'));
  return `select * from unnest(${arrays.join(', ')})`;
}

/** A value per column of a single row, an array per column of several, in the order of the statement. */
function valuesOf(plan: WritePlan): unknown[] {
  const values: unknown[] = plan.puts.flatMap(({ table, rows }) =>
    writeTables[table].columns.map((_column, at) => (rows.length === 1 ? rows[0]?.[at] : rows.map((row) => row[at]))),
  );
  if (plan.dropCursors.length > 0) {
    values.push(
      plan.dropCursors.map((cursor) => cursor.connectionId),
      plan.dropCursors.map((cursor) => cursor.stream),
    );
  }
  if (plan.dropConnections.length > 0) values.push(plan.dropConnections);
  if (plan.dropAuditTo !== null) values.push(plan.dropAuditTo);
  if (plan.dropAuditDue.length > 0) values.push(plan.dropAuditDue);
  return values;
}
