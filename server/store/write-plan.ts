import { type Call, isOpenCall, sentOf } from '@/lib/domain/call';
import { type Connection, isLiveConnection } from '@/lib/domain/connection';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { SessionSummary } from '@/lib/domain/summary';
import type { AgentCall, Commit } from '@/server/engine/ports/store';
import { keyDigest } from './agent-calls';
import { jsonText, plainText } from './json-text';
import type {
  AgentCallRow,
  CallRow,
  ConnectionRow,
  EventRow,
  Flag,
  HoldpointTables,
  RequestRow,
  SessionRow,
  TableName,
} from './schema';
import { writeOrder, writeTables } from './write-tables';

export type Cell = string | number | null;

/** What a batch writes, ready for either database. No row of `puts` is also dropped. */
export interface WritePlan {
  readonly puts: readonly { readonly table: TableName; readonly rows: readonly (readonly Cell[])[] }[];
  /** Cursors of calls that have their outcome. */
  readonly dropCursors: readonly { readonly connectionId: string; readonly stream: string }[];
  /** Connections that are over: what it takes to take them up again is a credential and goes (I14). */
  readonly dropConnections: readonly string[];
}

/** Longer than any name; keeps one agent from filling the search text. */
const longestSearch = 2_000;

type Rows = { readonly [T in TableName]: HoldpointTables[T][] };

/** Turns commits into rows. Of a state written twice the later one stays; events are never merged. */
export function planWrites(batch: readonly Commit[]): WritePlan {
  const rows: Rows = {
    hp_event: [],
    hp_raw_message: [],
    hp_agent_call: [],
    hp_session: [],
    hp_connection: [],
    hp_call: [],
    hp_request: [],
    hp_payload: [],
    hp_attachment: [],
    hp_cursor: [],
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
  return { puts, dropCursors: [...dropCursors.values()], dropConnections: [...dropConnections] };
}

/** The least that shows whether the database takes a write. */
export function planProbe(at: number): WritePlan {
  return { puts: [{ table: 'hp_probe', rows: [[1, at]] }], dropCursors: [], dropConnections: [] };
}

function cursorKey(connectionId: string, stream: string): string {
  return `${connectionId} ${stream}`;
}

function cellsOf(table: TableName, rows: Rows): readonly (readonly Cell[])[] {
  const { columns, key, onExisting } = writeTables[table] as {
    readonly columns: readonly string[];
    readonly key: readonly string[];
    readonly onExisting: 'replace' | 'refuse';
  };
  const records: readonly { readonly [column: string]: Cell }[] = rows[table];
  const cells = (record: { readonly [column: string]: Cell }): readonly Cell[] =>
    columns.map((column) => record[column] ?? null);
  if (onExisting === 'refuse' || records.length < 2) return records.map(cells);
  const last = new Map(records.map((record) => [key.map((column) => record[column]).join(' '), record]));
  return [...last.values()].map(cells);
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
  if (commit.summary !== null) rows.hp_session.push(sessionRow(commit.summary));
  for (const connection of commit.connections) rows.hp_connection.push(connectionRow(sessionId, connection));
  for (const call of commit.calls) rows.hp_call.push(callRow(sessionId, call));
  for (const request of commit.requests) rows.hp_request.push(requestRow(request));
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

function eventRow(event: SessionEvent): EventRow {
  return {
    session_id: event.sessionId,
    seq: event.seq,
    at: event.at,
    type: event.type,
    call_id: 'callId' in event ? event.callId : null,
    request_id: 'requestId' in event ? event.requestId : null,
    body: jsonText(event),
  };
}

function sessionRow(summary: SessionSummary): SessionRow {
  const { session } = summary;
  const words = [
    session.agent.name,
    session.sessionId,
    session.client?.name ?? '',
    session.scope ?? '',
    ...summary.servers,
  ];
  return {
    id: session.sessionId,
    agent_id: session.agent.id,
    agent_name: plainText(session.agent.name),
    state: session.state,
    live: flag(session.state !== 'ended'),
    started_at: session.startedAt,
    last_event_at: summary.lastEventAt,
    seq: summary.seq,
    search: plainText(words.join(' ').toLowerCase().slice(0, longestSearch)),
    summary: jsonText(summary),
  };
}

function connectionRow(sessionId: SessionId, connection: Connection): ConnectionRow {
  return {
    id: connection.connectionId,
    session_id: sessionId,
    server: plainText(connection.server),
    state: connection.state,
    open: flag(isLiveConnection(connection)),
    body: jsonText(connection),
  };
}

function callRow(sessionId: SessionId, call: Call): CallRow {
  return {
    id: call.callId,
    session_id: sessionId,
    server: plainText(call.server),
    tool: plainText(call.tool),
    state: call.state,
    open: flag(isOpenCall(call)),
    received_at: call.receivedAt,
    body: jsonText(call),
  };
}

function requestRow(request: HoldRequest): RequestRow {
  return {
    id: request.requestId,
    session_id: request.sessionId,
    call_id: request.callId,
    kind: request.kind,
    state: request.state,
    open: flag(request.state === 'open' || request.state === 'answered'),
    opened_at: request.openedAt,
    body: jsonText(request),
  };
}

function agentCallRow(agentCall: AgentCall): AgentCallRow {
  return {
    call_id: agentCall.callId,
    session_id: agentCall.sessionId,
    agent_id: agentCall.agentId,
    key_digest: agentCall.key === null ? null : keyDigest(agentCall.key),
    task: flag(agentCall.task !== null),
    created_at: agentCall.createdAt,
    body: jsonText(agentCall),
  };
}

function flag(on: boolean): Flag {
  return on ? 1 : 0;
}
