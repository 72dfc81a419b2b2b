import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import type { AuditDraft } from '@/lib/domain/audit';
import type { AgentId, CallId, ConnectionId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import { unknownPace } from '@/lib/domain/pace';
import type { Commit } from '@/server/engine/ports/store';
import { team } from '@/tests/store/queue-model';
import { forAll, plainAnswered, plainCall } from '@/tests/support/desk';
import type { PastAsk } from '@/tests/support/past-ends';
import { SessionWriter } from './session-writer';

/** Minted beforehand, so that rows can be written in the order of their keys. */
export interface EndedIds {
  readonly sessionId: SessionId;
  readonly connectionId: ConnectionId;
  readonly callId: CallId;
  readonly requestId: RequestId;
  readonly operationId: OperationId;
}

/** Events of one, at the least: what asked nobody in time was never answered. */
export const fewestEvents = 14;

const protocolVersion = '2025-11-25';
const stepMs = 40;
/** Before the request is opened. */
const stepsBefore = 7;
const person: Actor = { kind: 'person', id: 'per_bench' as PersonId, name: 'Ana Ruiz' };

/**
 * A session that is over, with all that is written of one: a call whose server asked a person, its payloads, and what
 * the audit log keeps of it. Without raw messages, which are purged first and which no list reads.
 */
export function endedSession(
  ask: PastAsk,
  ids: EndedIds,
): { readonly commit: Commit; readonly acts: readonly AuditDraft[] } {
  const startedAt = ask.at - ask.tookMs - stepsBefore * stepMs;
  const past = new SessionWriter({ startedAt, stepMs, server: ask.server, sessionId: ids.sessionId });
  const agent: Actor = { kind: 'agent', id: `agt_${ask.agent}` as AgentId, name: ask.agent };
  begin(past, agent, { ask, ids });
  call(past, agent, { ask, ids });
  end(past, agent, { ask, ids });
  return { commit: past.commit(), acts: past.acts() };
}

interface Written {
  readonly ask: PastAsk;
  readonly ids: EndedIds;
}

function begin(past: SessionWriter, agent: Actor, { ask, ids }: Written): void {
  const { connectionId } = ids;
  past.note(agent, {
    type: 'session.started',
    agent: { id: `agt_${ask.agent}` as AgentId, name: ask.agent },
    client: { name: ask.agent, version: '2.1.0' },
    scope: null,
    protocolVersion,
  });
  past.note(holdpoint, {
    type: 'connection.opening',
    connectionId,
    server: ask.server,
    transport: 'http',
    era: 'stateful',
  });
  past.note(serverOf(ask), {
    type: 'connection.ready',
    connectionId,
    protocolVersion,
    serverInfo: { name: ask.server, version: '1.4.0' },
    hasSession: true,
  });
}

function call(past: SessionWriter, agent: Actor, { ask, ids }: Written): void {
  const { callId, connectionId } = ids;
  const { server, tool } = ask;
  const args = { service: 'checkout-api', window: '30m', attempt: 1 };
  const result = { content: [{ type: 'text', text: `${tool} is done on ${server}.` }] };
  past.keep(callId, { arguments: args, result });
  past.note(agent, {
    type: 'call.received',
    callId,
    server,
    tool,
    title: `${tool}: checkout-api`,
    annotations: {},
    risk: 'writes',
    argumentsBytes: JSON.stringify(args).length,
    ...plainCall,
  });
  past.note(holdpoint, { type: 'call.allowed', callId, rule: { id: 'rule-1', words: 'Allowed by rule rule-1.' } });
  past.note(holdpoint, { type: 'call.sent', callId, connectionId, rpcId: callId, pace: unknownPace, limits: [] });
  question(past, { ask, ids });
  past.wait(ask.workMs);
  past.note(serverOf(ask), {
    type: 'call.completed',
    callId,
    isError: false,
    resultBytes: JSON.stringify(result).length,
    summary: `${tool} is done on ${server}.`,
  });
  past.note(holdpoint, { type: 'call.delivered', callId });
}

function question(past: SessionWriter, { ask, ids }: Written): void {
  const { server, tool } = ask;
  const { requestId, callId, connectionId } = ids;
  const title = `Go on with ${tool} on ${server}?`;
  const requestedSchema = {
    type: 'object',
    properties: { reason: { type: 'string', title: 'Reason' } },
    required: ['reason'],
  };
  past.keep(requestId, { ask: { message: title, requestedSchema } });
  past.note(serverOf(ask), {
    type: 'request.opened',
    requestId,
    kind: 'form',
    callId,
    candidates: [],
    server,
    tool,
    title,
    risk: 'writes',
    deadline: { at: past.at + 1_200_000, cause: 'default', reason: 'questions here wait 20 min', onExpiry: 'deny' },
    upstream: { connectionId, rpcId: 0 },
    digest: null,
    elicitationId: null,
    earlier: null,
    ...forAll,
    team: ask.team === null ? null : team(ask.team),
  });
  past.wait(ask.tookMs);
  if (ask.became === 'expired') return past.note(holdpoint, { type: 'request.expired', requestId });
  const { operationId } = ids;
  if (ask.became === 'accept') past.keep(requestId, { answer: { reason: 'The queue has not moved for ten minutes.' } });
  past.note(person, {
    type: 'request.answered',
    requestId,
    action: ask.became,
    reason: ask.became === 'decline' ? 'Not during the sale.' : null,
    operationId,
    ...plainAnswered,
  });
  past.note(holdpoint, { type: 'answer.sent', requestId, to: 'server' });
  past.note(holdpoint, { type: 'answer.accepted', requestId, status: 202 });
  past.note(serverOf(ask), { type: 'answer.moved_on', requestId });
}

function end(past: SessionWriter, agent: Actor, { ask, ids }: Written): void {
  const { connectionId } = ids;
  const { end: how, server } = ask;
  const reason = reasons[how];
  if (how === 'lost') past.note(holdpoint, { type: 'connection.lost', connectionId, why: reason });
  past.note(how === 'closed' ? agent : how === 'terminated' ? person : holdpoint, {
    type: 'session.ending',
    end: how,
    reason,
  });
  if (how !== 'lost') {
    const detail = { step: 'delete_sent', connectionId, server, status: 200, why: null } as const;
    past.note(holdpoint, { type: 'session.step', detail });
    past.note(holdpoint, { type: 'connection.closed', connectionId, deleteStatus: 200 });
  }
  past.note(holdpoint, { type: 'session.ended', end: how, reason });
}

const reasons = {
  closed: 'The agent ended its session.',
  idle: 'Nothing was asked of it for 15 min.',
  terminated: 'It was stuck.',
  lost: 'Its server did not come back.',
} as const;

function serverOf({ server }: PastAsk): Actor {
  return { kind: 'server', name: server };
}
