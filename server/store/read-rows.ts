import type { Call, CallState } from '@/lib/domain/call';
import type { Connection, ConnectionState } from '@/lib/domain/connection';
import type { SessionEvent } from '@/lib/domain/event';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import type { HoldRequest, RequestState } from '@/lib/domain/request';
import type { Session } from '@/lib/domain/session';
import type { SessionSummary } from '@/lib/domain/summary';
import type { AgentCall, Attachment, Cursor } from '@/server/engine/ports/store';
import { CorruptRowError, readJson, type RowName } from './json-text';
import { completeCall, completeEvent, completeRequest, completeSession, completeSummary } from './older-rows';
import type {
  AgentCallRow,
  AttachmentRow,
  CallRow,
  ConnectionRow,
  CursorRow,
  EventRow,
  RawMessageRow,
  RequestRow,
  SessionRow,
} from './schema';

/**
 * Rows back to what was written. Each checks that the JSON is of its row and in a state we know, so
 * that a damaged database is named here and not far away.
 */
const callStates: { readonly [S in CallState]: true } = {
  held: true,
  working: true,
  input_required: true,
  completed: true,
  failed: true,
  cancelled: true,
  rejected: true,
  expired: true,
  indeterminate: true,
};
const requestStates: { readonly [S in RequestState]: true } = {
  open: true,
  answered: true,
  delivered: true,
  undelivered: true,
  expired: true,
  withdrawn: true,
};
const connectionStates: { readonly [S in ConnectionState]: true } = {
  opening: true,
  ready: true,
  reattaching: true,
  lost: true,
  closed: true,
};
const sessionStates: { readonly [S in Session['state']]: true } = { active: true, ending: true, ended: true };

export function readSummary(row: Pick<SessionRow, 'id' | 'summary'>): SessionSummary {
  const name = { table: 'hp_session', id: row.id };
  const summary = objectOf(row.summary, name);
  const session = summary['session'];
  if (!isJsonObject(session)) throw new CorruptRowError(name, 'its summary has no session');
  check(session, { name, idField: 'sessionId', states: sessionStates });
  return { ...completeSummary(summary), session: completeSession(session) } as unknown as SessionSummary;
}

export function readConnection(row: Pick<ConnectionRow, 'id' | 'body'>): Connection {
  const name = { table: 'hp_connection', id: row.id };
  return check(objectOf(row.body, name), {
    name,
    idField: 'connectionId',
    states: connectionStates,
  }) as unknown as Connection;
}

export function readCall(row: Pick<CallRow, 'id' | 'body'>): Call {
  const name = { table: 'hp_call', id: row.id };
  const body = check(objectOf(row.body, name), { name, idField: 'callId', states: callStates });
  return completeCall(body) as unknown as Call;
}

export function readRequest(row: Pick<RequestRow, 'id' | 'body'>): HoldRequest {
  const name = { table: 'hp_request', id: row.id };
  const body = check(objectOf(row.body, name), { name, idField: 'requestId', states: requestStates });
  return completeRequest(body) as unknown as HoldRequest;
}

export function readEvent(row: Pick<EventRow, 'session_id' | 'seq' | 'type' | 'body'>): SessionEvent {
  const name = { table: 'hp_event', id: `${row.session_id}/${row.seq}` };
  const event = objectOf(row.body, name);
  if (event['type'] !== row.type || event['seq'] !== row.seq) throw new CorruptRowError(name, 'it holds another event');
  return completeEvent(event) as unknown as SessionEvent;
}

export function readRaw(row: Pick<RawMessageRow, 'session_id' | 'seq' | 'body'>): RawMessage {
  const name = { table: 'hp_raw_message', id: `${row.session_id}/${row.seq}` };
  const message = objectOf(row.body, name);
  if (message['seq'] !== row.seq) throw new CorruptRowError(name, 'it holds another message');
  return message as unknown as RawMessage;
}

/** Null for one that an earlier release wrote: it lacks what taking a connection up again needs. */
export function readAttachment(row: Pick<AttachmentRow, 'connection_id' | 'body'>): Attachment | null {
  const name = { table: 'hp_attachment', id: row.connection_id };
  const attachment = objectOf(row.body, name);
  if (attachment['connectionId'] !== row.connection_id) throw new CorruptRowError(name, 'it is of another connection');
  const facts = attachment['facts'];
  if (facts === undefined) return null;
  if (!isJsonObject(facts) || !isConnectionFacts(facts)) throw new CorruptRowError(name, 'its facts are not whole');
  return attachment as unknown as Attachment;
}

function isConnectionFacts(facts: JsonObject): boolean {
  const { transport, protocolVersion, serverInfo, capabilities, mcpSessionId, process } = facts;
  return (
    typeof transport === 'string' &&
    typeof protocolVersion === 'string' &&
    isJsonObject(serverInfo) &&
    isJsonObject(capabilities) &&
    (mcpSessionId === null || typeof mcpSessionId === 'string') &&
    (process === null || isJsonObject(process))
  );
}

export function readAgentCall(row: Pick<AgentCallRow, 'call_id' | 'body'>): AgentCall {
  const name = { table: 'hp_agent_call', id: row.call_id };
  const agentCall = objectOf(row.body, name);
  if (agentCall['callId'] !== row.call_id) throw new CorruptRowError(name, 'its callId is another');
  return agentCall as unknown as AgentCall;
}

export function readCursor(row: Pick<CursorRow, 'connection_id' | 'stream' | 'event_id'>): Cursor {
  const name = { table: 'hp_cursor', id: `${row.connection_id}/${row.stream}` };
  const eventId = readJson(row.event_id, name);
  if (typeof eventId !== 'string') throw new CorruptRowError(name, 'its event id is not a text');
  return { connectionId: row.connection_id as Cursor['connectionId'], stream: row.stream, eventId };
}

function objectOf(text: string, name: RowName): JsonObject {
  const value = readJson(text, name);
  if (!isJsonObject(value)) throw new CorruptRowError(name, 'it is not an object');
  return value;
}

interface Expected {
  readonly name: RowName;
  readonly idField: string;
  readonly states: { readonly [state: string]: true };
}

function check(body: JsonObject, { name, idField, states }: Expected): JsonObject {
  if (body[idField] !== name.id) throw new CorruptRowError(name, `its ${idField} is another`);
  const { state } = body;
  if (typeof state !== 'string' || !Object.hasOwn(states, state))
    throw new CorruptRowError(name, 'its state is unknown');
  return body;
}
