import { type DraftLane, callLane, closeAll, foldLane, type LaneEvent, questionLane } from './lane';
import type { Lane } from './lane-model';
import { SeqList } from './seq-list';

/** The known events of one lane, and what they draw. */
export interface Track {
  readonly events: SeqList<LaneEvent>;
  /** Null until its first event is known. */
  readonly lane: Lane | null;
}

export const emptyTrack: Track = { events: SeqList.empty(), lane: null };

/** With more of its events. What follows the others is drawn on; what comes between them draws the lane anew. */
export function trackWith(track: Track, fresh: readonly LaneEvent[]): Track {
  const events = track.events.with(fresh);
  const follows = (fresh[0]?.seq ?? 0) > (track.events.last?.seq ?? 0);
  if (track.lane !== null && follows) return { events, lane: drawn(copyOf(track.lane), fresh) };
  return { events, lane: laneOf(events) };
}

/** Nothing of an ended session lasts, whatever its log left open. */
export function laneAtEnd(lane: Lane, endedAt: number): Lane {
  if (lane.to !== null) return lane;
  const closed = copyOf(lane);
  closeAll(closed, endedAt);
  return closed;
}

function laneOf(events: SeqList<LaneEvent>): Lane | null {
  const first = events.first;
  if (first === undefined) return null;
  const lane = firstLane(first);
  return lane === null ? null : drawn(lane, events);
}

function firstLane(event: LaneEvent): DraftLane | null {
  if (event.type === 'call.received') return callLane(event);
  return event.type === 'request.opened' && event.callId === null ? questionLane(event) : null;
}

function drawn(lane: DraftLane, events: Iterable<LaneEvent>): Lane {
  for (const event of events) if (event.type !== 'call.received') foldLane(lane, event);
  return lane;
}

function copyOf(lane: Lane): DraftLane {
  const { segments, sends, ticks, stages, logs, breaks } = lane;
  return {
    ...lane,
    segments: [...segments],
    sends: [...sends],
    ticks: [...ticks],
    stages: [...stages],
    logs: [...logs],
    breaks: [...breaks],
  };
}
