import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionSummary } from '@/lib/domain/summary';
import { emptyTimeline, foldTimeline, type Timeline } from '@/lib/domain/timeline';
import type { SessionWatchReply } from '@/lib/protocol/command/session-watch';
import type { Failure } from './failure';

/** One session a page looks at. */
export interface WatchedSession {
  readonly status: 'reading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly summary: SessionSummary | null;
  readonly timeline: Timeline;
  /** Null when the events do not make a book; the timeline still shows them. */
  readonly book: Book | null;
  /** The highest seq anybody spoke of. Above the timeline's: something was missed. */
  readonly heardSeq: number;
}

export type WatchedState = ReadonlyMap<SessionId, WatchedSession>;

export const newlyWatched: WatchedSession = {
  status: 'reading',
  failure: null,
  summary: null,
  timeline: emptyTimeline(),
  book: emptyBook(),
  heardSeq: 0,
};

/** Whether `session.watch` has to be asked again from the timeline's seq. */
export function isBehind(watched: WatchedSession): boolean {
  return watched.heardSeq > watched.timeline.seq;
}

/** Events in any order, again or with holes: only what follows without a gap is taken in (I12). */
export function eventsTold(watched: WatchedSession, events: readonly SessionEvent[]): WatchedSession {
  const heardSeq = events.reduce((highest, { seq }) => Math.max(highest, seq), watched.heardSeq);
  const timeline = foldTimeline(
    watched.timeline,
    [...events].sort((a, b) => a.seq - b.seq),
  );
  if (timeline === watched.timeline) return heardSeq === watched.heardSeq ? watched : { ...watched, heardSeq };
  return { ...watched, heardSeq, timeline, book: foldBook(watched.book, events) };
}

/**
 * A reply of `session.watch`. `askedHeardSeq` is what had been heard of when it was asked: a reply that brings
 * nothing on has shown that to be all there is, and only what was heard since is still to be read.
 */
export function watchReplied(watched: WatchedSession, reply: SessionWatchReply, askedHeardSeq: number): WatchedSession {
  const next = eventsTold(
    { ...watched, status: 'ready', failure: null, summary: newestSummary(watched.summary, reply.summary) },
    reply.events,
  );
  const last = next.timeline.seq;
  if (reply.more) return { ...next, heardSeq: Math.max(next.heardSeq, last + 1) };
  return last === watched.timeline.seq && next.heardSeq <= askedHeardSeq ? { ...next, heardSeq: last } : next;
}

export function summaryTold(watched: WatchedSession, summary: SessionSummary): WatchedSession {
  const newest = newestSummary(watched.summary, summary);
  return newest === watched.summary ? watched : { ...watched, summary: newest };
}

function newestSummary(known: SessionSummary | null, told: SessionSummary): SessionSummary {
  return known !== null && known.seq >= told.seq ? known : told;
}

function foldBook(book: Book | null, events: readonly SessionEvent[]): Book | null {
  if (book === null) return null;
  const next: Book = {
    ...book,
    connections: new Map(book.connections),
    calls: new Map(book.calls),
    requests: new Map(book.requests),
  };
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= next.seq) continue;
    if (event.seq > next.seq + 1) break;
    if (!foldEvent(next, event).ok) return null;
  }
  return next;
}
