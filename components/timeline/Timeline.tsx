'use client';

import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { LaneId, Timeline as TimelineModel } from '@/lib/domain/timeline';
import { endOfTime, nearestDeadline } from '@/lib/domain/timeline/clocks';
import { Axis, Layers } from './Axis';
import { Facts } from './Facts';
import type { DrawnAt } from './lane-marks';
import { eventOfKey, type Pointed } from './pointing';
import { type Chosen, Rows } from './Rows';
import { TimelineTools } from './TimelineTools';
import { useGestures } from './use-gestures';
import { usePointer } from './use-pointer';
import { useRoom, useWidth } from './use-room';
import { type Extent, near, scaleOf, showing, type View } from './view';

/** Each time something is gone to it is another one. */
export interface Focus {
  readonly at: number;
}

export interface TimelineProps {
  readonly timeline: TimelineModel;
  /** When the session began, known before its first event is. */
  readonly startedAt: number;
  /** The server's clock. */
  readonly now: number;
  readonly chosen: Chosen;
  readonly onLane: (id: LaneId) => void;
  /** An event of a lane was picked in the drawing. */
  readonly onEvent: (seq: number) => void;
  /** What stands at the left of its tools. */
  readonly lead: ReactNode;
  /** An instant that was gone to: the drawing moves close to it. */
  readonly focus: Focus | null;
}

/** The drawing of a session: calls as lanes under their servers, in the grammar of the legend. */
export function Timeline(props: TimelineProps): ReactNode {
  const { timeline, startedAt, now, chosen, onLane, lead, focus } = props;
  const room = useRoom();
  const track = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const width = Math.max(1, useWidth(track));
  const extent = useExtent(timeline, startedAt, now);
  const [chosenView, setView] = useState<ChosenView>({ view: { mode: 'fit' }, forSeq: null, focus: null });
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const view = useShown(chosenView, { extent, width, focus, chosen });
  const scale = useMemo(() => scaleOf(view, extent, width), [view, extent, width]);
  const chosenSeq = chosen.event?.seq ?? null;
  const onView = useCallback((next: View) => setView({ view: next, forSeq: chosenSeq, focus }), [chosenSeq, focus]);
  const stage = { view, scale, extent, onView };
  useGestures(body, track, stage);
  const drawn = useMemo((): DrawnAt => ({ scale, now, endAt: extent.to }), [scale, now, extent.to]);
  usePointer(body, track, { timeline, drawn, onPoint: setPointed, onEvent: props.onEvent });
  const onKey = useMarkKeys({ ...props, pointed, onPoint: setPointed, onAt: (at) => onView(showing(view, scale, at)) });
  const names = `${timeline.lanes.size.toLocaleString('en-US')} ${timeline.lanes.size === 1 ? 'call' : 'calls'}`;
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
          <Rows
            timeline={timeline}
            room={room}
            drawn={drawn}
            chosen={chosen}
            pointed={pointed}
            onLane={onLane}
            onPoint={setPointed}
            onKey={onKey}
          />
        </div>
      </div>
      <Facts timeline={timeline} pointed={pointed} chosen={chosen.laneId} now={extent.to} />
    </section>
  );
}

const secondMs = 1_000;

/** What was chosen by hand, and for which event and which instant. */
interface ChosenView {
  readonly view: View;
  readonly forSeq: number | null;
  readonly focus: Focus | null;
}

interface Aims {
  readonly extent: Extent;
  readonly width: number;
  readonly focus: Focus | null;
  readonly chosen: Chosen;
}

/** The view as it was chosen; or close to what was gone to since; moved to where a newly chosen event stands. */
function useShown(chosenView: ChosenView, { extent, width, focus, chosen }: Aims): View {
  const { event } = chosen;
  const at = event === null || event.seq === chosenView.forSeq ? null : event.at;
  return useMemo(() => {
    const view = focus === null || focus === chosenView.focus ? chosenView.view : near(extent, focus.at);
    return at === null ? view : showing(view, scaleOf(view, extent, width), at);
  }, [chosenView, focus, at, extent, width]);
}

function useExtent(timeline: TimelineModel, startedAt: number, now: number): Extent {
  const live = timeline.life?.ending?.endedAt == null;
  const from = Math.min(startedAt, timeline.events.first?.at ?? startedAt);
  const end = endOfTime(timeline, now);
  // To the second, as the clock ticks: what did not change is not drawn anew with every frame of data.
  const to = live ? Math.max(now, Math.ceil(end / secondMs) * secondMs) : end;
  const deadlineAt = live ? (nearestDeadline(timeline)?.deadlineAt ?? null) : null;
  return useMemo(() => ({ from, to, deadlineAt, live }), [from, to, deadlineAt, live]);
}

interface MarkKeys extends TimelineProps {
  readonly pointed: Pointed | null;
  readonly onPoint: (pointed: Pointed | null) => void;
  readonly onAt: (at: number) => void;
}

/** Left and right go through the events of the lane in focus, Enter opens one, Escape goes back to the lane. */
function useMarkKeys({
  timeline,
  pointed,
  onPoint,
  onAt,
  onEvent,
}: MarkKeys): (event: KeyboardEvent<HTMLButtonElement>, id: LaneId) => void {
  return (press, laneId) => {
    if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey) return;
    const seq = pointed?.laneId === laneId && pointed.by === 'keys' ? pointed.seq : null;
    if (seq !== null && (press.key === 'Enter' || press.key === 'Escape')) {
      press.preventDefault();
      if (press.key === 'Enter') onEvent(seq);
      else onPoint({ laneId, seq: null, by: 'keys' });
      return;
    }
    const event = eventOfKey(timeline, { laneId, seq, by: 'keys' }, press.key);
    if (event === null) return;
    press.preventDefault();
    onPoint({ laneId, seq: event.seq, by: 'keys' });
    onAt(event.at);
  };
}
