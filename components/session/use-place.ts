import { useCallback, useEffect, useRef, useState } from 'react';
import type { Focus } from '@/components/timeline/Timeline';
import type { SessionEvent } from '@/lib/domain/event';
import type { Timeline } from '@/lib/domain/timeline';
import { readAddress, type SessionAddress, writeAddress } from './address';
import type { EventFilter } from './event-filter';
import type { ShownPlace } from './SessionScreen';

export interface Place {
  readonly filter: EventFilter;
  readonly setFilter: (change: (old: EventFilter) => EventFilter) => void;
  readonly chosenSeq: number | null;
  readonly choose: (change: (old: number | null) => number | null) => void;
  readonly jump: (at: number) => void;
  /** What the drawing is to show close by. */
  readonly focus: Focus | null;
}

/** Where a page is in its session, kept in its address: the filter, the chosen event, the instant that was gone to. */
export function usePlace(onShow: (place: ShownPlace) => Promise<Timeline | null>): Place {
  const [place, setPlace] = useState<SessionAddress>(() => readAddress(window.location));
  const [focus, setFocus] = useState<Focus | null>(place.at === null ? null : { at: place.at });
  const latest = useRef(onShow);
  useEffect(() => {
    latest.current = onShow;
  });
  useEffect(() => {
    const text = writeAddress(place);
    const { pathname, search, hash } = window.location;
    if (text !== `${search}${hash}`) window.history.replaceState(window.history.state, '', `${pathname}${text}`);
  }, [place]);
  const jump = useCallback((at: number): void => {
    setFocus({ at });
    setPlace((old) => ({ ...old, at }));
    void latest.current({ is: 'at', at }).then((timeline) => {
      const event = timeline === null ? undefined : eventAt(timeline, at);
      if (event !== undefined) setPlace((old) => (old.at === at ? { ...old, seq: event.seq } : old));
    });
  }, []);
  const opened = useRef(place);
  useEffect(() => {
    const { seq, at } = opened.current;
    if (seq !== null) {
      void latest.current({ is: 'around', seq }).then((timeline) => {
        const event = timeline?.events.find(seq);
        if (event !== undefined) setFocus({ at: event.at });
      });
    } else if (at !== null) jump(at);
  }, [jump]);
  const setFilter = useCallback<Place['setFilter']>(
    (change) => setPlace((old) => ({ ...old, filter: change(old.filter) })),
    [],
  );
  const choose = useCallback<Place['choose']>(
    (change) => setPlace((old) => ({ ...old, at: null, seq: change(old.seq) })),
    [],
  );
  return { filter: place.filter, setFilter, chosenSeq: place.seq, choose, jump, focus };
}

/** The last event that is not after an instant, else the first of all. */
function eventAt(timeline: Timeline, at: number): SessionEvent | undefined {
  for (const chunk of timeline.events.chunks.toReversed()) {
    if ((chunk[0]?.at ?? 0) > at) continue;
    return chunk.findLast((event) => event.at <= at);
  }
  return timeline.events.first;
}
