import { randomBytes } from 'node:crypto';
import { type Actor, holdpoint } from '@/lib/domain/actor';
import type { LogLevel } from '@/lib/domain/event';
import type { Json } from '@/lib/domain/json';
import { unknownPace } from '@/lib/domain/pace';
import { mintId, type AgentId, type CallId, type ConnectionId, type PersonId } from '@/lib/domain/ids';
import type { Commit } from '@/server/engine/ports/store';
import { forAll, plainAnswered, plainCall } from '@/tests/support/desk';
import { SessionWriter } from './session-writer';

export interface LongSessionOrder {
  /** How many events it has, exactly; at least 40. */
  readonly events: number;
  readonly startedAt: number;
}

const agentName = 'oncall-copilot';
const agent: Actor = { kind: 'agent', id: 'agt_bench' as AgentId, name: agentName };
const person: Actor = { kind: 'person', id: 'per_bench' as PersonId, name: 'Ana Ruiz' };
const servers = ['incidents', 'payments', 'warehouse', 'ticketing'] as const;
const tools = ['investigate_alarm', 'lookup_order', 'run_query', 'post_update', 'fetch_traces'];
const stages = ['Collect metrics', 'Correlate 4 deploys', 'Compare with last week', 'Write the summary'];
const levels: readonly LogLevel[] = ['info', 'debug', 'warning', 'error'];
const stepMs = 400;
/** What a question, a cut and an outcome add to a call at most, and an ending to a session. */
const unitMost = 20;
const endingEvents = 5;

/**
 * A session that is over, recorded as the engine records: short calls in all their turns on four servers, and under
 * them one call that lasts from the beginning to the end. It has at least as many raw messages as events.
 */
export function longSession({ events, startedAt }: LongSessionOrder): Commit {
  const session = new SessionWriter({ startedAt, stepMs, server: servers[0] });
  const connections = begin(session);
  const watch = received(session, { server: servers[0], tool: 'watch_rollout' });
  sent(session, watch, connections[0]);
  for (let unit = 0; session.events < events - endingEvents - unitMost; unit += 1) call(session, connections, unit);
  for (let tick = 0; session.events < events - endingEvents; tick += 1) progress(session, watch, tick);
  completed(session, watch);
  end(session);
  return session.commit();
}

function begin(session: SessionWriter): readonly [ConnectionId, ...ConnectionId[]] {
  session.note(agent, {
    type: 'session.started',
    agent: { id: 'agt_bench' as AgentId, name: agentName },
    client: { name: agentName, version: '2.1.0' },
    scope: null,
    protocolVersion: '2025-11-25',
  });
  const [first, ...others] = servers;
  return [connected(session, first), ...others.map((server) => connected(session, server))];
}

function connected(session: SessionWriter, server: string): ConnectionId {
  const connectionId = mintId('connection', randomBytes);
  session.note(holdpoint, { type: 'connection.opening', connectionId, server, transport: 'http', era: 'stateful' });
  ready(session, connectionId, server);
  return connectionId;
}

function ready(session: SessionWriter, connectionId: ConnectionId, server: string): void {
  session.note(
    { kind: 'server', name: server },
    {
      type: 'connection.ready',
      connectionId,
      protocolVersion: '2025-11-25',
      serverInfo: { name: server, version: '1.4.0' },
      hasSession: true,
    },
  );
}

/** One call: every third is asked about, every eleventh cut off and sent again, every seventh fails. */
function call(session: SessionWriter, connections: readonly [ConnectionId, ...ConnectionId[]], unit: number): void {
  const place = unit % servers.length;
  const server = servers[place] ?? servers[0];
  const connectionId = connections[place] ?? connections[0];
  const callId = received(session, { server, tool: tools[unit % tools.length] ?? 'run_query' });
  sent(session, callId, connectionId);
  progress(session, callId, 0);
  if (unit % 3 === 0) asked(session, { callId, connectionId, server, unit });
  if (unit % 11 === 5) {
    const why = `The connection to ${server} was lost (404).`;
    session.note(holdpoint, { type: 'call.interrupted', callId, why, next: 'repeat' });
    session.note(holdpoint, { type: 'connection.reattaching', connectionId, why });
    ready(session, connectionId, server);
    sent(session, callId, connectionId);
  }
  progress(session, callId, 1);
  const level = levels[unit % levels.length] ?? 'info';
  const text = `Read ${unit * 17} rows of checkout-api in ${unit % 90} ms.`;
  const params = { level, logger: 'reader', data: text };
  passedOn(session, callId, { jsonrpc: '2.0', method: 'notifications/message', params });
  session.note({ kind: 'server', name: server }, { type: 'call.log', callId, server, level, logger: 'reader', text });
  if (unit % 7 === 3) {
    const error = { code: -32000, message: 'trace store timed out' };
    passedOn(session, callId, { jsonrpc: '2.0', id: callId, error });
    session.note(holdpoint, { type: 'call.failed', callId, error });
    session.note(holdpoint, { type: 'call.delivered', callId });
  } else completed(session, callId);
}

