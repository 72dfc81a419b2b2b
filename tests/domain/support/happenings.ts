import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import type { EventBody, EventOf, EventType, SessionEvent } from '@/lib/domain/event';
import type {
  AgentId,
  CallId,
  ConnectionId,
  NoteId,
  OperationId,
  PersonId,
  RequestId,
  SessionId,
  TeamId,
} from '@/lib/domain/ids';
import type { ModelUsage } from '@/lib/domain/model-usage';
import { type ApprovalTerms, plainTerms, type Standing } from '@/lib/domain/policy/approval';
import type { TeamRef } from '@/lib/domain/team';
import { forAll, plainAnswered, plainCall } from '@/tests/support/desk';
import { unknownPace } from '@/lib/domain/pace';

/** One event of each type, about one session, connection, call and request. */
export const sessionId = 'ses_000000000001' as SessionId;
export const connectionId = 'con_000000000001' as ConnectionId;
export const callId = 'call_000000000001' as CallId;
export const requestId = 'req_000000000001' as RequestId;
export const otherRequestId = 'req_000000000002' as RequestId;
export const operationId = 'op_000000000001' as OperationId;
export const otherOperationId = 'op_000000000002' as OperationId;
export const ada: Extract<Actor, { kind: 'person' }> = { kind: 'person', id: 'per_ada' as PersonId, name: 'Ada' };
export const ben: Extract<Actor, { kind: 'person' }> = { kind: 'person', id: 'per_ben' as PersonId, name: 'Ben' };
export const cleo: Extract<Actor, { kind: 'person' }> = { kind: 'person', id: 'per_cleo' as PersonId, name: 'Cleo' };
export const files: Actor = { kind: 'server', name: 'files' };

export const approver: Standing = { role: 'approver', teams: [] };
export const nightTeam: TeamRef = { id: 'night' as TeamId, name: 'Night watch' };
/** Two people either way; Cleo answers for the agent. */
export const twoOfAll: ApprovalTerms = {
  ...plainTerms,
  approvals: [{ count: 2, role: null, team: null, teamName: null }],
  denials: 2,
  notBy: { id: cleo.id, name: cleo.name },
};
export const usage: ModelUsage = {
  model: 'anthropic/some',
  inputTokens: 412,
  outputTokens: 96,
  costUsd: 0.004,
  tookMs: 2_000,
};
const rule = { id: 'rule-1', words: 'Someone must look.' };

