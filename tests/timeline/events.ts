import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import type { EventBody, EventType, SessionEvent } from '@/lib/domain/event';
import type { AgentId, CallId, ConnectionId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import { forAll, plainAnswered, plainCall } from '@/tests/support/desk';
import { unknownPace } from '@/lib/domain/pace';

/** Event bodies for the timeline's tests, with the facts a test does not care about filled in. */
export const sessionId = 'ses_000000000001' as SessionId;
export const call1 = 'call_000000000001' as CallId;
export const call2 = 'call_000000000002' as CallId;
export const req1 = 'req_000000000001' as RequestId;
export const con1 = 'con_000000000001' as ConnectionId;
export const ana: Actor = { kind: 'person', id: 'per_ana' as PersonId, name: 'Ana Ruiz' };
export const mika: Actor = { kind: 'person', id: 'per_mika' as PersonId, name: 'Mika Laine' };
export const rule = { id: 'rule-1', words: 'Read-only on a trusted server.' };

type Body<T extends EventType> = Extract<EventBody, { readonly type: T }>;

export type Step = readonly [at: number, body: EventBody, actor?: Actor];

export function log(steps: readonly Step[]): readonly SessionEvent[] {
  return steps.map(([at, body, actor = holdpoint], index) => ({ sessionId, seq: index + 1, at, actor, ...body }));
}

export const started: Body<'session.started'> = {
  type: 'session.started',
  agent: { id: 'agt_1' as AgentId, name: 'oncall-copilot' },
  client: { name: 'claude-code', version: '2.1' },
  scope: null,
  protocolVersion: '2025-11-25',
};
export const opening: Body<'connection.opening'> = {
  type: 'connection.opening',
  connectionId: con1,
  server: 'accounts',
  transport: 'http',
  era: 'stateful',
};
export const ready: Body<'connection.ready'> = {
  type: 'connection.ready',
  connectionId: con1,
  protocolVersion: '2025-11-25',
  serverInfo: { name: 'accounts', version: '1.0' },
  hasSession: true,
};

export function received(callId: CallId, server = 'accounts'): Body<'call.received'> {
  return {
    type: 'call.received',
    callId,
    server,
    tool: 'request_account',
    title: 'Request account',
    annotations: {},
    risk: 'writes',
    argumentsBytes: 312,
    ...plainCall,
  };
}

export function allowed(callId: CallId): Body<'call.allowed'> {
  return { type: 'call.allowed', callId, rule };
}

export function sent(callId: CallId): Body<'call.sent'> {
  return { type: 'call.sent', callId, connectionId: con1, rpcId: `rpc ${callId}`, pace: unknownPace, limits: [] };
}

export function progress(callId: CallId, value: number): Body<'call.progress'> {
  return { type: 'call.progress', callId, progress: value, total: 9, message: 'attaching the summary' };
}

export function completed(callId: CallId): Body<'call.completed'> {
  return { type: 'call.completed', callId, isError: false, resultBytes: 3_100, summary: 'done' };
}

export function opened(requestId: RequestId, callId: CallId | null, deadlineAt = 60_000): Body<'request.opened'> {
  const deadline = { at: deadlineAt, cause: 'rule', reason: 'the rule', onExpiry: 'deny' } as const;
  const where = {
    server: 'accounts',
    tool: callId === null ? null : 'request_account',
    title: 'account details',
    risk: 'writes',
  } as const;
  return {
    type: 'request.opened',
    requestId,
    kind: 'form',
    callId,
    candidates: [],
    ...where,
    deadline,
    upstream: null,
    digest: null,
    elicitationId: null,
    earlier: null,
    ...forAll,
  };
}

export function answered(requestId: RequestId): Body<'request.answered'> {
  return {
    type: 'request.answered',
    requestId,
    action: 'accept',
    reason: null,
    operationId: 'op_1' as OperationId,
    ...plainAnswered,
  };
}

/** A recovery request of a call: whether to run it again. */
export function asksWhether(requestId: RequestId, callId: CallId): Body<'request.opened'> {
  return { ...opened(requestId, callId), kind: 'recovery', title: 'Request account' };
}

export function interrupted(callId: CallId, next: 'repeat' | 'ask'): Body<'call.interrupted'> {
  return { type: 'call.interrupted', callId, why: 'The connection to accounts was lost (404).', next };
}
