import type { CallLimit } from '../deadline';
import type { Timeline } from '../timeline';
import type { Lane, Segment } from './lane-model';
import { type Span, totalMs, union } from './spans';

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
  const parts = [...partsOf(timeline)];
  const open = parts.flatMap((part) => part.open);
  const people = union([...parts.flatMap((part) => part.people), ...spans(open, at, ['people'])]);
  const all = union([...parts.flatMap((part) => part.all), ...spans(open, at, ['people', 'work', 'model'])]);
  const withPeopleMs = totalMs(people);
  return {
    withPeopleMs,
    atWorkMs: totalMs(all) - withPeopleMs,
    leftMs: limit === null ? null : Math.max(0, limit.at - now),
  };
}

/** The questions people are asked right now. */
export function openQuestions(timeline: Timeline): readonly OpenQuestion[] {
  const found: OpenQuestion[] = [];
  for (const lane of openLanes(timeline)) {
    for (const segment of lane.segments) {
      if (segment.to === null && segment.request !== null)
        found.push({ lane, segment, deadlineAt: segment.request.deadlineAt });
    }
  }
  return found;
}

/** The lanes of what has not ended. */
export function openLanes(timeline: Timeline): readonly Lane[] {
  return [...partsOf(timeline)].flatMap((part) => part.open);
}

export function nearestDeadline(timeline: Timeline): OpenQuestion | null {
  return openQuestions(timeline).reduce<OpenQuestion | null>(
    (best, next) => (best === null || next.deadlineAt < best.deadlineAt ? next : best),
    null,
  );
}

/** What a chunk of lanes adds: of those that ended only their times, once and for all. */
interface ChunkPart {
  readonly open: readonly Lane[];
  readonly people: readonly Span[];
  readonly all: readonly Span[];
}

const partOfChunk = new WeakMap<readonly Lane[], ChunkPart>();

function* partsOf(timeline: Timeline): Generator<ChunkPart> {
  for (const { lanes } of timeline.groups) {
    for (const chunk of lanes.chunks) {
      const known = partOfChunk.get(chunk) ?? partOf(chunk);
      partOfChunk.set(chunk, known);
      yield known;
    }
  }
}

function partOf(chunk: readonly Lane[]): ChunkPart {
  const ended = chunk.filter(({ to }) => to !== null);
  return {
    open: chunk.filter(({ to }) => to === null),
    people: union(spans(ended, 0, ['people'])),
    all: union(spans(ended, 0, ['people', 'work', 'model'])),
  };
}

function spans(lanes: readonly Lane[], at: number, kinds: readonly Segment['kind'][]): Span[] {
  return lanes.flatMap(({ segments }) =>
    segments.flatMap(({ kind, from, to }) => (kinds.includes(kind) ? [{ from, to: to ?? at }] : [])),
  );
}