export const bodies: { readonly [T in EventType]: Extract<EventBody, { readonly type: T }> } = {
  'session.started': {
    type: 'session.started',
    agent: { id: 'agt_1' as AgentId, name: 'Night shift' },
    client: { name: 'sdk', version: '1' },
    scope: null,
    protocolVersion: '2025-11-25',
  },
  'session.ending': { type: 'session.ending', end: 'terminated', reason: 'stuck' },
  'session.step': { type: 'session.step', detail: { step: 'agent_told', calls: 1, message: 'ended' } },
  'session.ended': { type: 'session.ended', end: 'terminated', reason: 'stuck' },
  'connection.opening': {
    type: 'connection.opening',
    connectionId,
    server: 'files',
    transport: 'http',
    era: 'stateful',
  },
  'connection.ready': {
    type: 'connection.ready',
    connectionId,
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'files', version: '1' },
    hasSession: true,
  },
  'connection.reattaching': { type: 'connection.reattaching', connectionId, why: 'the stream dropped' },
  'connection.lost': { type: 'connection.lost', connectionId, why: '404' },
  'connection.closed': { type: 'connection.closed', connectionId, deleteStatus: 200 },
  'call.received': {
    type: 'call.received',
    callId,
    server: 'files',
    tool: 'write',
    title: 'Write',
    annotations: {},
    risk: 'destructive',
    argumentsBytes: 2,
    ...plainCall,
  },
  'call.held': { type: 'call.held', callId, rule, requestId },
  'call.allowed': { type: 'call.allowed', callId, rule },
  'call.denied': { type: 'call.denied', callId, rule },
  'call.sent': { type: 'call.sent', callId, connectionId, rpcId: 'rpc-1', pace: unknownPace, limits: [] },
  'call.progress': { type: 'call.progress', callId, progress: 1, total: 3, message: 'one' },
  'call.log': { type: 'call.log', callId, server: 'files', level: 'info', logger: null, text: 'hello' },
  'call.completed': { type: 'call.completed', callId, isError: false, resultBytes: 2, summary: 'done' },
  'call.failed': { type: 'call.failed', callId, error: { code: -32000, message: 'no' } },
  'call.cancelled': { type: 'call.cancelled', callId, by: 'agent', reason: 'gave up' },
  'call.cancel_ordered': { type: 'call.cancel_ordered', callId, reason: 'stuck' },
  'call.cancel_sent': { type: 'call.cancel_sent', callId, status: 202, why: null },
  'call.rejected': { type: 'call.rejected', callId, reason: 'declined' },
  'call.expired': { type: 'call.expired', callId, requestId },
  'call.indeterminate': { type: 'call.indeterminate', callId, why: 'the connection was lost' },
  'call.interrupted': { type: 'call.interrupted', callId, why: 'the session was gone', next: 'ask' },
  'call.result_lost': { type: 'call.result_lost', callId, why: 'its stream ended and cannot be resumed' },
  'call.turned_back': { type: 'call.turned_back', callId, message: 'Sign in first', requestIds: [requestId] },
  'call.urls_done': { type: 'call.urls_done', callId },
  'call.agent_left': { type: 'call.agent_left', callId, how: 'disconnected' },
  'call.agent_back': { type: 'call.agent_back', callId },
  'call.delivered': { type: 'call.delivered', callId },
  'request.opened': {
    type: 'request.opened',
    requestId,
    kind: 'form',
    callId,
    candidates: [],
    server: 'files',
    tool: 'write',
    title: 'Which folder?',
    risk: 'destructive',
    deadline: { at: 1_000_000, cause: 'default', reason: 'as configured', onExpiry: 'deny' },
    upstream: { connectionId, rpcId: 4 },
    digest: null,
    elicitationId: null,
    earlier: null,
    ...forAll,
  },
  'request.claimed': { type: 'request.claimed', requestId, untilAt: 60_000 },
  'request.released': { type: 'request.released', requestId },
  'request.answered': {
    type: 'request.answered',
    requestId,
    action: 'accept',
    reason: null,
    operationId,
    ...plainAnswered,
  },
  'request.voted': {
    type: 'request.voted',
    requestId,
    vote: 'approve',
    reason: null,
    operationId,
    as: approver,
    tookMs: 4_000,
  },
  'request.edited': {
    type: 'request.edited',
    requestId,
    digest: 'digest-2',
    changed: ['/amount'],
    rule: { id: 'rule-2', words: 'Less is for two.' },
    title: 'Write less',
    questionsTeam: null,
    sampling: 'person',
    team: null,
    alsoTeams: [],
    approval: twoOfAll,
  },
  'request.assigned': { type: 'request.assigned', requestId, to: { id: ben.id, name: ben.name } },
  'request.escalated': { type: 'request.escalated', requestId, team: nightTeam, why: 'nobody had answered it' },
  'request.noted': { type: 'request.noted', requestId, noteId: 'note_000000000001' as NoteId, mentions: [ben.id] },
  'request.drafted': { type: 'request.drafted', requestId, usage },
  'request.to_person': { type: 'request.to_person', requestId, why: 'the model did not answer' },
  'request.expired': { type: 'request.expired', requestId },
  'request.withdrawn': { type: 'request.withdrawn', requestId, why: 'the call ended' },
  'answer.sent': { type: 'answer.sent', requestId, to: 'server' },
  'answer.accepted': { type: 'answer.accepted', requestId, status: 202 },
  'answer.moved_on': { type: 'answer.moved_on', requestId },
  'answer.undelivered': { type: 'answer.undelivered', requestId, why: 'the server was gone' },
};

export const eventTypes = Object.keys(bodies) as readonly EventType[];

export interface Choice {
  readonly seq?: number;
  readonly at?: number;
  readonly actor?: Actor;
}

/** The event of a type, with fields of the body changed where a test needs it. */
export function happening<T extends EventType>(
  type: T,
  choice: Choice & { readonly body?: Partial<EventOf<T>> } = {},
): EventOf<T> {
  const { seq = 1, at = 1_000, actor = actorOf(type) } = choice;
  return { sessionId, seq, at, actor, ...bodies[type], ...choice.body } as unknown as EventOf<T>;
}

/** A whole event of a body. */
export function eventOf(body: EventBody, choice: Choice = {}): SessionEvent {
  const { seq = 1, at = 1_000, actor = actorOf(body.type) } = choice;
  return { sessionId, seq, at, actor, ...body };
}

const byPeople: ReadonlySet<EventType> = new Set<EventType>([
  'request.claimed',
  'request.released',
  'request.voted',
  'request.edited',
  'request.assigned',
  'request.noted',
  'request.drafted',
  'request.answered',
]);

function actorOf(type: EventType): Actor {
  if (byPeople.has(type)) return ada;
  return type === 'call.progress' || type === 'call.completed' ? files : holdpoint;
}
