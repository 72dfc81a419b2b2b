import { randomBytes } from 'node:crypto';
import { type Actor, holdpoint } from '@/lib/domain/actor';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody } from '@/lib/domain/event';
import { mintId, type AgentId, type CallId, type ConnectionId, type PersonId, type RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionEvent } from '@/lib/domain/event';
import { summaryOf } from '@/lib/domain/summary';
import type { Commit, Payload } from '@/server/engine/ports/store';

const agent: Actor = { kind: 'agent', id: 'agt_bench' as AgentId, name: 'night-watch' };
const person: Actor = { kind: 'person', id: 'per_bench' as PersonId, name: 'Ana Ruiz' };
const server: Actor = { kind: 'server', name: 'incidents' };
const stepMs = 700;

interface Past {
  readonly sessionId: SessionEvent['sessionId'];
  readonly book: Book;
  readonly events: SessionEvent[];
  readonly payloads: Payload[];
  readonly raw: RawMessage[];
  at: number;
}

/**
 * A session that is over: a call whose server asked something, every second time another that just ran. Its states are
 * folded from its events as the engine folds them, so it is saved as any other.
 */
export function pastSession(number: number, startedAt: number): Commit {
  const past: Past = {
    sessionId: mintId('session', randomBytes),
    book: emptyBook(),
    events: [],
    payloads: [],
    raw: [],
    at: startedAt,
  };
  const connectionId = mintId('connection', randomBytes);
  begin(past, connectionId);
  askedCall(past, connectionId, number);
  if (number % 2 === 0) plainCall(past, connectionId, number);
  end(past, connectionId);
  const { sessionId, book, events, payloads, raw } = past;
  if (book.session === null) throw new Error('The past session has not started');
  return {
    sessionId,
    events,
    summary: summaryOf(book, book.session),
    connections: [...book.connections.values()],
    calls: [...book.calls.values()],
    requests: [...book.requests.values()],
    payloads,
    attachments: [],
    cursors: [],
    agentCalls: [],
    raw,
  };
}

function note(past: Past, actor: Actor, body: EventBody): void {
  past.at += stepMs;
  const event: SessionEvent = {
    sessionId: past.sessionId,
    seq: past.events.length + 1,
    at: past.at,
    actor,
    ...body,
  };
  const folded = foldEvent(past.book, event);
  if (!folded.ok) throw new Error(`${event.type} of a past session was refused: ${folded.message}`);
  past.events.push(event);
}

function keep(past: Past, owner: CallId | RequestId, bodies: Partial<Record<Payload['kind'], Json>>): void {
  for (const [kind, body] of Object.entries(bodies))
    if (body !== undefined) past.payloads.push({ owner, kind: kind as Payload['kind'], body });
}

function said(past: Past, where: { readonly [D in RawMessage['direction']]?: string }, message: Json): void {
  const stream = where.in ?? where.out ?? 'control';
  const connectionId = [...past.book.connections.keys()][0] ?? null;
  const side =
    stream === 'agent'
      ? ({ side: 'agent', server: null, connectionId: null } as const)
      : ({ side: 'server', server: 'incidents', connectionId } as const);
  const { sessionId, at } = past;
  const direction = where.in === undefined ? 'out' : 'in';
  past.raw.push({ ...side, stream, direction, message, sessionId, seq: past.raw.length + 1, at });
}

function begin(past: Past, connectionId: ConnectionId): void {
  const client = { name: 'night-watch', version: '2.1.0' };
  const protocolVersion = '2025-11-25';
  note(past, agent, {
    type: 'session.started',
    agent: { id: 'agt_bench' as AgentId, name: 'night-watch' },
    client,
    scope: null,
    protocolVersion,
  });
  note(past, holdpoint, {
    type: 'connection.opening',
    connectionId,
    server: 'incidents',
    transport: 'http',
    era: 'stateful',
  });
  note(past, server, {
    type: 'connection.ready',
    connectionId,
    protocolVersion,
    serverInfo: { name: 'incidents', version: '1.4.0' },
    hasSession: true,
  });
}

