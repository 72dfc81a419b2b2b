import { type Advance, next } from './advance';
import type { EventOf, RpcError, RuleRef, SessionEvent } from './event';
import type { CallId, ConnectionId, RequestId } from './ids';
import { refuse } from './refusal';
import type { Risk, ToolAnnotations } from './tool';

/** Why a call is held: a set of reasons, not a flag. It is sent only when none is left but `sending`. */
export type HoldReason = 'policy' | 'approval' | 'sending';

export interface CallFacts {
  readonly callId: CallId;
  readonly server: string;
  readonly tool: string;
  readonly title: string;
  readonly annotations: ToolAnnotations;
  readonly risk: Risk;
  readonly receivedAt: number;
  readonly rule: RuleRef | null;
}

/** True of a call whose bytes went out. */
export interface SentFacts {
  readonly connectionId: ConnectionId;
  readonly rpcId: string;
  readonly sentAt: number;
}

export interface Progress {
  readonly progress: number;
  readonly total: number | null;
  readonly message: string | null;
  readonly at: number;
}

interface UnderWay extends CallFacts, SentFacts {
  /** The last sign of life from the server. */
  readonly lastSignAt: number;
  readonly progress: Progress | null;
}

interface Ended extends CallFacts {
  readonly endedAt: number;
  readonly sent: SentFacts | null;
  /** When the outcome was handed to the agent; null while it waits for collection. */
  readonly deliveredAt: number | null;
}

export type HeldCall = CallFacts & {
  readonly state: 'held';
  readonly reasons: readonly HoldReason[];
  readonly requestIds: readonly RequestId[];
};
export type WorkingCall = UnderWay & { readonly state: 'working' };
export type WaitingCall = UnderWay & { readonly state: 'input_required'; readonly requestIds: readonly RequestId[] };
export type EndedCall = Ended &
  (
    | { readonly state: 'completed'; readonly isError: boolean; readonly summary: string }
    | { readonly state: 'failed'; readonly error: RpcError }
    | { readonly state: 'cancelled'; readonly by: 'agent' | 'ending' | 'server'; readonly reason: string }
    | { readonly state: 'rejected'; readonly reason: string }
    | { readonly state: 'expired' }
    | { readonly state: 'indeterminate'; readonly why: string }
  );

/** One tool call: the durable unit. */
export type Call = HeldCall | WorkingCall | WaitingCall | EndedCall;
export type CallState = Call['state'];

export type CallEffect =
  | { readonly effect: 'send_call'; readonly callId: CallId }
  | { readonly effect: 'settle_call'; readonly callId: CallId };

/** Every event that concerns one call, those of its requests included. */
export type CallEvent = Extract<SessionEvent, { readonly type: `call.${string}` | `request.${string}` }>;
type Step = Advance<Call, CallEffect>;

const openStates: ReadonlySet<CallState> = new Set(['held', 'working', 'input_required']);

export function isOpenCall(call: Call): call is HeldCall | WorkingCall | WaitingCall {
  return openStates.has(call.state);
}

export function wasSent(call: Call): boolean {
  return sentOf(call) !== null;
}

/** The sent facts of a call, null when no byte of it left. */
export function sentOf(call: Call): SentFacts | null {
  switch (call.state) {
    case 'held':
      return null;
    case 'working':
    case 'input_required':
      return { connectionId: call.connectionId, rpcId: call.rpcId, sentAt: call.sentAt };
    default:
      return call.sent;
  }
}

export function receiveCall(event: EventOf<'call.received'>): Call {
  const { callId, server, tool, title, annotations, risk } = event;
  return {
    callId,
    server,
    tool,
    title,
    annotations,
    risk,
    receivedAt: event.at,
    rule: null,
    state: 'held',
    reasons: ['policy'],
    requestIds: [],
  };
}

/** The call lifecycle of DESIGN.md; its whole state-by-event table is `tests/domain/call.test.ts`. */
export function advanceCall(call: Call, event: CallEvent): Step {
  if (event.type === 'call.log' || event.type === 'request.claimed' || event.type === 'request.released')
    return next(call);
  switch (call.state) {
    case 'held':
      return advanceHeld(call, event);
    case 'working':
    case 'input_required':
      return advanceUnderWay(call, event);
    default:
      return advanceEnded(call, event);
  }
}

