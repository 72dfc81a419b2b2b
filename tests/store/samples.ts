import type { Call, CallFacts } from '@/lib/domain/call';
import type { Connection } from '@/lib/domain/connection';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { AgentId, CallId, ConnectionId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import { mintId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';
import { plainTerms } from '@/lib/domain/policy/approval';
import type { Claim, HoldRequest, RequestFacts } from '@/lib/domain/request';
import type { SessionSummary } from '@/lib/domain/summary';
import type { AgentCall, Attachment, Commit } from '@/server/engine/ports/store';
import { randomBytes } from 'node:crypto';
import { unknownPace } from '@/lib/domain/pace';
import { neverBack } from '@/tests/support/desk';

/** Things of the domain as a store is given them. */
const random = (count: number): Uint8Array => randomBytes(count);

export const newSessionId = (): SessionId => mintId('session', random);
export const newCallId = (): CallId => mintId('call', random);
export const newRequestId = (): RequestId => mintId('request', random);
export const newConnectionId = (): ConnectionId => mintId('connection', random);

export const agent = { id: 'agt_TESTAGENT001' as AgentId, name: 'Night shift' };
const person = { id: 'per_1' as PersonId, name: 'Ada' };

export function commitOf(sessionId: SessionId, parts: Partial<Omit<Commit, 'sessionId'>>): Commit {
  const empty = {
    events: [],
    connections: [],
    calls: [],
    requests: [],
    payloads: [],
    attachments: [],
    cursors: [],
    agentCalls: [],
    audit: [],
    raw: [],
  };
  return { ...empty, summary: null, ...parts, sessionId };
}

export function eventOf(sessionId: SessionId, seq: number, body: EventBody): SessionEvent {
  return { sessionId, seq, at: 1_764_000_000_000 + seq, actor: { kind: 'holdpoint' }, ...body };
}

export function logEvent(sessionId: SessionId, seq: number, text = `line ${seq}`): SessionEvent {
  return eventOf(sessionId, seq, {
    type: 'call.log',
    callId: null,
    server: 'files',
    level: 'info',
    logger: null,
    text,
  });
}

interface SummaryChoice {
  readonly startedAt?: number;
  readonly state?: 'active' | 'ended';
  readonly name?: string;
  readonly servers?: readonly string[];
  readonly client?: string;
}

export function summaryOf(sessionId: SessionId, choice: SummaryChoice = {}): SessionSummary {
  const startedAt = choice.startedAt ?? 1_764_000_000_000;
  const facts = {
    sessionId,
    agent: { id: agent.id, name: choice.name ?? agent.name },
    client: choice.client === undefined ? null : { name: choice.client, version: '1' },
    scope: null,
    protocolVersion: '2025-11-25',
    startedAt,
  };
  const ended = { state: 'ended', end: 'closed', reason: 'done', endedAt: startedAt + 5 } as const;
  return {
    session: choice.state === 'ended' ? { ...facts, ...ended } : { ...facts, state: 'active' },
    seq: 7,
    lastEventAt: startedAt + 5,
    servers: choice.servers ?? ['files'],
    openCalls: 1,
    totalCalls: 41,
    openRequests: 1,
    teams: [],
    waits: { person: null, model: null, servers: [], quietSinceAt: startedAt },
    limit: null,
    away: [],
    progress: null,
  };
}

function callFacts(callId: CallId): CallFacts {
  const rule = { id: 'default-hold', words: 'A person decides.' };
  const facts = {
    callId,
    server: 'files',
    tool: 'write',
    title: 'Write',
    annotations: {},
    risk: 'destructive',
  } as const;
  const plain = { ...neverBack, edited: false, questionsTeam: null, sampling: 'person' } as const;
  return { ...facts, receivedAt: 1_764_000_000_100, rule, runs: 0, agentLeft: null, ...plain };
}

export function workingCall(callId: CallId, connectionId = newConnectionId()): Extract<Call, { state: 'working' }> {
  const sent = { connectionId, rpcId: `rpc-${callId}`, sentAt: 1_764_000_000_200 };
  const signs = { lastSignAt: 1_764_000_000_200, pace: unknownPace, limits: [], progress: null, resultLost: null };
  return { ...callFacts(callId), ...sent, ...signs, runs: 1, state: 'working' };
}

export function heldCall(callId: CallId): Call {
  const waits = { reasons: ['approval'] as const, requestIds: [newRequestId()], interrupted: null };
  return { ...callFacts(callId), ...waits, state: 'held' };
}

export function completedCall(call: Extract<Call, { state: 'working' }>): Call {
  const { connectionId, rpcId, sentAt } = call;
  const end = { endedAt: sentAt + 9, sent: { connectionId, rpcId, sentAt }, deliveredAt: null };
  return { ...callFacts(call.callId), ...end, runs: call.runs, state: 'completed', isError: false, summary: 'ok' };
}

interface RequestChoice {
  readonly state?: HoldRequest['state'];
  readonly openedAt?: number;
  readonly title?: string;
  readonly callId?: CallId;
  /** Any other facts. */
  readonly facts?: Partial<RequestFacts>;
  readonly claim?: Claim | null;
}

export function requestOf(sessionId: SessionId, requestId: RequestId, choice: RequestChoice = {}): HoldRequest {
  const openedAt = choice.openedAt ?? 1_764_000_000_300;
  const facts: RequestFacts = {
    requestId,
    sessionId,
    kind: 'approval',
    callId: choice.callId ?? null,
    candidates: [],
    server: 'files',
    tool: 'write',
    title: choice.title ?? 'Write a file?',
    risk: 'destructive',
    deadline: { at: openedAt + 60_000, cause: 'default', reason: 'as configured', onExpiry: 'deny' },
    upstream: null,
    digest: 'sha256:0',
    elicitationId: null,
    earlier: null,
    team: null,
    alsoTeams: [],
    assignedTo: null,
    approval: plainTerms,
    votes: [],
    edited: [],
    writer: 'person',
    notes: 0,
    openedAt,
    seq: 2,
    revision: 1,
    ...choice.facts,
  };
  const answer = {
    by: { kind: 'person', ...person },
    action: 'accept',
    reason: null,
    operationId: 'op_0123456789AB' as OperationId,
    savedAt: openedAt + 1,
    tookMs: null,
    remember: null,
    usage: null,
  } as const;
  const receipt = { to: null, sentAt: null, acceptedAt: null, movedOnAt: null };
  const state = choice.state ?? 'open';
  switch (state) {
    case 'open':
      return { ...facts, state, claim: choice.claim ?? null };
    case 'answered':
    case 'delivered':
      return { ...facts, state, answer, receipt };
    case 'undelivered':
      return { ...facts, state, answer, receipt, why: 'the server was gone' };
    case 'expired':
      return { ...facts, state, endedAt: openedAt + 2 };
    case 'withdrawn':
      return { ...facts, state, endedAt: openedAt + 2, why: 'the call ended' };
  }
}

export function connectionOf(connectionId: ConnectionId, state: 'ready' | 'closed' = 'ready'): Connection {
  const facts = {
    connectionId,
    server: 'files',
    transport: 'http',
    era: 'stateful',
    openedAt: 1_764_000_000_050,
  } as const;
  if (state === 'closed') return { ...facts, state, endedAt: 1_764_000_000_900, deleteStatus: 200 };
  return {
    ...facts,
    state,
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'files', version: '1' },
    hasSession: true,
  };
}

export function attachmentOf(
  sessionId: SessionId,
  connectionId: ConnectionId,
  process: Attachment['facts']['process'] = null,
): Attachment {
  const agreed = { transport: 'http', protocolVersion: '2025-11-25', mcpSessionId: 'mcp-session-\u00e9' } as const;
  const server = { serverInfo: { name: 'files', version: '1' }, capabilities: { tools: { listChanged: true } } };
  return { connectionId, sessionId, facts: { ...agreed, ...server, instructions: null, process } };
}

export function agentCallOf(sessionId: SessionId, choice: Partial<AgentCall> = {}): AgentCall {
  const facts = { callId: newCallId(), sessionId, agentId: agent.id, key: null, digest: 'sha256:0', task: null };
  return { ...facts, createdAt: 1_764_000_000_400, ...choice };
}

export function rawOf(
  sessionId: SessionId,
  seq: number,
  message: Json = { jsonrpc: '2.0', method: 'ping' },
): RawMessage {
  const place = { side: 'server', direction: 'in', server: 'files', connectionId: null, stream: 'standalone' } as const;
  return { sessionId, seq, at: 1_764_000_000_000 + seq, ...place, message };
}
