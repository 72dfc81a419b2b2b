import { type RefObject, useEffect, useRef } from 'react';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import type { DrawnAt } from './lane-marks';
import { eventNear, type Pointed } from './pointing';

export interface PointerStage {
  readonly timeline: Timeline;
  readonly drawn: DrawnAt;
  readonly onPoint: (change: (old: Pointed | null) => Pointed | null) => void;
  readonly onEvent: (seq: number) => void;
}

/** A pointer over a lane points at its nearest event; a click opens it. Keys do the same: see `useMarkKeys`. */
export function usePointer(
  body: RefObject<HTMLElement | null>,
  track: RefObject<HTMLElement | null>,
  stage: PointerStage,
): void {
  const latest = useRef(stage);
  useEffect(() => {
    latest.current = stage;
  });
  useEffect(() => {
    const element = body.current;
    if (element === null) return;
    const pointed = (event: MouseEvent): Pointed | null => pointedBy(event, latest.current, track.current);
    const move = (event: MouseEvent): void => {
      const next = pointed(event);
      latest.current.onPoint((old) => {
        if (next === null) return old?.by === 'pointer' ? null : old;
        return old?.by === 'pointer' && old.laneId === next.laneId && old.seq === next.seq ? old : next;
      });
    };
    const leave = (): void => latest.current.onPoint((old) => (old?.by === 'pointer' ? null : old));
    const click = (event: MouseEvent): void => {
      const at = pointed(event);
      if (at !== null && at.seq !== null) latest.current.onEvent(at.seq);
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('click', click);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('click', click);
    };
  }, [body, track]);
}

/** The event under a pointer, or its lane; null beside the lanes. */
function pointedBy(
  { target, clientX }: MouseEvent,
  { timeline, drawn }: PointerStage,
  track: HTMLElement | null,
): Pointed | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  const id = row?.dataset['row'];
  const lane = id === undefined ? undefined : timeline.lanes.get(id as LaneId);
  if (lane === undefined || track === null) return null;
  const px = clientX - track.getBoundingClientRect().left;
  const seq = px < 0 ? null : (eventNear(timeline, lane.id, { scale: drawn.scale, px })?.seq ?? null);
  return { laneId: lane.id, seq, by: 'pointer' };
}