function advanceHeld(call: HeldCall, event: CallEvent): Step {
  switch (event.type) {
    case 'call.held':
      return call.reasons.includes('policy')
        ? next({ ...call, rule: event.rule, reasons: ['approval'], requestIds: [event.requestId] })
        : no(call, event);
    case 'call.allowed':
      return call.reasons.includes('sending')
        ? no(call, event)
        : next({ ...call, rule: event.rule, reasons: ['sending'] }, { effect: 'send_call', callId: call.callId });
    case 'call.denied':
      return end({ ...call, rule: event.rule }, event.at, { state: 'rejected', reason: event.rule.words });
    case 'call.sent': {
      if (!call.reasons.includes('sending')) return no(call, event);
      const { reasons: _reasons, requestIds: _requestIds, state: _state, ...facts } = call;
      const sent = { connectionId: event.connectionId, rpcId: event.rpcId, sentAt: event.at };
      return next({ ...facts, ...sent, state: 'working', lastSignAt: event.at, progress: null });
    }
    case 'request.opened':
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
      return next(call);
    default:
      return advanceToEnd(call, event);
  }
}

function advanceUnderWay(call: WorkingCall | WaitingCall, event: CallEvent): Step {
  switch (event.type) {
    case 'call.progress': {
      const { progress, total, message, at } = event;
      return next({ ...call, progress: { progress, total, message, at }, lastSignAt: at });
    }
    case 'request.opened': {
      const before = call.state === 'input_required' ? call.requestIds : [];
      return next({ ...call, state: 'input_required', requestIds: [...before, event.requestId], lastSignAt: event.at });
    }
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
      return next(withoutRequest(call, event));
    case 'call.held':
    case 'call.allowed':
    case 'call.denied':
    case 'call.sent':
      return no(call, event);
    default:
      return advanceToEnd(call, event);
  }
}

function withoutRequest(
  call: WorkingCall | WaitingCall,
  event: EventOf<'request.answered' | 'request.expired' | 'request.withdrawn'>,
): Call {
  if (call.state === 'working') return call;
  const requestIds = call.requestIds.filter((id) => id !== event.requestId);
  if (requestIds.length > 0) return { ...call, requestIds };
  const { requestIds: _none, ...rest } = call;
  return { ...rest, state: 'working', lastSignAt: event.at };
}

function advanceToEnd(call: HeldCall | WorkingCall | WaitingCall, event: CallEvent): Step {
  switch (event.type) {
    case 'call.completed':
      return wasSent(call)
        ? end(call, event.at, { state: 'completed', isError: event.isError, summary: event.summary })
        : no(call, event);
    case 'call.failed':
      return end(call, event.at, { state: 'failed', error: event.error });
    case 'call.cancelled':
      return end(call, event.at, { state: 'cancelled', by: event.by, reason: event.reason });
    case 'call.rejected':
      return wasSent(call) ? no(call, event) : end(call, event.at, { state: 'rejected', reason: event.reason });
    case 'call.expired':
      return end(call, event.at, { state: 'expired' });
    case 'call.indeterminate':
      return wasSent(call) ? end(call, event.at, { state: 'indeterminate', why: event.why }) : no(call, event);
    default:
      return no(call, event);
  }
}

function advanceEnded(call: EndedCall, event: CallEvent): Step {
  switch (event.type) {
    case 'call.delivered':
      return call.deliveredAt === null ? next({ ...call, deliveredAt: event.at }) : next(call);
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
      return next(call);
    default:
      return no(call, event);
  }
}

type Outcome =
  | Pick<Extract<EndedCall, { state: 'completed' }>, 'state' | 'isError' | 'summary'>
  | Pick<Extract<EndedCall, { state: 'failed' }>, 'state' | 'error'>
  | Pick<Extract<EndedCall, { state: 'cancelled' }>, 'state' | 'by' | 'reason'>
  | Pick<Extract<EndedCall, { state: 'rejected' }>, 'state' | 'reason'>
  | Pick<Extract<EndedCall, { state: 'expired' }>, 'state'>
  | Pick<Extract<EndedCall, { state: 'indeterminate' }>, 'state' | 'why'>;

function end(call: HeldCall | WorkingCall | WaitingCall, at: number, outcome: Outcome): Step {
  const { callId, server, tool, title, annotations, risk, receivedAt, rule } = call;
  const facts: CallFacts = { callId, server, tool, title, annotations, risk, receivedAt, rule };
  const ended: EndedCall = { ...facts, endedAt: at, sent: sentOf(call), deliveredAt: null, ...outcome };
  return next<Call, CallEffect>(ended, { effect: 'settle_call', callId });
}

function no(call: Call, event: CallEvent): Step {
  return refuse('not_allowed_now', `A ${call.state} call does not take ${event.type}.`);
}
