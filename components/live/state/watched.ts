import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionPage } from '@/lib/domain/session-page';
import type { SessionSummary } from '@/lib/domain/summary';
import { emptyTimeline, foldTimeline, type Timeline } from '@/lib/domain/timeline';
import { lastHole, missingIn, type Stretch, stretchesWith } from '@/lib/domain/timeline/stretches';
import type { SessionWatchReply } from '@/lib/protocol/command/session-watch';
import type { Failure } from './failure';

/** One session a page looks at. */
export interface WatchedSession {
  readonly status: 'reading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly summary: SessionSummary | null;
  readonly timeline: Timeline;
  /** What was read or heard without a hole; single events that are known beside it are not in it. */
  readonly read: readonly Stretch[];
  /** The highest seq anybody spoke of. */
  readonly heardSeq: number;
}

export type WatchedState = ReadonlyMap<SessionId, WatchedSession>;

export const newlyWatched: WatchedSession = {
  status: 'reading',
  failure: null,
  summary: null,
  timeline: emptyTimeline(),
  read: [],
  heardSeq: 0,
};

/** What is to be read next: the hole nearest to the newest event. Null when all is there. */
export function nextHole({ read, heardSeq }: WatchedSession): Stretch | null {
  return lastHole(read, heardSeq);
}

export function missingOf({ read, heardSeq }: WatchedSession): number {
  return missingIn(read, heardSeq);
}

/** Events in any order, again or with holes (I12): each is taken in, and what is missing between them is read. */
export function eventsTold(watched: WatchedSession, events: readonly SessionEvent[]): WatchedSession {
  return taken(watched, events, runsOf(events));
}

/** A page that was read; its stretch is known even where the log has no such event. */
export function pageRead(watched: WatchedSession, page: SessionPage): WatchedSession {
  const { fromSeq: from, throughSeq: to } = page;
  return taken(watched, [...page.origins, ...page.events], [{ from, to }]);
}

/** Events that were found beside what was read: they are known, and read again with what is around them. */
export function eventsFound(watched: WatchedSession, events: readonly SessionEvent[]): WatchedSession {
  const timeline = foldTimeline(watched.timeline, events);
  return timeline === watched.timeline ? watched : { ...watched, timeline };
}

/** What `session.watch` was asked, and what had been heard of then. */
export interface Asked {
  readonly afterSeq: number | null;
  readonly heardSeq: number;
}

/**
 * A reply of `session.watch`. Where nothing more follows and nothing was heard of since it was asked, what it brought
 * is all there is.
 */
export function watchReplied(watched: WatchedSession, reply: SessionWatchReply, asked: Asked): WatchedSession {
  const summary = newestSummary(watched.summary, reply.summary);
  const ready = { ...watched, status: 'ready', failure: null, summary } as const;
  const last = Math.max(reply.fromSeq - 1, reply.events.at(-1)?.seq ?? 0);
  const next = taken(ready, [...reply.origins, ...reply.events], [{ from: reply.fromSeq, to: last }]);
  if (asked.afterSeq !== null && reply.more) return { ...next, heardSeq: Math.max(next.heardSeq, reply.summary.seq) };
  return next.heardSeq <= asked.heardSeq ? { ...next, heardSeq: last } : next;
}

export function summaryTold(watched: WatchedSession, summary: SessionSummary): WatchedSession {
  const newest = newestSummary(watched.summary, summary);
  return newest === watched.summary ? watched : { ...watched, summary: newest };
}

function taken(
  watched: WatchedSession,
  events: readonly SessionEvent[],
  stretches: readonly Stretch[],
): WatchedSession {
  const timeline = foldTimeline(watched.timeline, events);
  const read = stretches.reduce(stretchesWith, watched.read);
  const heardSeq = Math.max(watched.heardSeq, timeline.seq);
  if (timeline === watched.timeline && read === watched.read && heardSeq === watched.heardSeq) return watched;
  return { ...watched, timeline, read, heardSeq };
}

/** The unbroken runs among events. */
function runsOf(events: readonly SessionEvent[]): readonly Stretch[] {
  const runs: { from: number; to: number }[] = [];
  for (const seq of events.map((event) => event.seq).sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && seq <= last.to + 1) last.to = Math.max(last.to, seq);
    else runs.push({ from: seq, to: seq });
  }
  return runs;
}

function newestSummary(known: SessionSummary | null, told: SessionSummary): SessionSummary {
  return known !== null && known.seq >= told.seq ? known : told;
}
