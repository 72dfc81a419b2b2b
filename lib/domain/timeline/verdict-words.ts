import { plainLine } from '../form/plain-text';
import type { SessionSummary } from '../summary';
import { paceAt } from '../verdict';
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
  const { session, verdict } = summary;
  const mood = moodOf(summary, now);
  if (session.state === 'ended') {
    const { end, reason, endedAt } = session;
    const since = end === 'terminated' ? `at ${whenWords(endedAt, now)}` : `${sessionEndWords[end]}, at ${whenWords(endedAt, now)}`;
    return { mood, headline: end === 'terminated' ? 'Ended by an admin' : 'Ended', since, short: 'Ended', about: plainLine(reason) };
  }
  if (session.state === 'ending') {
    return { mood, headline: 'Ending', since: sinceWords(session.endingAt, now), short: 'Ending', about: plainLine(session.reason) };
  }
  switch (verdict.on) {
    case 'person':
      return { mood, headline: 'Waiting on a person', since: sinceWords(verdict.sinceAt, now), short: 'With a person', about: plainLine(verdict.title) };
    case 'model':
      return { mood, headline: 'Waiting on a model', since: sinceWords(verdict.sinceAt, now), short: 'Model', about: null };
    case 'nobody':
      return { mood, headline: 'Waiting on nobody', since: sinceWords(verdict.sinceAt, now), short: 'Nobody', about: nobodyWords(summary) };
    case 'server': {
      const about = `${plainLine(verdict.tool)} on ${verdict.server}, sent ${spanWords(now - verdict.sinceAt)} ago`;
      const quiet = spanWords(now - verdict.lastSignAt);
      if (mood === 'busy') return { mood, headline: 'Server at work,', since: `heard from ${agoWords(now - verdict.lastSignAt)}`, short: 'Server busy', about };
      const headline = mood === 'stalled' ? 'Server stalled,' : 'Server slow,';
      return { mood, headline, since: `quiet for ${quiet}`, short: mood === 'stalled' ? 'Server stalled' : 'Server slow', about };
    }
  }
}

function nobodyWords(summary: SessionSummary): string {
  if (summary.totalCalls === 0) return 'No call yet';
  return 'Every call is settled; the agent has the next move';
}

/** Since when a session waits, for its row: the last sign of a server, the opening of a question. */
export function rowSince(summary: SessionSummary, now: number): string {
  const { session, verdict } = summary;
  if (session.state === 'ended') return `${sessionEndWords[session.end]}, ${ageWords(now - session.endedAt)} ago`;
  if (session.state === 'ending') return sinceWords(session.endingAt, now);
  return sinceWords(verdict.on === 'server' ? verdict.lastSignAt : verdict.sinceAt, now);
}

function sinceWords(at: number, now: number): string {
  return now - at < 1_000 ? 'since now' : `since ${spanWords(now - at)}`;
}

function agoWords(ms: number): string {
  return ms < 1_000 ? 'just now' : `${spanWords(ms)} ago`;
}
