import { plainLine } from '../form/plain-text';
import type { Pace } from '../pace';
import type { Session } from '../session';
import type { SessionSummary } from '../summary';
import { type Verdict, verdictAt } from '../verdict';
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
  /** Whether that is usual: "this tool is usually heard from every 4 s"; null where there is nothing to judge. */
  readonly usual: string | null;
}

type ServerVerdict = Extract<Verdict, { readonly on: 'server' }>;

export function moodOf({ session, waits }: SessionSummary, now: number): SessionMood {
  if (session.state !== 'active') return session.state;
  const verdict = verdictAt(waits, now);
  return verdict.on === 'server' ? verdict.is : verdict.on;
}

/** The waiting-on verdict in words; a live session always says since when. */
export function verdictWords(summary: SessionSummary, now: number): VerdictWords {
  const { session } = summary;
  if (session.state === 'ended') return endedWords(session, now);
  if (session.state === 'ending') {
    const about = plainLine(session.reason);
    const since = sinceWords(session.endingAt, now);
    return { mood: 'ending', headline: 'Ending', since, short: 'Ending', about, usual: null };
  }
  return liveWords(summary, now);
}

function endedWords(session: Extract<Session, { readonly state: 'ended' }>, now: number): VerdictWords {
  const { end, reason, endedAt } = session;
  const at = `at ${whenWords(endedAt, now)}`;
  const byAdmin = end === 'terminated';
  const since = byAdmin ? at : `${sessionEndWords[end]}, ${at}`;
  const headline = byAdmin ? 'Ended by an admin' : 'Ended';
  return { mood: 'ended', headline, since, short: endedShort[end], about: plainLine(reason), usual: null };
}

function liveWords(summary: SessionSummary, now: number): VerdictWords {
  const verdict = verdictAt(summary.waits, now);
  if (verdict.on === 'server') return serverWords(verdict, now);
  const since = sinceWords(verdict.sinceAt, now);
  const plain = { mood: verdict.on, since, usual: null };
  switch (verdict.on) {
    case 'person': {
      const about = plainLine(verdict.title);
      return { ...plain, headline: 'Waiting on a person', short: 'With a person', about };
    }
    case 'model':
      return { ...plain, headline: 'Waiting on a model', short: 'Model', about: null };
    case 'nobody':
      return { ...plain, headline: 'Waiting on nobody', short: 'Nobody', about: nobodyWords(summary) };
  }
}

function serverWords(verdict: ServerVerdict, now: number): VerdictWords {
  const { is: mood, lastSignAt, pace, sinceAt } = verdict;
  const quietMs = now - lastSignAt;
  const about = `${plainLine(verdict.tool)} on ${verdict.server}, sent ${spanWords(now - sinceAt)} ago`;
  if (mood === 'busy') {
    const since = `heard from ${agoWords(quietMs)}`;
    return { mood, headline: 'Server at work,', since, short: 'Server busy', about, usual: usualWords(pace) };
  }
  const short = mood === 'stalled' ? 'Server stalled' : 'Server slow';
  const usual = usualWords(pace) ?? plainWords(pace, mood);
  return { mood, headline: `${short},`, since: `quiet for ${spanWords(quietMs)}`, short, about, usual };
}

/** What was learned of a tool; null while that is too little to say. */
export function usualWords({ usual }: Pace): string | null {
  if (usual === null) return null;
  return usual.by === 'gap'
    ? `this tool is usually heard from every ${spanWords(usual.ms)}`
    : `this tool usually answers within ${spanWords(usual.ms)}`;
}

/** By what a tool of which little is known is judged. */
function plainWords({ slowAfterMs, stalledAfterMs }: Pace, mood: 'slow' | 'stalled'): string {
  const ms = mood === 'slow' ? slowAfterMs : stalledAfterMs;
  return `more than ${spanWords(ms)} counts as ${mood}; what is usual for this tool is not known yet`;
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
export function rowSince({ session, waits }: SessionSummary, now: number): string {
  if (session.state === 'ended') return `${ageWords(now - session.endedAt)} ago`;
  if (session.state === 'ending') return sinceWords(session.endingAt, now);
  const verdict = verdictAt(waits, now);
  return sinceWords(verdict.on === 'server' ? verdict.lastSignAt : verdict.sinceAt, now);
}

function sinceWords(at: number, now: number): string {
  return now - at < 1_000 ? 'since now' : `since ${spanWords(now - at)}`;
}

function agoWords(ms: number): string {
  return ms < 1_000 ? 'just now' : `${spanWords(ms)} ago`;
}