function sendCall(
  past: Past,
  connectionId: ConnectionId,
  call: { readonly tool: string; readonly args: Json },
): CallId {
  const callId = mintId('call', randomBytes);
  const { tool, args } = call;
  keep(past, callId, { arguments: args });
  said(
    past,
    { in: 'agent' },
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: `incidents__${tool}`, arguments: args },
    },
  );
  note(past, agent, {
    type: 'call.received',
    callId,
    server: 'incidents',
    tool,
    title: `${tool}: checkout-api`,
    annotations: {},
    risk: 'destructive',
    argumentsBytes: JSON.stringify(args).length,
  });
  note(past, holdpoint, { type: 'call.allowed', callId, rule: { id: 'rule-1', words: 'Allowed by rule rule-1.' } });
  note(past, holdpoint, { type: 'call.sent', callId, connectionId, rpcId: callId });
  said(
    past,
    { out: callId },
    {
      jsonrpc: '2.0',
      id: callId,
      method: 'tools/call',
      params: { name: tool, arguments: args, _meta: { progressToken: callId } },
    },
  );
  return callId;
}

function completeCall(past: Past, callId: CallId, text: string): void {
  const result = { content: [{ type: 'text', text }] };
  said(past, { in: callId }, { jsonrpc: '2.0', id: callId, result });
  keep(past, callId, { result });
  note(past, server, {
    type: 'call.completed',
    callId,
    isError: false,
    resultBytes: JSON.stringify(result).length,
    summary: text,
  });
  said(past, { out: 'agent' }, { jsonrpc: '2.0', id: 1, result });
  note(past, holdpoint, { type: 'call.delivered', callId });
}

function askedCall(past: Past, connectionId: ConnectionId, number: number): void {
  const args = { service: 'checkout-api', incident: number, window: '30m' };
  const callId = sendCall(past, connectionId, { tool: 'restart_service', args });
  const requestId = mintId('request', randomBytes);
  const params = {
    message: `Restart checkout-api for incident ${number}?`,
    requestedSchema: {
      type: 'object',
      properties: { reason: { type: 'string', title: 'Reason' }, drain: { type: 'boolean', title: 'Drain first' } },
      required: ['reason'],
    },
  };
  said(past, { in: callId }, { jsonrpc: '2.0', id: 0, method: 'elicitation/create', params });
  keep(past, requestId, { ask: params });
  note(past, server, {
    type: 'request.opened',
    requestId,
    kind: 'form',
    callId,
    candidates: [],
    server: 'incidents',
    tool: 'restart_service',
    title: params.message,
    risk: 'destructive',
    deadline: {
      at: past.at + 1_800_000,
      cause: 'default',
      reason: 'questions here wait 30 min',
      onExpiry: 'deny',
    },
    upstream: { connectionId, rpcId: 0 },
    digest: null,
    elicitationId: null,
    earlier: null,
  });
  const content = { reason: 'The queue has not moved for ten minutes.', drain: true };
  keep(past, requestId, { answer: content });
  note(past, person, {
    type: 'request.answered',
    requestId,
    action: 'accept',
    reason: null,
    operationId: mintId('operation', randomBytes),
  });
  said(past, { out: 'control' }, { jsonrpc: '2.0', id: 0, result: { action: 'accept', content } });
  note(past, holdpoint, { type: 'answer.sent', requestId, to: 'server' });
  note(past, holdpoint, { type: 'answer.accepted', requestId, status: 202 });
  note(past, server, { type: 'answer.moved_on', requestId });
  completeCall(past, callId, `checkout-api was drained and restarted for incident ${number}.`);
}

function plainCall(past: Past, connectionId: ConnectionId, number: number): void {
  const callId = sendCall(past, connectionId, { tool: 'read_log', args: { service: 'checkout-api', lines: 50 } });
  completeCall(past, callId, `50 lines of checkout-api for incident ${number}, none of them an error.`);
}

function end(past: Past, connectionId: ConnectionId): void {
  const reason = 'the agent ended its session';
  note(past, agent, { type: 'session.ending', end: 'closed', reason });
  note(past, holdpoint, {
    type: 'session.step',
    detail: { step: 'delete_sent', connectionId, server: 'incidents', status: 200, why: null },
  });
  note(past, holdpoint, { type: 'connection.closed', connectionId, deleteStatus: 200 });
  note(past, holdpoint, { type: 'session.ended', end: 'closed', reason });
}
