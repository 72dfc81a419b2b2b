import type { CallLimit } from '../deadline';
import type { Timeline } from '../timeline';
import type { Lane, Segment, SegmentKind } from './lane';

export interface Clocks {
  readonly withPeopleMs: number;
  /** Servers and models at work while no person was waited for: no second counts twice. */
  readonly atWorkMs: number;
  /** Until the earliest deadline that binds; null when nothing says. */
  readonly leftMs: number | null;
}

export interface OpenQuestion {
  readonly lane: Lane;
  readonly segment: Segment;
  readonly deadlineAt: number;
}

/** The instant the drawing stands at: now, or the end of an ended session. */
export function endOfTime(timeline: Timeline, now: number): number {
  const endedAt = timeline.life?.ending?.endedAt ?? null;
  return endedAt ?? Math.max(now, timeline.lastEventAt);
}

/** Time spent, by the timeline, and time left, by the session's `limit`. */
export function clocksAt(timeline: Timeline, limit: CallLimit | null, now: number): Clocks {
  const at = endOfTime(timeline, now);
  const people = union(spans(timeline, at, ['people']));
  const all = union(spans(timeline, at, ['people', 'work', 'model']));
  const withPeopleMs = total(people);
  return {
    withPeopleMs,
    atWorkMs: total(all) - withPeopleMs,
    leftMs: limit === null ? null : Math.max(0, limit.at - now),
  };
}

/** The questions people are asked right now. */
export function openQuestions(timeline: Timeline): readonly OpenQuestion[] {
  const open: OpenQuestion[] = [];
  for (const lane of timeline.lanes.values()) {
    if (lane.to !== null) continue;
    for (const segment of lane.segments) {
      if (segment.to === null && segment.request !== null)
        open.push({ lane, segment, deadlineAt: segment.request.deadlineAt });
    }
  }
  return open;
}

export function nearestDeadline(timeline: Timeline): OpenQuestion | null {
  return openQuestions(timeline).reduce<OpenQuestion | null>(
    (best, next) => (best === null || next.deadlineAt < best.deadlineAt ? next : best),
    null,
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spans(timeline: Timeline, at: number, kinds: readonly SegmentKind[]): Span[] {
  const found: Span[] = [];
  for (const lane of timeline.lanes.values()) {
    for (const segment of lane.segments) {
      if (kinds.includes(segment.kind)) found.push({ from: segment.from, to: segment.to ?? at });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

function union(sorted: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined[joined.length - 1];
    if (last !== undefined && span.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}

function total(joined: readonly Span[]): number {
  return joined.reduce((sum, span) => sum + Math.max(0, span.to - span.from), 0);
}
