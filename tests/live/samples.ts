import type { Actor } from '@/lib/domain/actor';
import { emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { AgentId, CallId, ConnectionId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import type { Allowed, QueueItem, RequestDetail } from '@/lib/domain/request-detail';
import { type SessionSummary, summaryOf } from '@/lib/domain/summary';
import { unknownPace } from '@/lib/domain/pace';

/** A sample id of any kind: the twelve characters it needs, ending in its number. */
function body(number: number): string {
  return String(number).padStart(12, '0');
}

export const sessionId = (number: number): SessionId => `ses_${body(number)}` as SessionId;
export const requestId = (number: number): RequestId => `req_${body(number)}` as RequestId;
export const callId = (number: number): CallId => `call_${body(number)}` as CallId;
export const operationId = (number: number): OperationId => `op_${body(number)}` as OperationId;
const connectionId = `con_${body(1)}` as ConnectionId;

export const ana: Person = {
  id: 'per_ana' as PersonId,
  name: 'Ana Ruiz',
  email: 'ana@example.org',
  role: 'approver',
  teams: [],
  covers: [],
};
export const ben: Person = {
  id: 'per_ben' as PersonId,
  name: 'Ben Ode',
  email: 'ben@example.org',
  role: 'approver',
  teams: [],
  covers: [],
};
export const startedAt = 1_795_000_000_000;

const agent: Actor = { kind: 'agent', id: 'agt_one' as AgentId, name: 'nightly' };
const server: Actor = { kind: 'server', name: 'accounts' };
const byAna: Actor = { kind: 'person', id: ana.id, name: ana.name };
const byBen: Actor = { kind: 'person', id: ben.id, name: ben.name };

/** A session in which each of `calls` calls asks a person and is answered. Every event is one the lifecycles take. */
export function sessionLog(calls: number, number = 1): readonly SessionEvent[] {
  const events: SessionEvent[] = [];
  const add = (actor: Actor, event: EventBody): void => {
    const seq = events.length + 1;
    events.push({ sessionId: sessionId(number), seq, at: startedAt + seq * 1_000, actor, ...event });
  };
  const own: Actor = { kind: 'holdpoint' };
  add(agent, {
    type: 'session.started',
    agent: { id: 'agt_one' as AgentId, name: 'nightly' },
    client: null,
    scope: null,
    protocolVersion: '2025-11-25',
  });
  add(own, { type: 'connection.opening', connectionId, server: 'accounts', transport: 'http', era: 'stateful' });
  add(server, {
    type: 'connection.ready',
    connectionId,
    protocolVersion: '2025-06-18',
    serverInfo: { name: 'accounts', version: '1' },
    hasSession: true,
  });
  for (let index = 1; index <= calls; index += 1) addCall(add, number * 1_000 + index);
  return events;
}

function addCall(add: (actor: Actor, event: EventBody) => void, number: number): void {
  const own: Actor = { kind: 'holdpoint' };
  const call = callId(number);
  const request = requestId(number);
  const rule = { id: 'default-allow', words: 'Read-only on a trusted server.' };
  add(agent, {
    type: 'call.received',
    callId: call,
    server: 'accounts',
    tool: 'request_account',
    title: 'Request an account',
    annotations: {},
    risk: 'writes',
    argumentsBytes: 12,
    questionsTeam: null,
    sampling: 'person',
  });
  add(own, { type: 'call.allowed', callId: call, rule });
  add(own, { type: 'call.sent', callId: call, connectionId, rpcId: String(number), pace: unknownPace, limits: [] });
  add(server, { type: 'call.progress', callId: call, progress: 1, total: 2, message: 'looking' });
  add(server, {
    type: 'request.opened',
    requestId: request,
    kind: 'form',
    callId: call,
    candidates: [],
    server: 'accounts',
    tool: 'request_account',
    title: 'Which cost center?',
    risk: 'writes',
    deadline: { at: startedAt + 3_600_000, cause: 'default', reason: 'An hour is the default', onExpiry: 'deny' },
    upstream: { connectionId, rpcId: number },
    digest: null,
    elicitationId: null,
    earlier: null,
    team: null,
    alsoTeams: [],
    assignedTo: null,
    approval: null,
    writer: 'person',
  });
  add(byBen, { type: 'request.claimed', requestId: request, untilAt: startedAt + 60_000 });
  add(byBen, { type: 'request.released', requestId: request });
  add(byAna, {
    type: 'request.answered',
    requestId: request,
    action: 'accept',
    reason: null,
    operationId: operationId(number),
    as: null,
    tookMs: null,
    remember: null,
    usage: null,
  });
  add(own, { type: 'answer.sent', requestId: request, to: 'server' });
  add(own, { type: 'answer.accepted', requestId: request, status: 202 });
  add(server, { type: 'answer.moved_on', requestId: request });
  add(server, { type: 'call.completed', callId: call, isError: false, resultBytes: 2, summary: 'done' });
}

/** One commit as the server tells it. */
export interface Commit {
  readonly seq: number;
  readonly event: SessionEvent;
  readonly summary: SessionSummary;
  /** The request it changed, or null. */
  readonly item: QueueItem | null;
}

/** What each event of a log leads to, told the way the engine tells it. */
export function commitsOf(log: readonly SessionEvent[]): readonly Commit[] {
  const book = emptyBook();
  return log.map((event) => {
    const folded = foldEvent(book, event);
    if (!folded.ok || book.session === null)
      throw new Error(`The sample log is wrong at ${event.seq}: ${folded.ok ? 'no session' : folded.message}`);
    const request = 'requestId' in event && event.type !== 'call.held' ? book.requests.get(event.requestId) : undefined;
    const item =
      request === undefined
        ? null
        : itemOf(request, (request.callId === null ? undefined : book.calls.get(request.callId)) ?? null);
    return { seq: event.seq, event, summary: summaryOf(book, book.session), item };
  });
}

function itemOf(request: HoldRequest, call: QueueItem['call']): QueueItem {
  const agentId = 'agt_4PZ1M8W2KC6T' as AgentId;
  return { request, agent: 'nightly', agentId, call, seq: request.seq, away: null };
}

/** The commit that left a request in this state, with what a person reads of it. */
export function detailOf(commit: Commit): RequestDetail {
  if (commit.item === null) throw new Error(`Commit ${commit.seq} is of no request.`);
  const { request, call } = commit.item;
  const allowed: Allowed = request.state === 'open' ? { ok: true, why: null } : { ok: false, why: 'It is over.' };
  return {
    request,
    call,
    summary: commit.summary,
    arguments: null,
    edited: null,
    covered: [],
    ask: { message: 'Which cost center?', requestedSchema: { type: 'object', properties: {} } },
    tool: null,
    toolChange: null,
    answer: null,
    earlier: null,
    notes: [],
    models: [],
    allowed: {
      answer: allowed,
      approve: allowed,
      claim: allowed,
      edit: allowed,
      assign: allowed,
      note: allowed,
      remember: allowed,
      draft: allowed,
    },
  };
}
