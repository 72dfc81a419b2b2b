import type { Call } from '@/lib/domain/call';
import type { AgentId, CallId, ConnectionId, RequestId, SessionId } from '@/lib/domain/ids';
import type { HoldRequest, OpenRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';

export const openedAt = 1_800_000_000_000;
export const firstConnection = 'con_000000000001' as ConnectionId;

const sessionId = 'ses_000000000001' as SessionId;
const callId = 'call_000000000001' as CallId;

/** A question a server asked in a call, with facts a test may replace. */
export function openForm(id: string): OpenRequest {
  return {
    requestId: id as RequestId,
    sessionId,
    kind: 'form',
    callId,
    candidates: [],
    server: 'accounts',
    tool: 'request_account',
    title: 'Which cost center?',
    risk: 'writes',
    deadline: { at: openedAt + 600_000, cause: 'default', reason: 'questions here wait 10 min', onExpiry: 'deny' },
    upstream: { connectionId: firstConnection, rpcId: 1 },
    digest: null,
    elicitationId: null,
    earlier: null,
    openedAt,
    seq: 1,
    revision: 1,
    state: 'open',
    claim: null,
  };
}

const callFacts = {
  callId,
  server: 'accounts',
  tool: 'request_account',
  title: 'Request account',
  annotations: {},
  risk: 'writes',
  receivedAt: openedAt - 1_000,
  rule: null,
  runs: 1,
  agentLeft: null,
} as const;
const sentFacts = { connectionId: firstConnection, rpcId: '7', sentAt: openedAt - 900 };

export function workingCall(resultLost: string | null): Call {
  return { ...callFacts, ...sentFacts, state: 'working', lastSignAt: openedAt, progress: null, resultLost };
}

/** Cut off at `at`, and waiting for a person. */
export function cutOffCall(at: number): Call {
  const interrupted = { sent: sentFacts, why: 'The connection to accounts was lost (404).', at, progress: null };
  const requestIds = ['req_000000000099' as RequestId];
  return { ...callFacts, state: 'held', reasons: ['recovery'], requestIds, interrupted };
}

export function detailWith(request: HoldRequest, parts: Partial<RequestDetail> = {}): RequestDetail {
  const session = {
    sessionId,
    agent: { id: 'agt_1' as AgentId, name: 'release-pilot' },
    client: null,
    scope: null,
    protocolVersion: '2025-11-25',
    startedAt: openedAt,
    state: 'active',
  } as const;
  return {
    request,
    call: null,
    summary: {
      session,
      seq: 1,
      lastEventAt: openedAt,
      servers: ['accounts'],
      openCalls: 1,
      totalCalls: 1,
      openRequests: 1,
      verdict: { on: 'nobody', sinceAt: openedAt },
      progress: null,
    },
    arguments: null,
    ask: null,
    tool: null,
    answer: null,
    earlier: null,
    allowed: { answer: { ok: true, why: null }, claim: { ok: true, why: null } },
    ...parts,
  };
}
