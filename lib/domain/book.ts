import type { Advance } from './advance';
import { advanceCall, type Call, type CallEffect, isOpenCall, type OpenCall, receiveCall } from './call';
import { advanceConnection, type Connection, openConnection } from './connection';
import type { SessionEvent } from './event';
import type { CallId, ConnectionId, RequestId, TeamId } from './ids';
import { type Refusal, refuse } from './refusal';
import { advanceRequest, type HoldRequest, openRequest, type RequestEffect } from './request';
import { advanceSession, type Session, type SessionEffect, startSession } from './session';

export type Effect = SessionEffect | CallEffect | RequestEffect;

/** All that is known of one session: the fold of its events (habit 4). Entities are immutable, the maps are not. */
export interface Book {
  session: Session | null;
  seq: number;
  lastEventAt: number;
  readonly connections: Map<ConnectionId, Connection>;
  readonly calls: Map<CallId, Call>;
  readonly requests: Map<RequestId, HoldRequest>;
  /** What was over before this book was taken up again and is therefore not in its maps. */
  carried: { readonly calls: number; readonly servers: readonly string[]; readonly teams: readonly TeamId[] };
}

export function emptyBook(): Book {
  return {
    session: null,
    seq: 0,
    lastEventAt: 0,
    connections: new Map(),
    calls: new Map(),
    requests: new Map(),
    carried: { calls: 0, servers: [], teams: [] },
  };
}

/**
 * What a run of events touched, with what stood there before, so that a store writes and a publisher
 * tells only that, and so that a commit that failed can be taken back.
 */
export interface Touched {
  readonly before: { readonly session: Session | null; readonly seq: number; readonly lastEventAt: number };
  session: boolean;
  readonly connections: Map<ConnectionId, Connection | undefined>;
  readonly calls: Map<CallId, Call | undefined>;
  readonly requests: Map<RequestId, HoldRequest | undefined>;
}

export function touching(book: Book): Touched {
  const { session, seq, lastEventAt } = book;
  return {
    before: { session, seq, lastEventAt },
    session: false,
    connections: new Map(),
    calls: new Map(),
    requests: new Map(),
  };
}

/** Takes a run of events back, newest run first. */
export function undo(book: Book, touched: Touched): void {
  book.session = touched.before.session;
  book.seq = touched.before.seq;
  book.lastEventAt = touched.before.lastEventAt;
  restore(book.connections, touched.connections);
  restore(book.calls, touched.calls);
  restore(book.requests, touched.requests);
}

function restore<K, V>(map: Map<K, V>, before: ReadonlyMap<K, V | undefined>): void {
  for (const [key, value] of before) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}

function put<K, V>(map: Map<K, V>, before: Map<K, V | undefined>, entry: readonly [K, V]): void {
  const [key, value] = entry;
  if (!before.has(key)) before.set(key, map.get(key));
  map.set(key, value);
}

export type FoldResult = { readonly ok: true; readonly effects: readonly Effect[] } | Refusal;

/**
 * Folds one event into the book: every lifecycle it concerns advances, or none does and the refusal
 * says why. The only way a book changes, in the server and in the browser.
 */
export function foldEvent(book: Book, event: SessionEvent, touched: Touched = touching(book)): FoldResult {
  if (event.seq !== book.seq + 1) return refuse('stale_revision', `Event ${event.seq} does not follow ${book.seq}.`);
  const plan = planOf(book, event);
  if (!plan.ok) return plan;
  book.seq = event.seq;
  book.lastEventAt = event.at;
  if (plan.session !== undefined) {
    book.session = plan.session;
    touched.session = true;
  }
  if (plan.connection !== undefined) {
    put(book.connections, touched.connections, [plan.connection.connectionId, plan.connection]);
  }
  if (plan.call !== undefined) {
    put(book.calls, touched.calls, [plan.call.callId, plan.call]);
  }
  if (plan.request !== undefined) {
    put(book.requests, touched.requests, [plan.request.requestId, plan.request]);
  }
  return { ok: true, effects: plan.effects };
}

interface Plan {
  readonly ok: true;
  readonly session?: Session;
  readonly connection?: Connection;
  readonly call?: Call;
  readonly request?: HoldRequest;
  readonly effects: readonly Effect[];
}

