import type { SessionEvent } from '@/lib/domain/event';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import type { LaneEvent } from '@/lib/domain/timeline/lane';
import { rowOf } from '@/lib/domain/timeline/row';
import type { SeqList } from '@/lib/domain/timeline/seq-list';
import { clockTimeMs } from '@/lib/domain/timeline/time-words';
import { pxOf, type Scale } from './scale';

/** The lane that is pointed at or in focus, and the event of it; null for the lane as a whole. */
export interface Pointed {
  readonly laneId: LaneId;
  readonly seq: number | null;
  /** A pointer says no more than the eye sees; keys are heard too. */
  readonly by: 'pointer' | 'keys';
}

const reachPx = 8;

function eventsOf(timeline: Timeline, laneId: LaneId): SeqList<LaneEvent> | null {
  return timeline.drawnFrom.tracks.get(laneId)?.events ?? null;
}

/** The event of a lane that is nearest to a pixel of its track; null where none is near. */
export function eventNear(
  timeline: Timeline,
  laneId: LaneId,
  { scale, px }: { readonly scale: Scale; readonly px: number },
): SessionEvent | null {
  let best: SessionEvent | null = null;
  let bestPx = reachPx;
  for (const event of eventsOf(timeline, laneId) ?? []) {
    const awayPx = Math.abs(pxOf(scale, event.at) - px);
    // Of those that stand on one pixel the last has the last word.
    if (awayPx > bestPx) continue;
    best = event;
    bestPx = awayPx;
  }
  return best;
}

/** The event a key goes to from the one it is on; null when the key is not for events, or there is no other. */
export function eventOfKey(timeline: Timeline, { laneId, seq }: Pointed, key: string): SessionEvent | null {
  const events = eventsOf(timeline, laneId);
  if (events === null || events.size === 0) return null;
  const at = seq === null ? null : events.placeOf(seq);
  switch (key) {
    case 'ArrowRight':
      return events.at(at === null ? 0 : Math.min(at + 1, events.size - 1)) ?? null;
    case 'ArrowLeft':
      return events.at(at === null ? events.size - 1 : Math.max(at - 1, 0)) ?? null;
    case 'Home':
      return events.first ?? null;
    case 'End':
      return events.last ?? null;
    default:
      return null;
  }
}

/** "Event 123, 14:29:50.114: Progress 1 of 2: check quota" */
export function eventFacts(timeline: Timeline, event: SessionEvent): string {
  return `Event ${event.seq}, ${clockTimeMs(event.at)}: ${rowOf(timeline, event).words}`;
}
