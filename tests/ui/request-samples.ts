import type { Call } from '@/lib/domain/call';
import type { AgentId, CallId, ConnectionId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import { type Person, standingOf } from '@/lib/domain/permission';
import { type ApprovalTerms, plainTerms, type Vote } from '@/lib/domain/policy/approval';
import type { HoldRequest, OpenRequest } from '@/lib/domain/request';
import type { Allowed, RequestDetail } from '@/lib/domain/request-detail';
import { unknownPace } from '@/lib/domain/pace';

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
    team: null,
    alsoTeams: [],
    assignedTo: null,
    approval: null,
    votes: [],
    edited: [],
    writer: 'person',
    notes: 0,
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
  turnedBack: 0,
  mayHaveRun: false,
  agentLeft: null,
  edited: false,
  questionsTeam: null,
  sampling: 'person',
} as const;
const sentFacts = { connectionId: firstConnection, rpcId: '7', sentAt: openedAt - 900 };

export function workingCall(resultLost: string | null): Call {
  return {
    ...callFacts,
    ...sentFacts,
    state: 'working',
    lastSignAt: openedAt,
    pace: unknownPace,
    limits: [],
    progress: null,
    resultLost,
  };
}

/** Cut off at `at`, and waiting for a person. */
export function cutOffCall(at: number): Call {
  const interrupted = { sent: sentFacts, why: 'The connection to accounts was lost (404).', at, progress: null };
  const requestIds = ['req_000000000099' as RequestId];
  return { ...callFacts, state: 'held', reasons: ['recovery'], requestIds, interrupted };
}

const yes: Allowed = { ok: true, why: null };

export function personOf(id: string, name: string, role: Person['role'] = 'approver'): Person {
  return { id: `per_${id}` as PersonId, name, email: `${id}@example.org`, role, teams: [], covers: [] };
}

export const ana = personOf('ana', 'Ana Ruiz');
export const lena = personOf('lena', 'Lena Koch');
export const ada = personOf('ada', 'Ada Admin', 'admin');

/** "2 people, or 1 admin", with what a test replaces. */
export function termsWith(parts: Partial<ApprovalTerms> = {}): ApprovalTerms {
  const approvals = [
    { count: 2, role: null, team: null, teamName: null },
    { count: 1, role: 'admin', team: null, teamName: null },
  ] as const;
  return { ...plainTerms, approvals, mayRemember: true, ...parts };
}

export function voteBy(person: Person, vote: Vote['vote'], reason: string | null = null): Vote {
  const by = { id: person.id, name: person.name };
  return {
    by,
    as: standingOf(person),
    vote,
    reason,
    operationId: 'op_000000000001' as OperationId,
    earlier: [],
    at: openedAt,
  };
}

/** A call that waits for people to approve it. */
export function openApproval(id: string, parts: Partial<OpenRequest> = {}): OpenRequest {
  const approval = termsWith();
  return {
    ...openForm(id),
    kind: 'approval',
    tool: 'issue_refund',
    title: 'Refund',
    upstream: null,
    approval,
    ...parts,
  };
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
      teams: [],
      waits: { person: null, model: null, servers: [], quietSinceAt: openedAt },
      limit: null,
      away: [],
      progress: null,
    },
    arguments: null,
    ask: null,
    tool: null,
    toolChange: null,
    answer: null,
    earlier: null,
    edited: null,
    covered: [],
    notes: [],
    models: [],
    allowed: {
      answer: yes,
      approve: yes,
      claim: yes,
      edit: yes,
      assign: yes,
      note: yes,
      remember: yes,
      draft: yes,
    },
    ...parts,
  };
}
