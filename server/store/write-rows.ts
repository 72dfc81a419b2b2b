import { type Call, isOpenCall } from '@/lib/domain/call';
import { type Connection, isLiveConnection } from '@/lib/domain/connection';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { SessionSummary } from '@/lib/domain/summary';
import type { AgentCall } from '@/server/engine/ports/store';
import { keyDigest } from './agent-calls';
import { jsonText, plainText } from './json-text';
import { queueColumns } from './queue-columns';
import { searchText } from './search-text';
import type {
  AgentCallRow,
  CallRow,
  ConnectionRow,
  EventRow,
  Flag,
  RequestRow,
  SessionRow,
  SessionServerRow,
} from './schema';

/** States and events as the rows that hold them. */
export function eventRow(event: SessionEvent): EventRow {
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

export function sessionRow(summary: SessionSummary): SessionRow {
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
    search: searchText(words),
    summary: jsonText(summary),
    ended: session.state === 'ended' ? session.end : null,
  };
}

/** Only of what names a server first: most commits say nothing new about which a session uses. */
export function sessionServerRows(
  { sessionId, startedAt }: SessionSummary['session'],
  events: readonly SessionEvent[],
): readonly SessionServerRow[] {
  const servers = events.flatMap((event) =>
    event.type === 'call.received' || event.type === 'connection.opening' ? [plainText(event.server)] : [],
  );
  return [...new Set(servers)].map((server) => ({ server, started_at: startedAt, session_id: sessionId }));
}

export function connectionRow(sessionId: SessionId, connection: Connection): ConnectionRow {
  return {
    id: connection.connectionId,
    session_id: sessionId,
    server: plainText(connection.server),
    state: connection.state,
    open: flag(isLiveConnection(connection)),
    body: jsonText(connection),
  };
}

export function callRow(sessionId: SessionId, call: Call): CallRow {
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

/** The agent's name comes with the session's summary, which is in every commit that has events. */
export function requestRow(request: HoldRequest, agentName: string): RequestRow {
  return {
    ...queueColumns(request, agentName),
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

export function agentCallRow(agentCall: AgentCall): AgentCallRow {
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