function planOf(book: Book, event: SessionEvent): Plan | Refusal {
  switch (event.type) {
    case 'session.started':
      if (book.session !== null) return refuse('not_allowed_now', 'This session has already started.');
      return { ok: true, session: startSession(event), effects: [] };
    case 'session.ending':
    case 'session.step':
    case 'session.ended':
      if (book.session === null) return refuse('not_found', 'This session has not started.');
      return planStep(advanceSession(book.session, event), (session) => ({ session }));
    case 'connection.opening':
      if (book.connections.has(event.connectionId))
        return refuse('not_allowed_now', `Connection ${event.connectionId} was opened before.`);
      return { ok: true, connection: openConnection(event), effects: [] };
    case 'connection.ready':
    case 'connection.reattaching':
    case 'connection.lost':
    case 'connection.closed': {
      const connection = book.connections.get(event.connectionId);
      if (connection === undefined) return refuse('not_found', `There is no connection ${event.connectionId}.`);
      return planStep(advanceConnection(connection, event), (advanced) => ({ connection: advanced }));
    }
    case 'call.received':
      if (book.calls.has(event.callId)) return refuse('not_allowed_now', `Call ${event.callId} was received before.`);
      return { ok: true, call: receiveCall(event), effects: [] };
    case 'call.cancel_sent':
    case 'call.log': {
      const call = event.callId === null ? undefined : book.calls.get(event.callId);
      if (call === undefined) return { ok: true, effects: [] };
      return planStep(advanceCall(call, event), (advanced) => (advanced === call ? {} : { call: advanced }));
    }
    case 'request.opened':
    case 'request.claimed':
    case 'request.released':
    case 'request.voted':
    case 'request.edited':
    case 'request.assigned':
    case 'request.escalated':
    case 'request.noted':
    case 'request.drafted':
    case 'request.to_person':
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
    case 'answer.sent':
    case 'answer.accepted':
    case 'answer.moved_on':
    case 'answer.undelivered':
      return planRequest(book, event);
    default: {
      const call = book.calls.get(event.callId);
      if (call === undefined) return refuse('not_found', `There is no call ${event.callId}.`);
      return planStep(advanceCall(call, event), (advanced) => ({ call: advanced }));
    }
  }
}

type RequestOrAnswerEvent = Extract<SessionEvent, { type: `request.${string}` | `answer.${string}` }>;

function planRequest(book: Book, event: RequestOrAnswerEvent): Plan | Refusal {
  if (event.type === 'request.opened') {
    if (book.requests.has(event.requestId))
      return refuse('not_allowed_now', `Request ${event.requestId} was opened before.`);
    const { requestId } = event;
    const effects: Effect[] = [{ effect: 'watch_request', requestId }];
    if (event.writer === 'model') effects.push({ effect: 'ask_model', requestId });
    return withCall(book, { request: openRequest(event), effects }, event);
  }
  const request = book.requests.get(event.requestId);
  if (request === undefined) return refuse('not_found', `There is no request ${event.requestId}.`);
  const step = advanceRequest(request, event);
  if (!step.ok) return step;
  return withCall(book, { request: { ...step.state, seq: event.seq }, effects: step.effects }, event);
}

/** A request's events move its call too: both, or neither. */
function withCall(
  book: Book,
  plan: { readonly request: HoldRequest; readonly effects: readonly Effect[] },
  event: RequestOrAnswerEvent,
): Plan | Refusal {
  const callId = plan.request.callId;
  const call = callId === null ? undefined : book.calls.get(callId);
  if (call === undefined || !isRequestEvent(event)) return { ok: true, ...plan };
  const step = advanceCall(call, event);
  if (!step.ok) return step;
  const effects = [...plan.effects, ...step.effects];
  return step.state === call
    ? { ok: true, request: plan.request, effects }
    : { ok: true, request: plan.request, call: step.state, effects };
}

function isRequestEvent(event: RequestOrAnswerEvent): event is Extract<SessionEvent, { type: `request.${string}` }> {
  return event.type.startsWith('request.');
}

function planStep<S, E extends Effect>(step: Advance<S, E>, keep: (state: S) => Partial<Plan>): Plan | Refusal {
  return step.ok ? { ok: true, effects: step.effects, ...keep(step.state) } : step;
}

export function openCalls(book: Book): readonly OpenCall[] {
  return [...book.calls.values()].filter(isOpenCall);
}

export function openRequests(book: Book): readonly Extract<HoldRequest, { state: 'open' }>[] {
  return [...book.requests.values()].filter((request) => request.state === 'open');
}
