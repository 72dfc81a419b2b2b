'use client';

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import { openLanes } from '@/lib/domain/timeline/clocks';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { HeadRow } from './HeadRow';
import type { DrawnAt } from './lane-marks';
import { LaneRow } from './LaneRow';
import { Layout, type Room, type TimelineRow } from './layout';
import type { Pointed } from './pointing';
import { type Seen, useSeen } from './use-window';

/** What is highlighted together: a lane, and the event chosen in the list. */
export interface Chosen {
  readonly laneId: LaneId | null;
  readonly event: { readonly seq: number; readonly at: number; readonly laneId: LaneId | null } | null;
}

export interface RowsProps {
  readonly timeline: Timeline;
  readonly room: Room;
  readonly drawn: DrawnAt;
  readonly chosen: Chosen;
  readonly pointed: Pointed | null;
  readonly onLane: (id: LaneId) => void;
  readonly onPoint: (pointed: Pointed | null) => void;
  readonly onKey: (event: KeyboardEvent<HTMLButtonElement>, id: LaneId) => void;
}

/** The servers and lanes that are seen. What comes in above them never moves what is read. */
export function Rows(props: RowsProps): ReactNode {
  const { timeline, room, chosen } = props;
  const { groups } = timeline;
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => new Layout({ groups }, room), [groups, room]);
  const seen = useSeen(scroller);
  const { fromPx, toPx } = seen;
  useFirstOpen(timeline, layout, scroller);
  useSteady(layout, seen, laneOfChosen(timeline, chosen));
  useChosenInView(timeline, layout, { scroller, chosen, seen });
  const onMove = useMoves(layout, scroller, props);
  const first = layout.rowAt(fromPx);
  const end = Math.min(layout.count, layout.rowAt(toPx) + 1);
  const rows: TimelineRow[] = [];
  for (let index = first; index < end; index += 1) {
    const row = layout.row(index);
    if (row !== undefined) rows.push(row);
  }
  const tabLane = tabLaneOf(rows, chosen.laneId);
  return (
    <div className="tl-body" ref={scroller}>
      <div className="tl-many" style={{ height: layout.totalPx }}>
        <div className="tl-some" style={{ top: layout.topOf(first) }}>
          {rows.map((row) => (
            <Row key={row.key} {...props} row={row} tabLane={tabLane} onKey={onMove} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** One lane takes Tab: the chosen one, else the first that is drawn. */
function tabLaneOf(rows: readonly TimelineRow[], chosen: LaneId | null): string | null {
  const lanes = rows.filter((row) => row.kind === 'lane');
  return (lanes.find((row) => row.key === chosen) ?? lanes[0])?.key ?? null;
}

interface RowProps extends RowsProps {
  readonly row: TimelineRow;
  readonly tabLane: string | null;
}

function Row({ row, timeline, drawn, chosen, pointed, tabLane, onLane, onPoint, onKey }: RowProps): ReactNode {
  if (row.kind === 'head') return <HeadRow group={row.group} drawn={drawn} />;
  const { lane } = row;
  const picked = chosen.laneId === lane.id || chosen.event?.laneId === lane.id;
  const cursor = pointed?.laneId === lane.id && pointed.seq !== null ? timeline.events.find(pointed.seq) : undefined;
  return (
    <LaneRow
      lane={lane}
      drawn={drawn}
      selected={picked ? 'selected' : 'plain'}
      markedAt={chosen.event?.laneId === lane.id ? chosen.event.at : null}
      cursorAt={cursor?.at ?? null}
      tabIndex={row.key === tabLane ? 0 : -1}
      onSelect={onLane}
      onPoint={onPoint}
      onKey={onKey}
    />
  );
}

/** Up and down go from lane to lane, whether or not the next one is drawn yet; other keys are the marks'. */
function useMoves(
  layout: Layout,
  scroller: RefObject<HTMLDivElement | null>,
  { timeline, onKey }: RowsProps,
): RowsProps['onKey'] {
  return (event, id) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    const body = scroller.current;
    if (step === null || body === null || event.altKey || event.ctrlKey || event.metaKey) return onKey(event, id);
    event.preventDefault();
    const lane = timeline.lanes.get(id);
    const next = lane === undefined ? null : layout.laneBeside(id, lane.seq, step);
    const place = next === null ? null : layout.placeOf(next.id, next.seq);
    if (next === null || place === null) return;
    scrollTo(body, layout, place);
    body.querySelector<HTMLButtonElement>(`[data-lane="${next.id}"]`)?.focus({ preventScroll: true });
  };
}

/** No further than is needed to see all of the row. */
function scrollTo(body: HTMLElement, layout: Layout, place: number): void {
  const [top, bottom] = [layout.topOf(place), layout.topOf(place + 1)];
  const end = bottom > top ? bottom : layout.totalPx;
  if (top < body.scrollTop) body.scrollTo({ top });
  else if (end > body.scrollTop + body.clientHeight) body.scrollTo({ top: end - body.clientHeight });
}

/** Once, when the page opens: in a long session the open calls are far down. */
function useFirstOpen(timeline: Timeline, layout: Layout, scroller: RefObject<HTMLDivElement | null>): void {
  const scrolled = useRef(false);
  useEffect(() => {
    const body = scroller.current;
    if (scrolled.current || body === null || layout.count === 0) return;
    scrolled.current = true;
    const open = openLanes(timeline)[0];
    const place = open === undefined ? null : layout.placeOf(open.id, open.seq);
    if (place === null) return;
    const top = layout.topOf(place);
    if (top > body.clientHeight - 60) body.scrollTo({ top: top - body.clientHeight / 2 });
  }, [timeline, layout, scroller]);
}

function laneOfChosen({ lanes }: Timeline, { event, laneId }: Chosen): Lane | undefined {
  const id = event?.laneId ?? laneId;
  return id === null ? undefined : lanes.get(id);
}

/**
 * Lanes that come in above the one at the top push it down; it is held where it is. Servers change places while older
 * calls come in: what was chosen and is seen is held before anything else.
 */
function useSteady(layout: Layout, { top, toPx, holdBy }: Seen, chosen: Lane | undefined): void {
  const before = useRef<Layout | null>(null);
  useLayoutEffect(() => {
    const last = before.current;
    before.current = layout;
    if (last === null || last === layout || last.count === 0) return;
    const was = chosen === undefined ? null : last.placeOf(chosen.id, chosen.seq);
    const is = chosen === undefined ? null : layout.placeOf(chosen.id, chosen.seq);
    if (was !== null && is !== null && last.topOf(was) >= top.current && last.topOf(was) < toPx) {
      const byPx = layout.topOf(is) - last.topOf(was);
      if (byPx !== 0) holdBy(byPx);
      return;
    }
    // A head stays over its lanes; the first whole lane is what is read.
    for (let at = last.rowAt(top.current); at < last.count; at += 1) {
      const row = last.row(at);
      if (row?.kind !== 'lane') continue;
      const place = layout.placeOf(row.key, row.lane.seq);
      const byPx = place === null ? 0 : layout.topOf(place) - last.topOf(at);
      if (byPx !== 0) holdBy(byPx);
      return;
    }
  }, [layout, top, toPx, holdBy, chosen]);
}

/** The lane of an event that was chosen elsewhere comes into view, once. */
function useChosenInView(
  timeline: Timeline,
  layout: Layout,
  {
    scroller,
    chosen,
    seen: { goTo },
  }: { readonly scroller: RefObject<HTMLDivElement | null>; readonly chosen: Chosen; readonly seen: Seen },
): void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    const body = scroller.current;
    const { event } = chosen;
    if (event === null) shown.current = null;
    if (event === null || event.laneId === null || body === null || shown.current === event.seq) return;
    const lane = timeline.lanes.get(event.laneId);
    const place = lane === undefined ? null : layout.placeOf(lane.id, lane.seq);
    if (place === null) return;
    shown.current = event.seq;
    const [top, bottom] = [layout.topOf(place), layout.topOf(place + 1)];
    const end = bottom > top ? bottom : layout.totalPx;
    if (top < body.scrollTop) goTo(top);
    else if (end > body.scrollTop + body.clientHeight) goTo(end - body.clientHeight);
  }, [timeline, layout, scroller, chosen, goTo]);
}
