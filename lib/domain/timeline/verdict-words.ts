import { plainLine } from '../form/plain-text';
import type { Session } from '../session';
import type { SessionSummary } from '../summary';
import { paceAt, type Verdict } from '../verdict';
import { sessionEndWords } from './end-step-words';
import { ageWords, spanWords, whenWords } from './time-words';

/** What a session's state or verdict is called, in lists, filters and headlines. */
export type SessionMood = 'person' | 'stalled' | 'slow' | 'busy' | 'model' | 'nobody' | 'ending' | 'ended';

export interface VerdictWords {
  readonly mood: SessionMood;
  /** "Waiting on a person" */
  readonly headline: string;
  /** "since 2 min 10 s" */
  readonly since: string;
  /** "With a person", for a narrow column. */
  readonly short: string;
  /** What exactly is waited for. */
  readonly about: string | null;
}

export function moodOf(summary: SessionSummary, now: number): SessionMood {
  const { session, verdict } = summary;
  if (session.state !== 'active') return session.state;
  return verdict.on === 'server' ? paceAt(verdict.lastSignAt, now) : verdict.on;
}

/** The waiting-on verdict in words; a live session always says since when. */
export function verdictWords(summary: SessionSummary, now: number): VerdictWords {
  const { session } = summary;
  if (session.state === 'ended') return endedWords(session, now);
  if (session.state === 'ending') {
    const about = plainLine(session.reason);
    return { mood: 'ending', headline: 'Ending', since: sinceWords(session.endingAt, now), short: 'Ending', about };
  }
  return liveWords(summary, now);
}

function endedWords(session: Extract<Session, { readonly state: 'ended' }>, now: number): VerdictWords {
  const { end, reason, endedAt } = session;
  const at = `at ${whenWords(endedAt, now)}`;
  const byAdmin = end === 'terminated';
  const since = byAdmin ? at : `${sessionEndWords[end]}, ${at}`;
  const headline = byAdmin ? 'Ended by an admin' : 'Ended';
  return { mood: 'ended', headline, since, short: endedShort[end], about: plainLine(reason) };
}

function liveWords(summary: SessionSummary, now: number): VerdictWords {
  const { verdict } = summary;
  const mood = moodOf(summary, now);
  const since = sinceWords(verdict.sinceAt, now);
  switch (verdict.on) {
    case 'person':
      return { mood, headline: 'Waiting on a person', since, short: 'With a person', about: plainLine(verdict.title) };
    case 'model':
      return { mood, headline: 'Waiting on a model', since, short: 'Model', about: null };
    case 'nobody':
      return { mood, headline: 'Waiting on nobody', since, short: 'Nobody', about: nobodyWords(summary) };
    case 'server':
      return serverWords(verdict, now);
  }
}

function serverWords(verdict: Extract<Verdict, { readonly on: 'server' }>, now: number): VerdictWords {
  const mood = paceAt(verdict.lastSignAt, now);
  const quietMs = now - verdict.lastSignAt;
  const about = `${plainLine(verdict.tool)} on ${verdict.server}, sent ${spanWords(now - verdict.sinceAt)} ago`;
  if (mood === 'busy') {
    return { mood, headline: 'Server at work,', since: `heard from ${agoWords(quietMs)}`, short: 'Server busy', about };
  }
  const short = mood === 'stalled' ? 'Server stalled' : 'Server slow';
  return { mood, headline: `${short},`, since: `quiet for ${spanWords(quietMs)}`, short, about };
}

const endedShort = {
  closed: 'Closed by agent',
  idle: 'Ended, idle',
  terminated: 'Ended by admin',
  lost: 'Lost',
} as const;

function nobodyWords(summary: SessionSummary): string {
  if (summary.totalCalls === 0) return 'No call yet';
  return 'Every call is settled; the agent has the next move';
}

/** Since when a session waits, for its row: the last sign of a server, the opening of a question. */
export function rowSince(summary: SessionSummary, now: number): string {
  const { session, verdict } = summary;
  if (session.state === 'ended') return `${ageWords(now - session.endedAt)} ago`;
  if (session.state === 'ending') return sinceWords(session.endingAt, now);
  return sinceWords(verdict.on === 'server' ? verdict.lastSignAt : verdict.sinceAt, now);
}

function sinceWords(at: number, now: number): string {
  return now - at < 1_000 ? 'since now' : `since ${spanWords(now - at)}`;
}

function agoWords(ms: number): string {
  return ms < 1_000 ? 'just now' : `${spanWords(ms)} ago`;
}
