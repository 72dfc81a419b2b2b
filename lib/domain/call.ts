import { type Advance, next } from './advance';
import type { CallLimit } from './deadline';
import type { AgentLeft, EventOf, RpcError, RuleRef, SessionEvent, Writer } from './event';
import type { CallId, ConnectionId, RequestId, TeamId } from './ids';
import type { Pace } from './pace';
import { refuse } from './refusal';
import type { Risk, ToolAnnotations } from './tool';
import { turnedBack } from './turn-back';

/**
 * Why a call is held: a set of reasons, not a flag. It is sent only when none is left but `sending`. One held for
 * `recovery` was sent before: whether that took effect is not known, and a person decides. One held for `urls` was
 * sent, too: its server said that it was not run, and which pages are to be visited first.
 */
export type HoldReason = 'policy' | 'approval' | 'recovery' | 'urls' | 'sending';

export interface CallFacts {
  readonly callId: CallId;
  readonly server: string;
  readonly tool: string;
  readonly title: string;
  readonly annotations: ToolAnnotations;
  readonly risk: Risk;
  readonly receivedAt: number;
  readonly rule: RuleRef | null;
  /** How often it was sent. */
  readonly runs: number;
  /** How often its server sent it back unrun, for pages to be visited first. */
  readonly turnedBack: number;
  /** Whether a sending of it was cut off, and may have taken effect all the same. */
  readonly mayHaveRun: boolean;
  /** How its agent stopped waiting at it; null while it waits. */
  readonly agentLeft: AgentLeft | null;
  /** Whether people changed its arguments: what is sent is not what the agent asked. */
  readonly edited: boolean;
  /** Whom its server's questions are for; null for everyone who may answer. */
  readonly questionsTeam: TeamId | null;
  /** Who writes when its server asks for a model's words. */
  readonly sampling: Writer;
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

/** A sending whose connection was lost before its outcome. */
export interface Interruption {
  readonly sent: SentFacts;
  readonly why: string;
  readonly at: number;
  /** The last that was heard of it. */
  readonly progress: Progress | null;
}

interface UnderWay extends CallFacts, SentFacts {
  /** The last sign of life from the server: progress, a log message, a question; or when its question was settled. */
  readonly lastSignAt: number;
  readonly pace: Pace;
  readonly limits: readonly CallLimit[];
  readonly progress: Progress | null;
  /** Why its result cannot come any more although its session lives; null while it can. */
  readonly resultLost: string | null;
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
  /** What it waits for; of one held for `urls`, the pages that are not done. */
  readonly requestIds: readonly RequestId[];
  readonly interrupted: Interruption | null;
};
export type WorkingCall = UnderWay & { readonly state: 'working' };
export type WaitingCall = UnderWay & { readonly state: 'input_required'; readonly requestIds: readonly RequestId[] };
export type EndedCall = Ended &
  (
    | { readonly state: 'completed'; readonly isError: boolean; readonly summary: string }
    | { readonly state: 'failed'; readonly error: RpcError }
    | { readonly state: 'cancelled'; readonly by: 'agent' | 'ending' | 'server' | 'person'; readonly reason: string }
    | { readonly state: 'rejected'; readonly reason: string }
    | { readonly state: 'expired' }
    | { readonly state: 'indeterminate'; readonly why: string }
  );

/** One tool call: the durable unit. */
export type Call = HeldCall | WorkingCall | WaitingCall | EndedCall;
export type OpenCall = HeldCall | WorkingCall | WaitingCall;
export type CallState = Call['state'];

export type CallEffect =
  | { readonly effect: 'send_call'; readonly callId: CallId }
  | { readonly effect: 'settle_call'; readonly callId: CallId };

/** Every event that concerns one call, those of its requests included. */
export type CallEvent = Extract<SessionEvent, { readonly type: `call.${string}` | `request.${string}` }>;
type Step = Advance<Call, CallEffect>;

const openStates: ReadonlySet<CallState> = new Set(['held', 'working', 'input_required']);

export function isOpenCall(call: Call): call is OpenCall {
  return openStates.has(call.state);
}

/** Its server has it, as far as is known. */
export function isUnderWay(call: Call): call is WorkingCall | WaitingCall {
  return call.state === 'working' || call.state === 'input_required';
}

export function wasSent(call: Call): boolean {
  return sentOf(call) !== null;
}

/** The facts of a call's last sending; null when no byte of it ever left, or its server said that it was not run. */
export function sentOf(call: Call): SentFacts | null {
  switch (call.state) {
    case 'held':
      return call.interrupted?.sent ?? null;
    case 'working':
    case 'input_required':
      return { connectionId: call.connectionId, rpcId: call.rpcId, sentAt: call.sentAt };
    default:
      return call.sent;
  }
}

export function receiveCall(event: EventOf<'call.received'>): Call {
  const { callId, server, tool, title, annotations, risk, questionsTeam, sampling } = event;
  return {
    callId,
    server,
    tool,
    title,
    annotations,
    risk,
    receivedAt: event.at,
    rule: null,
    runs: 0,
    turnedBack: 0,
    mayHaveRun: false,
    agentLeft: null,
    edited: false,
    questionsTeam,
    sampling,
    state: 'held',
    reasons: ['policy'],
    requestIds: [],
    interrupted: null,
  };
}

/** The call lifecycle of DESIGN.md; its whole state-by-event table is `tests/domain/call.test.ts`. */
export function advanceCall(call: Call, event: CallEvent): Step {
  if (event.type === 'call.log') return next(isUnderWay(call) ? { ...call, lastSignAt: event.at } : call);
  if (isBeside(event)) return next(call);
  if (event.type === 'call.agent_left')
    return next(call.agentLeft === event.how ? call : { ...call, agentLeft: event.how });
  if (event.type === 'call.agent_back') return next(call.agentLeft === null ? call : { ...call, agentLeft: null });
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

type BesideEvent = EventOf<
  | 'call.cancel_ordered'
  | 'call.cancel_sent'
  | 'request.claimed'
  | 'request.released'
  | 'request.voted'
  | 'request.assigned'
  | 'request.escalated'
  | 'request.noted'
  | 'request.drafted'
  | 'request.to_person'
>;

type MovingEvent = Exclude<CallEvent, BesideEvent | EventOf<'call.log'>>;

const beside: ReadonlySet<CallEvent['type']> = new Set<BesideEvent['type']>([
  'call.cancel_ordered',
  'call.cancel_sent',
  'request.claimed',
  'request.released',
  'request.voted',
  'request.assigned',
  'request.escalated',
  'request.noted',
  'request.drafted',
  'request.to_person',
]);

/** What people do about a request while it is open is nothing to its call. */
function isBeside(event: CallEvent): event is BesideEvent {
  return beside.has(event.type);
}

function advanceHeld(call: HeldCall, event: MovingEvent): Step {
  switch (event.type) {
    case 'call.held':
      return call.reasons.includes('policy')
        ? next({ ...call, rule: event.rule, reasons: ['approval'], requestIds: [event.requestId] })
        : no(call, event);
    case 'call.allowed':
      return call.reasons.includes('sending') || call.reasons.includes('urls')
        ? no(call, event)
        : next({ ...call, rule: event.rule, reasons: ['sending'] }, { effect: 'send_call', callId: call.callId });
    case 'call.denied':
      return call.runs > 0
        ? no(call, event)
        : end({ ...call, rule: event.rule }, event.at, { state: 'rejected', reason: event.rule.words });
    case 'call.sent': {
      if (!call.reasons.includes('sending')) return no(call, event);
      const { reasons: _reasons, requestIds: _requestIds, interrupted: _interrupted, state: _state, ...facts } = call;
      const sent = { connectionId: event.connectionId, rpcId: event.rpcId, sentAt: event.at };
      const { pace, limits } = event;
      const fresh = { lastSignAt: event.at, pace, limits, progress: null, resultLost: null };
      return next({ ...facts, ...sent, ...fresh, runs: call.runs + 1, state: 'working' });
    }
    case 'call.interrupted':
      // It could not be sent again: whether it should be is now a person's to say.
      return call.interrupted !== null && call.reasons.includes('sending') && event.next === 'ask'
        ? next({ ...call, reasons: ['recovery'], requestIds: [], interrupted: { ...call.interrupted, why: event.why } })
        : no(call, event);
    case 'call.urls_done':
      return call.reasons.includes('urls') && call.requestIds.length === 0
        ? next<Call, CallEffect>({ ...call, reasons: ['sending'] }, { effect: 'send_call', callId: call.callId })
        : no(call, event);
    case 'request.edited':
      return call.reasons.includes('approval')
        ? next({
            ...call,
            edited: event.changed.length > 0,
            rule: event.rule,
            title: event.title,
            questionsTeam: event.questionsTeam,
            sampling: event.sampling,
          })
        : no(call, event);
    case 'request.opened':
      return next(
        call.reasons.includes('recovery') ? { ...call, requestIds: [...call.requestIds, event.requestId] } : call,
      );
    case 'request.answered':
      // Only what is done is waited for no more: a page that was declined never lets it go.
      return next(
        call.reasons.includes('urls') && event.action === 'accept' && call.requestIds.includes(event.requestId)
          ? { ...call, requestIds: call.requestIds.filter((id) => id !== event.requestId) }
          : call,
      );
    case 'request.expired':
    case 'request.withdrawn':
      return next(call);
    default:
      return advanceToEnd(call, event);
  }
}

function advanceUnderWay(call: WorkingCall | WaitingCall, event: MovingEvent): Step {
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
    case 'call.interrupted':
      return interrupt(call, event);
    case 'call.turned_back': {
      const held = turnedBack(call, factsOf(call), event);
      return held === null ? no(call, event) : next(held);
    }
    case 'call.result_lost':
      return next(call.resultLost === null ? { ...call, resultLost: event.why } : call);
    case 'call.held':
    case 'call.allowed':
    case 'call.denied':
    case 'call.sent':
    case 'request.edited':
      return no(call, event);
    default:
      return advanceToEnd(call, event);
  }
}

/** What is known to be safe goes again by itself; for anything else it waits for a person (I4). */
function interrupt(call: WorkingCall | WaitingCall, event: EventOf<'call.interrupted'>): Step {
  const { callId, progress } = call;
  const sent: SentFacts = { connectionId: call.connectionId, rpcId: call.rpcId, sentAt: call.sentAt };
  const held: HeldCall = {
    ...factsOf(call),
    mayHaveRun: call.mayHaveRun || event.notRun !== true,
    state: 'held',
    reasons: event.next === 'repeat' ? ['sending'] : ['recovery'],
    requestIds: [],
    interrupted: { sent, why: event.why, at: event.at, progress },
  };
  return event.next === 'repeat' ? next<Call, CallEffect>(held, { effect: 'send_call', callId }) : next(held);
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

function advanceToEnd(call: OpenCall, event: MovingEvent): Step {
  switch (event.type) {
    case 'call.completed':
      return wasSent(call)
        ? end(call, event.at, { state: 'completed', isError: event.isError, summary: event.summary })
        : no(call, event);
    case 'call.failed':
      return end(call, event.at, { state: 'failed', error: event.error });
    case 'call.cancelled':
      return end(call, event.at, { state: 'cancelled', by: event.by, reason: event.reason });
    case 'call.expired':
      return wasSent(call) ? no(call, event) : end(call, event.at, { state: 'expired' });
    case 'call.rejected':
      return call.runs > 0 ? no(call, event) : end(call, event.at, { state: 'rejected', reason: event.reason });
    case 'call.indeterminate':
      return wasSent(call) || event.restored === true
        ? end(call, event.at, { state: 'indeterminate', why: event.why })
        : no(call, event);
    default:
      return no(call, event);
  }
}

function advanceEnded(call: EndedCall, event: MovingEvent): Step {
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

function end(call: OpenCall, at: number, outcome: Outcome): Step {
  const ended: EndedCall = { ...factsOf(call), endedAt: at, sent: sentOf(call), deliveredAt: null, ...outcome };
  return next<Call, CallEffect>(ended, { effect: 'settle_call', callId: call.callId });
}

function factsOf(call: Call): CallFacts {
  const { callId, server, tool, title, annotations, risk, receivedAt, rule, runs, agentLeft } = call;
  const { turnedBack: times, mayHaveRun, edited, questionsTeam, sampling } = call;
  const facts = { callId, server, tool, title, annotations, risk, receivedAt, rule, runs, agentLeft };
  return { ...facts, turnedBack: times, mayHaveRun, edited, questionsTeam, sampling };
}

function no(call: Call, event: CallEvent): Step {
  return refuse('not_allowed_now', `A ${call.state} call does not take ${event.type}.`);
}
