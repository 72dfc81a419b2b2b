import { randomBytes } from 'node:crypto';
import { type Actor, holdpoint } from '@/lib/domain/actor';
import { mintId, type AgentId, type CallId, type ConnectionId, type PersonId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { Commit } from '@/server/engine/ports/store';
import { forAll, plainAnswered, plainCall as noRule } from '@/tests/support/desk';
import { SessionWriter } from './session-writer';
import { unknownPace } from '@/lib/domain/pace';

const agent: Actor = { kind: 'agent', id: 'agt_bench' as AgentId, name: 'night-watch' };
const person: Actor = { kind: 'person', id: 'per_bench' as PersonId, name: 'Ana Ruiz' };
const server: Actor = { kind: 'server', name: 'incidents' };
const stepMs = 700;

/** A session that is over: a call whose server asked something, every second time another that just ran. */
export function pastSession(number: number, startedAt: number): Commit {
  const past = new SessionWriter({ startedAt, stepMs, server: 'incidents' });
  const connectionId = mintId('connection', randomBytes);
  begin(past, connectionId);
  askedCall(past, connectionId, number);
  if (number % 2 === 0) plainCall(past, connectionId, number);
  end(past, connectionId);
  return past.commit();
}

function begin(past: SessionWriter, connectionId: ConnectionId): void {
  const client = { name: 'night-watch', version: '2.1.0' };
  const protocolVersion = '2025-11-25';
  past.note(agent, {
    type: 'session.started',
    agent: { id: 'agt_bench' as AgentId, name: 'night-watch' },
    client,
    scope: null,
    protocolVersion,
  });
  past.note(holdpoint, {
    type: 'connection.opening',
    connectionId,
    server: 'incidents',
    transport: 'http',
    era: 'stateful',
  });
  past.note(server, {
    type: 'connection.ready',
    connectionId,
    protocolVersion,
    serverInfo: { name: 'incidents', version: '1.4.0' },
    hasSession: true,
  });
}

function sendCall(
  past: SessionWriter,
  connectionId: ConnectionId,
  call: { readonly tool: string; readonly args: Json },
): CallId {
  const callId = mintId('call', randomBytes);
  const { tool, args } = call;
  past.keep(callId, { arguments: args });
  past.said(
    { in: 'agent' },
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: `incidents__${tool}`, arguments: args },
    },
  );
  past.note(agent, {
    type: 'call.received',
    callId,
    server: 'incidents',
    tool,
    title: `${tool}: checkout-api`,
    annotations: {},
    risk: 'destructive',
    argumentsBytes: JSON.stringify(args).length,
    ...noRule,
  });
  past.note(holdpoint, { type: 'call.allowed', callId, rule: { id: 'rule-1', words: 'Allowed by rule rule-1.' } });
  past.note(holdpoint, { type: 'call.sent', callId, connectionId, rpcId: callId, pace: unknownPace, limits: [] });
  past.said(
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

function completeCall(past: SessionWriter, callId: CallId, text: string): void {
  const result = { content: [{ type: 'text', text }] };
  past.said({ in: callId }, { jsonrpc: '2.0', id: callId, result });
  past.keep(callId, { result });
  past.note(server, {
    type: 'call.completed',
    callId,
    isError: false,
    resultBytes: JSON.stringify(result).length,
    summary: text,
  });
  past.said({ out: 'agent' }, { jsonrpc: '2.0', id: 1, result });
  past.note(holdpoint, { type: 'call.delivered', callId });
}

function askedCall(past: SessionWriter, connectionId: ConnectionId, number: number): void {
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
  past.said({ in: callId }, { jsonrpc: '2.0', id: 0, method: 'elicitation/create', params });
  past.keep(requestId, { ask: params });
  past.note(server, {
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
    ...forAll,
  });
  const content = { reason: 'The queue has not moved for ten minutes.', drain: true };
  past.keep(requestId, { answer: content });
  past.note(person, {
    type: 'request.answered',
    requestId,
    action: 'accept',
    reason: null,
    operationId: mintId('operation', randomBytes),
    ...plainAnswered,
  });
  past.said({ out: 'control' }, { jsonrpc: '2.0', id: 0, result: { action: 'accept', content } });
  past.note(holdpoint, { type: 'answer.sent', requestId, to: 'server' });
  past.note(holdpoint, { type: 'answer.accepted', requestId, status: 202 });
  past.note(server, { type: 'answer.moved_on', requestId });
  completeCall(past, callId, `checkout-api was drained and restarted for incident ${number}.`);
}

function plainCall(past: SessionWriter, connectionId: ConnectionId, number: number): void {
  const callId = sendCall(past, connectionId, { tool: 'read_log', args: { service: 'checkout-api', lines: 50 } });
  completeCall(past, callId, `50 lines of checkout-api for incident ${number}, none of them an error.`);
}

function end(past: SessionWriter, connectionId: ConnectionId): void {
  const reason = 'the agent ended its session';
  past.note(agent, { type: 'session.ending', end: 'closed', reason });
  past.note(holdpoint, {
    type: 'session.step',
    detail: { step: 'delete_sent', connectionId, server: 'incidents', status: 200, why: null },
  });
  past.note(holdpoint, { type: 'connection.closed', connectionId, deleteStatus: 200 });
  past.note(holdpoint, { type: 'session.ended', end: 'closed', reason });
}
