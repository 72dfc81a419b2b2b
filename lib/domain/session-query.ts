import type { SessionEnd } from './event';
import type { AgentId } from './ids';
import type { SessionSummary } from './summary';
import { moodOf, type SessionMood } from './timeline/verdict-words';

/** What a live session waits for, as people filter by it. */
export type WaitingMood = Exclude<SessionMood, 'ending' | 'ended'>;
export const waitingMoods: readonly WaitingMood[] = ['person', 'stalled', 'slow', 'busy', 'model', 'nobody'];
export const sessionEnds: readonly SessionEnd[] = ['closed', 'idle', 'terminated', 'lost'];

/** Further bounds of a list of sessions; all of them hold. Empty lists and nulls bound nothing. */
export interface SessionNarrowing {
  readonly agentId: AgentId | null;
  readonly server: string | null;
  /** Of live sessions: no other has one. */
  readonly moods: readonly WaitingMood[];
  /** Of sessions that are over: no live one has one. */
  readonly ends: readonly SessionEnd[];
  /** Epoch milliseconds: started at or after, and before. */
  readonly startedFrom: number | null;
  readonly startedBefore: number | null;
}

export const notNarrowed: SessionNarrowing = {
  agentId: null,
  server: null,
  moods: [],
  ends: [],
  startedFrom: null,
  startedBefore: null,
};

/** How many sessions stand beside each filter, the others applied. */
export interface SessionCounts {
  readonly live: number;
  readonly moods: { readonly [M in WaitingMood]: number };
  /** Up to `countedMost`: beyond it a list is not read to its end for the sake of a number. */
  readonly ends: { readonly [E in SessionEnd]: number };
}

export const countedMost = 1_000;
export const noMoods: SessionCounts['moods'] = { person: 0, stalled: 0, slow: 0, busy: 0, model: 0, nobody: 0 };
export const noEnds: SessionCounts['ends'] = { closed: 0, idle: 0, terminated: 0, lost: 0 };

/** What a filter offers to choose from: everyone and everything a recorded session was of. */
export interface SessionPicks {
  readonly agents: readonly { readonly id: AgentId; readonly name: string }[];
  readonly servers: readonly string[];
}

/** Whether a session is within the bounds at `now`: what is pushed and what lives is judged here, the past by the store. */
export function isWithin(summary: SessionSummary, narrowing: SessionNarrowing, now: number): boolean {
  const { session, servers } = summary;
  const { agentId, server, moods, ends, startedFrom, startedBefore } = narrowing;
  if (agentId !== null && session.agent.id !== agentId) return false;
  if (server !== null && !servers.includes(server)) return false;
  if (startedFrom !== null && session.startedAt < startedFrom) return false;
  if (startedBefore !== null && session.startedAt >= startedBefore) return false;
  if (ends.length > 0 && !(session.state === 'ended' && ends.includes(session.end))) return false;
  return moods.length === 0 || isWaitingAs(summary, moods, now);
}

function isWaitingAs(summary: SessionSummary, moods: readonly WaitingMood[], now: number): boolean {
  const mood = moodOf(summary, now);
  return moods.some((each) => each === mood);
}

/** As the store searches: the whole text, within names and ids. */
export function saysText({ session, servers }: SessionSummary, text: string): boolean {
  const names = [session.agent.name, session.sessionId, session.client?.name ?? '', session.scope ?? '', ...servers];
  return names.join(' ').toLowerCase().includes(text.trim().toLowerCase());
}
