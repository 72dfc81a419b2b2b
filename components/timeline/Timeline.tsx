'use client';

import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { LaneId, Timeline as TimelineModel } from '@/lib/domain/timeline';
import { endOfTime, nearestDeadline } from '@/lib/domain/timeline/clocks';
import { Axis, Layers } from './Axis';
import type { DrawnAt } from './lane-marks';
import { laneFacts } from './lane-words';
import { type Chosen, Rows } from './Rows';
import { rowsOf } from './row-model';
import { TimelineTools } from './TimelineTools';
import { useGestures } from './use-gestures';
import { useRoom, useWidth } from './use-room';
import { type Extent, scaleOf, showing, type View } from './view';

export interface TimelineProps {
  readonly timeline: TimelineModel;
  /** The server's clock. */
  readonly now: number;
  readonly chosen: Chosen;
  readonly onLane: (id: LaneId) => void;
  /** What stands at the left of its tools. */
  readonly lead: ReactNode;
}

/** The drawing of a session: calls as lanes under their servers, in the grammar of the legend. */
export function Timeline({ timeline, now, chosen, onLane, lead }: TimelineProps): ReactNode {
  const room = useRoom();
  const track = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  const extent = useExtent(timeline, now);
  const [chosenView, setView] = useState<{ readonly view: View; readonly forSeq: number | null }>({
    view: { mode: 'fit' },
    forSeq: null,
  });
  const [pointed, setPointed] = useState<LaneId | null>(null);
  const bare = scaleOf(chosenView.view, extent, Math.max(1, width));
  const view =
    chosen.event === null || chosen.event.seq === chosenView.forSeq
      ? chosenView.view
      : showing(chosenView.view, bare, chosen.event.at);
  const scale = useMemo(() => scaleOf(view, extent, Math.max(1, width)), [view, extent, width]);
  const chosenSeq = chosen.event?.seq ?? null;
  const onView = useCallback((next: View) => setView({ view: next, forSeq: chosenSeq }), [chosenSeq]);
  const stage = { view, scale, extent, onView };
  useGestures(body, track, stage);
  const drawn = useMemo((): DrawnAt => ({ scale, now, endAt: extent.to }), [scale, now, extent.to]);
  const rows = useMemo(() => rowsOf(timeline, room), [timeline, room]);
  const shown = pointed ?? chosen.laneId;
  const names = `${timeline.lanes.size} ${timeline.lanes.size === 1 ? 'call' : 'calls'}`;
  return (
    <section className="tl-wrap" aria-label="Timeline">
      <div className="tl-tools">
        {lead}
        <span className="grow" />
        <TimelineTools timeline={timeline} view={view} extent={extent} onView={onView} />
      </div>
      <div className={`tl ${view.mode}`} ref={body} role="group" aria-label={`Timeline of ${names}`}>
        <Axis scale={scale} extent={extent} room={room} trackRef={track} />
        <div className="tl-view">
          <Layers scale={scale} extent={extent} room={room} />
          <Rows rows={rows} drawn={drawn} chosen={chosen} onLane={onLane} onPoint={setPointed} />
        </div>
      </div>
      <Facts timeline={timeline} id={shown} now={extent.to} />
    </section>
  );
}

function useExtent(timeline: TimelineModel, now: number): Extent {
  const live = timeline.life?.ending?.endedAt == null;
  const from = timeline.life?.startedAt ?? timeline.rows[0]?.at ?? now;
  const to = endOfTime(timeline, now);
  const deadlineAt = live ? (nearestDeadline(timeline)?.deadlineAt ?? null) : null;
  return useMemo(() => ({ from, to, deadlineAt, live }), [from, to, deadlineAt, live]);
}

/** The exact values of the lane under the pointer, in focus or chosen. */
function Facts({
  timeline,
  id,
  now,
}: {
  readonly timeline: TimelineModel;
  readonly id: LaneId | null;
  readonly now: number;
}): ReactNode {
  const lane = id === null ? undefined : timeline.lanes.get(id);
  if (lane === undefined) {
    return (
      <p className="tl-facts meta hint-line">
        Point at a lane for its exact times. Ctrl and wheel or + and − zoom; drag moves.
      </p>
    );
  }
  return (
    <p className="tl-facts meta" aria-hidden="true">
      <b className="mono">{lane.tool}</b>
      {laneFacts(lane, now).map((fact) => (
        <span key={fact} className="dot-sep">
          {fact}
        </span>
      ))}
    </p>
  );
}
