import { isOpenCall, sentOf } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import { factsOf } from '@/lib/domain/overview/facts';
import type { Commit } from '@/server/engine/ports/store';
import { jsonText, plainText } from './json-text';
import type { ChainRows } from './audit/audit-chain';
import type { HoldpointTables, TableName } from './schema';
import {
  agentCallRow,
  callRow,
  connectionRow,
  eventRow,
  requestRow,
  sessionRow,
  sessionServerRows,
} from './write-rows';
import { tallyRows } from './tally-rows';
import { type OnExisting, writeOrder, writeTables } from './write-tables';

export type Cell = string | number | null;

/** What a batch writes, ready for either database. No row of `puts` is also dropped. */
export interface WritePlan {
  readonly puts: readonly { readonly table: TableName; readonly rows: readonly (readonly Cell[])[] }[];
  /** Cursors of calls that have their outcome. */
  readonly dropCursors: readonly { readonly connectionId: string; readonly stream: string }[];
  /** Connections that are over: what it takes to take them up again is a credential and goes (I14). */
  readonly dropConnections: readonly string[];
  /** Entries of the audit log up to this one go; null for none. */
  readonly dropAuditTo: number | null;
  /** Acts that waited and are in the chain now. */
  readonly dropAuditDue: readonly string[];
}

interface RowRecord {
  readonly [column: string]: Cell;
}

type Rows = { readonly [T in TableName]: HoldpointTables[T][] };

/** Turns commits, and what they add to the chain of the audit log, into rows. Of a state written twice the later one stays; events are never merged. */
export function planWrites(batch: readonly Commit[], chain: ChainRows | null): WritePlan {
  const rows: Rows = {
    hp_event: [],
    hp_raw_message: [],
    hp_agent_call: [],
    hp_session: [],
    hp_session_server: [],
    hp_connection: [],
    hp_call: [],
    hp_request: [],
    hp_payload: [],
    hp_attachment: [],
    hp_cursor: [],
    hp_tally: [],
    hp_tally_quarter: [],
    hp_audit: [...(chain?.entries ?? [])],
    hp_audit_head: chain === null ? [] : [chain.head],
    hp_probe: [],
  };
  const dropCursors = new Map<string, { connectionId: string; stream: string }>();
  const dropConnections = new Set<string>();
  for (const commit of batch) {
    addCommit(rows, commit);
    for (const call of commit.calls) {
      const sent = isOpenCall(call) ? null : sentOf(call);
      if (sent === null) continue;
      dropCursors.set(cursorKey(sent.connectionId, sent.rpcId), {
        connectionId: sent.connectionId,
        stream: sent.rpcId,
      });
    }
    for (const connection of commit.connections) {
      if (!isLiveConnection(connection)) dropConnections.add(connection.connectionId);
    }
  }
  const kept: Rows = {
    ...rows,
    hp_attachment: rows.hp_attachment.filter((row) => !dropConnections.has(row.connection_id)),
    hp_cursor: rows.hp_cursor.filter(
      (row) => !dropConnections.has(row.connection_id) && !dropCursors.has(cursorKey(row.connection_id, row.stream)),
    ),
  };
  const puts = writeOrder.map((table) => ({ table, rows: cellsOf(table, kept) })).filter((put) => put.rows.length > 0);
  return {
    puts,
    dropCursors: [...dropCursors.values()],
    dropConnections: [...dropConnections],
    dropAuditTo: null,
    dropAuditDue: [],
  };
}

/** The least that shows whether the database takes a write. */
export function planProbe(at: number): WritePlan {
  return {
    puts: [{ table: 'hp_probe', rows: [[1, at]] }],
    dropCursors: [],
    dropConnections: [],
    dropAuditTo: null,
    dropAuditDue: [],
  };
}

/** The oldest entries of the audit log go, and the chain says so. */
export function planDrop(chain: ChainRows, upTo: number): WritePlan {
  return { ...planWrites([], chain), dropAuditTo: upTo };
}

/** Acts that waited come into the chain. */
export function planDue(chain: ChainRows, taken: readonly string[]): WritePlan {
  return { ...planWrites([], chain), dropAuditDue: taken };
}

function cursorKey(connectionId: string, stream: string): string {
  return `${connectionId} ${stream}`;
}

function cellsOf(table: TableName, rows: Rows): readonly (readonly Cell[])[] {
  const { columns, key, onExisting } = writeTables[table] as {
    readonly columns: readonly string[];
    readonly key: readonly string[];
    readonly onExisting: OnExisting;
  };
  const records: readonly RowRecord[] = rows[table];
  const cells = (record: RowRecord): readonly Cell[] => columns.map((column) => record[column] ?? null);
  if (onExisting === 'refuse' || records.length < 2) return records.map(cells);
  const single = new Map<string, RowRecord>();
  for (const record of records) {
    const name = JSON.stringify(key.map((column) => record[column]));
    const before = single.get(name);
    single.set(name, onExisting === 'add' && before !== undefined ? added(before, record, key) : record);
  }
  // What several nodes add to at once is taken in one order, so that none waits for another in a ring.
  const all = [...single];
  if (onExisting === 'add') all.sort(([a], [b]) => (a < b ? -1 : 1));
  return all.map(([, record]) => cells(record));
}

function added(a: RowRecord, b: RowRecord, key: readonly string[]): RowRecord {
  const sums = Object.entries(b).map(([column, cell]): [string, Cell] => [
    column,
    key.includes(column) ? cell : Number(a[column]) + Number(cell),
  ]);
  return Object.fromEntries(sums);
}

function addCommit(rows: Rows, commit: Commit): void {
  const { sessionId } = commit;
  for (const event of commit.events) rows.hp_event.push(eventRow(event));
  for (const message of commit.raw) {
    rows.hp_raw_message.push({
      session_id: message.sessionId,
      seq: message.seq,
      at: message.at,
      body: jsonText(message),
    });
  }
  if (commit.summary !== null) {
    rows.hp_session.push(sessionRow(commit.summary));
    rows.hp_session_server.push(...sessionServerRows(commit.summary.session, commit.events));
  }
  for (const connection of commit.connections) rows.hp_connection.push(connectionRow(sessionId, connection));
  for (const call of commit.calls) rows.hp_call.push(callRow(sessionId, call));
  const tallied = tallyRows(factsOf({ ...commit, session: commit.summary?.session ?? null }));
  rows.hp_tally.push(...tallied.places);
  rows.hp_tally_quarter.push(...tallied.quarters);
  const agentName = commit.summary?.session.agent.name ?? '';
  for (const request of commit.requests) rows.hp_request.push(requestRow(request, agentName));
  for (const { owner, kind, body } of commit.payloads) {
    rows.hp_payload.push({ owner, kind, session_id: sessionId, body: jsonText(body) });
  }
  for (const attachment of commit.attachments) {
    rows.hp_attachment.push({
      connection_id: attachment.connectionId,
      session_id: sessionId,
      body: jsonText(attachment),
    });
  }
  for (const agentCall of commit.agentCalls) rows.hp_agent_call.push(agentCallRow(agentCall));
  for (const { connectionId, stream, eventId } of commit.cursors) {
    rows.hp_cursor.push({
      connection_id: connectionId,
      stream: plainText(stream),
      session_id: sessionId,
      event_id: jsonText(eventId),
    });
  }
}
