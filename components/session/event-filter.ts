import type { SessionEvent } from '@/lib/domain/event';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import { type EventLook, isLookedFor } from '@/lib/domain/timeline/find';
import { concernOf, rowOf } from '@/lib/domain/timeline/row';
import type { SeqList } from '@/lib/domain/timeline/seq-list';
import type { RowGroup } from '@/lib/domain/timeline/words';
import type { Items } from './VirtualList';

export interface EventFilter extends EventLook {
  readonly laneId: LaneId | null;
}

export const noEventFilter: EventFilter = { group: 'all', search: '', laneId: null };

export const groupNames: { readonly [G in RowGroup | 'all']: string } = {
  all: 'All kinds',
  calls: 'Calls',
  people: 'People',
  progress: 'Progress',
  logs: 'Logs',
  connections: 'Connections',
  session: 'Session',
};

/** The lane an event is drawn on; null when it is drawn on none. */
export function laneOfEvent(timeline: Timeline, event: SessionEvent): LaneId | null {
  const { callId, requestId } = concernOf(timeline, event);
  if (callId !== null && timeline.lanes.has(callId)) return callId;
  return requestId !== null && timeline.lanes.has(requestId) ? requestId : null;
}

/** Events newest first, read by place. */
export interface EventItems extends Items<SessionEvent> {
  /** Where an event stands; -1 when it is not among them. */
  placeOf(seq: number): number;
}

/** The events a filter lets through. Without a filter nothing is gone through; with one, only chunks that changed. */
export function filteredEvents(timeline: Timeline, { laneId, group, search }: EventFilter): EventItems {
  const own: SeqList<SessionEvent> | null =
    laneId === null ? timeline.events : (timeline.drawnFrom.tracks.get(laneId)?.events ?? null);
  if (own === null) return backwards([]);
  if (group === 'all' && search.trim() === '') return newestFirst(own);
  const found: SessionEvent[] = [];
  for (const chunk of own.chunks) found.push(...foundIn(timeline, chunk, { group, search }));
  return backwards(found);
}

const foundInChunk = new WeakMap<
  readonly SessionEvent[],
  { readonly look: string; readonly found: readonly SessionEvent[] }
>();

function foundIn(timeline: Timeline, chunk: readonly SessionEvent[], look: EventLook): readonly SessionEvent[] {
  const key = `${look.group} ${look.search.trim().toLowerCase()}`;
  const known = foundInChunk.get(chunk);
  if (known?.look === key) return known.found;
  const found = chunk.filter((event) => isLookedFor(rowOf(timeline, event), look));
  foundInChunk.set(chunk, { look: key, found });
  return found;
}

function newestFirst(events: SeqList<SessionEvent>): EventItems {
  const last = events.size - 1;
  return {
    length: events.size,
    at: (index) => events.at(last - index),
    placeOf: (seq) => (events.find(seq) === undefined ? -1 : last - events.placeOf(seq)),
  };
}

function backwards(events: readonly SessionEvent[]): EventItems {
  const last = events.length - 1;
  return {
    length: events.length,
    at: (index) => events[last - index],
    placeOf: (seq) => {
      const at = events.findIndex((event) => event.seq === seq);
      return at < 0 ? -1 : last - at;
    },
  };
}