function received(
  session: SessionWriter,
  { server, tool }: { readonly server: string; readonly tool: string },
): CallId {
  const callId = mintId('call', randomBytes);
  const params = { name: `${server}__${tool}`, arguments: { service: 'checkout-api', window: '02:00/02:30' } };
  session.said({ in: 'agent' }, { jsonrpc: '2.0', id: callId, method: 'tools/call', params });
  session.note(agent, {
    type: 'call.received',
    callId,
    server,
    tool,
    title: `${tool}: checkout-api`,
    annotations: {},
    risk: 'writes',
    argumentsBytes: 312,
    ...plainCall,
  });
  session.note(holdpoint, { type: 'call.allowed', callId, rule: { id: 'rule-1', words: 'Allowed by rule rule-1.' } });
  return callId;
}

function sent(session: SessionWriter, callId: CallId, connectionId: ConnectionId): void {
  session.said({ out: callId }, { jsonrpc: '2.0', id: callId, method: 'tools/call', params: { name: 'run_query' } });
  session.note(holdpoint, { type: 'call.sent', callId, connectionId, rpcId: callId, pace: unknownPace, limits: [] });
}

function progress(session: SessionWriter, callId: CallId, done: number): void {
  const message = stages[done % stages.length] ?? null;
  passedOn(session, callId, {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken: callId, progress: done + 1, message },
  });
  session.note(
    { kind: 'server', name: 'bench' },
    { type: 'call.progress', callId, progress: done + 1, total: null, message },
  );
}

/** What a server says of a call reaches its agent. */
function passedOn(session: SessionWriter, callId: CallId, message: Json): void {
  session.said({ in: callId }, message);
  session.said({ out: 'agent' }, message);
}

interface Question {
  readonly callId: CallId;
  readonly connectionId: ConnectionId;
  readonly server: string;
  readonly unit: number;
}

function asked(session: SessionWriter, { callId, connectionId, server, unit }: Question): void {
  const requestId = mintId('request', randomBytes);
  const params = { mode: 'form', message: `Which window is meant for alarm ${unit}?` };
  session.said({ in: callId }, { jsonrpc: '2.0', id: unit, method: 'elicitation/create', params });
  session.note(
    { kind: 'server', name: server },
    {
      type: 'request.opened',
      requestId,
      kind: 'form',
      callId,
      candidates: [],
      server,
      tool: 'investigate_alarm',
      title: `Which window is meant for alarm ${unit}?`,
      risk: 'writes',
      deadline: {
        at: session.at + 1_800_000,
        cause: 'default',
        reason: 'questions here wait 30 min',
        onExpiry: 'deny',
      },
      upstream: { connectionId, rpcId: unit },
      digest: null,
      elicitationId: null,
      earlier: null,
      ...forAll,
    },
  );
  session.note(person, { type: 'request.claimed', requestId, untilAt: session.at + 60_000 });
  session.note(person, {
    type: 'request.answered',
    requestId,
    action: 'accept',
    reason: null,
    operationId: mintId('operation', randomBytes),
    ...plainAnswered,
  });
  session.said({ out: 'control' }, { jsonrpc: '2.0', id: unit, result: { action: 'accept', content: {} } });
  session.note(holdpoint, { type: 'answer.sent', requestId, to: 'server' });
  session.note(holdpoint, { type: 'answer.accepted', requestId, status: 202 });
  session.note({ kind: 'server', name: server }, { type: 'answer.moved_on', requestId });
}

function completed(session: SessionWriter, callId: CallId): void {
  const result = { content: [{ type: 'text', text: 'Done.' }] };
  passedOn(session, callId, { jsonrpc: '2.0', id: callId, result });
  session.note(
    { kind: 'server', name: 'bench' },
    { type: 'call.completed', callId, isError: false, resultBytes: 3_100, summary: 'Done.' },
  );
  session.note(holdpoint, { type: 'call.delivered', callId });
}

function end(session: SessionWriter): void {
  const reason = 'the agent ended its session';
  session.note(agent, { type: 'session.ending', end: 'closed', reason });
  session.note(holdpoint, { type: 'session.step', detail: { step: 'agent_told', calls: 0, message: '' } });
  session.note(holdpoint, { type: 'session.ended', end: 'closed', reason });
}
