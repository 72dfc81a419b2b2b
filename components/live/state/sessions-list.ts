import type { SessionId } from '@/lib/domain/ids';
import type { SessionSummary } from '@/lib/domain/summary';
import type { SessionsWatchReply } from '@/lib/protocol/command/sessions-watch';
import type { Failure } from './failure';
import { noSessions, type Place, sameLook, type SessionsLook, type SessionsState } from './sessions';

export function sessionsLooked(state: SessionsState, look: SessionsLook): SessionsState {
  return { ...noSessions, look, summaries: state.summaries, status: 'loading' };
}

export function sessionsFailed(state: SessionsState, failure: Failure): SessionsState {
  return state.status === 'ready' ? state : { ...state, status: 'failed', failure };
}

/** A page for `look`; one that comes after the look changed is left aside. */
export function sessionsPage(state: SessionsState, look: SessionsLook, reply: SessionsWatchReply): SessionsState {
  const summaries = merged(state.summaries, reply.sessions);
  if (!sameLook(state.look, look)) return { ...state, summaries };
  const last = reply.sessions.at(-1);
  const floor = reply.more && last !== undefined ? placeOf(last) : null;
  return listed({ ...state, status: 'ready', failure: null, summaries, floor });
}

export interface SessionsAsked {
  readonly look: SessionsLook;
  /** Where the page begins; null at the newest. */
  readonly before: Place | null;
  /** What was known when the page was asked for. */
  readonly known: SessionsState['summaries'];
}

/**
 * Forgets what the page should hold and does not: it has left the look while nobody told us (I12). What was heard of
 * after the question stays, for the page may be older than that.
 */
export function sessionsLeft(state: SessionsState, asked: SessionsAsked, reply: SessionsWatchReply): SessionsState {
  const held = new Set(reply.sessions.map(({ session }) => session.sessionId));
  const last = reply.sessions.at(-1);
  const until = reply.more && last !== undefined ? placeOf(last) : null;
  const left = [...asked.known].filter(
    ([sessionId, summary]) =>
      !held.has(sessionId) &&
      state.summaries.get(sessionId) === summary &&
      fits(summary, asked.look) &&
      (asked.before === null || comparePlaces(placeOf(summary), asked.before) > 0) &&
      (until === null || comparePlaces(placeOf(summary), until) < 0),
  );
  if (left.length === 0) return state;
  const summaries = new Map(state.summaries);
  for (const [sessionId] of left) summaries.delete(sessionId);
  return { ...state, summaries };
}

/** Summaries of one frame; of two for one session the higher seq wins (I12). */
export function sessionsTold(state: SessionsState, told: readonly SessionSummary[]): SessionsState {
  const summaries = merged(state.summaries, told);
  return summaries === state.summaries ? state : listed({ ...state, summaries });
}

export function placeOf({ session }: SessionSummary): Place {
  return { startedAt: session.startedAt, sessionId: session.sessionId };
}

/** Negative when `a` stands before `b`: the later start first, as pages come. */
export function comparePlaces(a: Place, b: Place): number {
  return b.startedAt - a.startedAt || (a.sessionId === b.sessionId ? 0 : a.sessionId > b.sessionId ? -1 : 1);
}

function merged(known: SessionsState['summaries'], told: readonly SessionSummary[]): SessionsState['summaries'] {
  let next: Map<SessionId, SessionSummary> | null = null;
  for (const summary of told) {
    const { sessionId } = summary.session;
    const before = (next ?? known).get(sessionId);
    if (before !== undefined && before.seq >= summary.seq) continue;
    next ??= new Map(known);
    next.set(sessionId, summary);
  }
  return next ?? known;
}

/** Behind the floor there may be sessions nobody told of: none is shown there, rather than some. */
function listed(state: SessionsState): SessionsState {
  const { summaries, look, floor } = state;
  const list = [...summaries.values()]
    .filter((summary) => fits(summary, look) && (floor === null || comparePlaces(placeOf(summary), floor) <= 0))
    .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  return { ...state, list };
}

/** As the server's list searches: the whole text, within names and ids. */
function fits(summary: SessionSummary, look: SessionsLook): boolean {
  const { session, servers } = summary;
  if (look.bounds?.admits(summary) === false) return false;
  if (look.live !== null && look.live !== (session.state !== 'ended')) return false;
  const text = [
    session.agent.name,
    session.sessionId,
    session.client?.name ?? '',
    session.scope ?? '',
    ...servers,
  ].join(' ');
  return text.toLowerCase().includes(look.search.trim().toLowerCase());
}
