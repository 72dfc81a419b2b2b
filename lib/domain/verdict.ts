import { type Book, openCalls, openRequests } from './book';
import { isUnderWay, type OpenCall } from './call';
import type { CallLimit } from './deadline';
import type { CallId, RequestId } from './ids';
import { type Pace, paceAt, type ServerPace, unknownPace } from './pace';
import type { HoldRequest, OpenRequest } from './request';

export interface PersonWait {
  readonly sinceAt: number;
  readonly requestId: RequestId;
  readonly title: string;
  readonly more: number;
}

/** A call that its server has, or is about to get. */
export interface ServerWait {
  readonly sinceAt: number;
  readonly callId: CallId;
  readonly server: string;
  readonly tool: string;
  readonly lastSignAt: number;
  readonly pace: Pace;
}

/**
 * All that a live session waits for, as far as any later instant can make it the one that speaks: time alone turns
 * busy into slow and stalled, so a page tells by its own clock and nobody has to say it.
 */
export interface Waits {
  /** The oldest question people are asked. */
  readonly person: PersonWait | null;
  readonly model: { readonly sinceAt: number; readonly callId: CallId } | null;
  /** The oldest call, the first to be slow and the first to be stalled; often one. */
  readonly servers: readonly ServerWait[];
  /** Since when it is nobody, where it is none of these. */
  readonly quietSinceAt: number;
}

/** Whom a live session waits for. Derived, never stored. Every verdict says since when. */
export type Verdict =
  | ({ readonly on: 'person' } & PersonWait)
  | ({ readonly on: 'server'; readonly is: ServerPace } & ServerWait)
  | { readonly on: 'model'; readonly sinceAt: number; readonly callId: CallId }
  | { readonly on: 'nobody'; readonly sinceAt: number };

/** When several are true: stalled, person, slow, model, busy, nobody. The one function of list, page and server. */
export function verdictAt({ person, model, servers, quietSinceAt }: Waits, now: number): Verdict {
  const server = speaking(servers, now);
  if (server?.is === 'stalled') return server;
  if (person !== null) return { on: 'person', ...person };
  if (server?.is === 'slow') return server;
  if (model !== null) return { on: 'model', ...model };
  return server ?? { on: 'nobody', sinceAt: quietSinceAt };
}

function speaking(servers: readonly ServerWait[], now: number): Extract<Verdict, { readonly on: 'server' }> | null {
  const first = servers[0];
  if (first === undefined) return null;
  const stalling = earliest(servers, first, stalledAt);
  if (stalledAt(stalling) <= now) return { on: 'server', is: 'stalled', ...stalling };
  const slowing = earliest(servers, first, slowAt);
  if (slowAt(slowing) <= now) return { on: 'server', is: 'slow', ...slowing };
  const oldest = earliest(servers, first, ({ sinceAt }) => sinceAt);
  return { on: 'server', is: paceAt(oldest.pace, oldest.lastSignAt, now), ...oldest };
}

export function stalledAt({ lastSignAt, pace }: Pick<ServerWait, 'lastSignAt' | 'pace'>): number {
  return lastSignAt + pace.stalledAfterMs;
}

function slowAt({ lastSignAt, pace }: ServerWait): number {
  return lastSignAt + pace.slowAfterMs;
}

function earliest(waits: readonly ServerWait[], first: ServerWait, at: (wait: ServerWait) => number): ServerWait {
  return waits.reduce((best, next) => (at(next) < at(best) ? next : best), first);
}

export function waitsOf(book: Book): Waits {
  const open = openRequests(book);
  const written = open.find(({ writer, callId }) => writer === 'model' && callId !== null);
  const model =
    written === undefined || written.callId === null ? null : { sinceAt: written.openedAt, callId: written.callId };
  return {
    person: personWait(open.filter(({ writer }) => writer === 'person')),
    model,
    servers: candidates(serverWaits(book, open)),
    quietSinceAt: book.lastEventAt,
  };
}

function personWait(requests: readonly OpenRequest[]): PersonWait | null {
  const [first, ...rest] = requests;
  if (first === undefined) return null;
  const { openedAt, requestId, team, title } = rest.reduce(
    (best, next) => (next.openedAt < best.openedAt ? next : best),
    first,
  );
  // Sessions are for more eyes than a team's requests (I11).
  const shown = team === null ? title : `A request for ${team.name}`;
  return { sinceAt: openedAt, requestId, title: shown, more: rest.length };
}

/** Every call that waits for its server and for nobody else. */
export function serverWaits(book: Book, open: readonly OpenRequest[] = openRequests(book)): readonly ServerWait[] {
  const asked = new Set(open.flatMap(askersOf));
  const calls = openCalls(book).filter(({ callId }) => !asked.has(callId));
  if (calls.length === 0) return [];
  const settled = settledFor(book);
  return calls.map((call) => {
    const wait = serverWait(call);
    return { ...wait, lastSignAt: Math.max(wait.lastSignAt, settled.get(call.callId) ?? 0) };
  });
}

/** The call that asks, or all that may be the one. */
function askersOf({ callId, candidates }: HoldRequest): readonly CallId[] {
  return callId === null ? candidates : [callId];
}

/**
 * When a question was settled: time with people is nobody's silence, be it not known which call asked, or that call held
 * until then.
 */
function settledFor(book: Book): ReadonlyMap<CallId, number> {
  const settled = new Map<CallId, number>();
  for (const request of book.requests.values()) {
    if (request.state === 'open') continue;
    const at = 'answer' in request ? request.answer.savedAt : request.endedAt;
    for (const callId of askersOf(request)) settled.set(callId, Math.max(at, settled.get(callId) ?? 0));
  }
  return settled;
}

function candidates(waits: readonly ServerWait[]): readonly ServerWait[] {
  const first = waits[0];
  if (first === undefined) return [];
  const oldest = earliest(waits, first, ({ sinceAt }) => sinceAt);
  return [...new Set([oldest, earliest(waits, first, slowAt), earliest(waits, first, stalledAt)])];
}

function serverWait(call: OpenCall): ServerWait {
  const { callId, server, tool } = call;
  if (isUnderWay(call)) {
    const { sentAt, lastSignAt, pace } = call;
    return { callId, server, tool, sinceAt: sentAt, lastSignAt, pace };
  }
  const sinceAt = call.interrupted === null ? call.receivedAt : call.interrupted.at;
  return { callId, server, tool, sinceAt, lastSignAt: sinceAt, pace: unknownPace };
}

/** The earliest deadline that binds: of an open question, of an agent that still waits, of a server (I8). */
export function bindingLimit(book: Book): CallLimit | null {
  const asked = openRequests(book)
    .filter(({ writer }) => writer === 'person')
    .map(({ deadline }): CallLimit => ({ at: deadline.at, cause: deadline.cause, reason: deadline.reason }));
  const all = [...asked, ...openCalls(book).flatMap(limitsOf)];
  return all.reduce<CallLimit | null>((best, next) => (best === null || next.at < best.at ? next : best), null);
}

/** What gives a call up that is under way. An agent that left does not wait any more. */
export function limitsOf(call: OpenCall): readonly CallLimit[] {
  if (!isUnderWay(call)) return [];
  return call.agentLeft === null ? call.limits : call.limits.filter(({ cause }) => cause !== 'agent');
}
