'use client';

import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { LaneId } from '@/lib/domain/timeline';
import { HeadRow } from './HeadRow';
import type { DrawnAt } from './lane-marks';
import { LaneRow } from './LaneRow';
import type { TimelineRow } from './row-model';
import { topsOf, useWindow } from './use-window';

/** More rows than this are drawn only where they are seen. */
const windowFrom = 60;

/** What is highlighted together: a lane, and the event chosen in the list. */
export interface Chosen {
  readonly laneId: LaneId | null;
  readonly event: { readonly seq: number; readonly at: number; readonly laneId: LaneId | null } | null;
}

export interface RowsProps {
  readonly rows: readonly TimelineRow[];
  readonly drawn: DrawnAt;
  readonly chosen: Chosen;
  readonly onLane: (id: LaneId) => void;
  readonly onPoint: (id: LaneId | null) => void;
}

/** The servers and lanes, scrolled to the first call that is still open. */
export function Rows(props: RowsProps): ReactNode {
  const { rows } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useMemo(() => rows.map((row) => row.height), [rows]);
  const { first, end, topOf, totalPx } = useWindow(scroller, heights);
  const onMove = useMoves(scroller);
  useFirstOpen(rows, scroller);
  const some = rows.length > windowFrom ? rows.slice(first, end) : rows;
  const tabLane = tabLaneOf(some, props.chosen.laneId);
  const drawRow = (row: TimelineRow): ReactNode => (
    <Row key={row.key} {...props} row={row} tabLane={tabLane} onMove={onMove} />
  );
  return (
    <div className="tl-body" ref={scroller}>
      {some === rows ? (
        rows.map(drawRow)
      ) : (
        <div className="tl-many" style={{ height: totalPx }}>
          <div className="tl-some" style={{ top: topOf(first) }}>
            {some.map(drawRow)}
          </div>
        </div>
      )}
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
  readonly onMove: (event: KeyboardEvent<HTMLButtonElement>) => void;
}

function Row({ row, drawn, chosen, tabLane, onLane, onPoint, onMove }: RowProps): ReactNode {
  if (row.kind === 'head') return <HeadRow group={row.group} drawn={drawn} />;
  const { lane } = row;
  const picked = chosen.laneId === lane.id || chosen.event?.laneId === lane.id;
  return (
    <LaneRow
      lane={lane}
      drawn={drawn}
      selected={picked ? 'selected' : 'plain'}
      markedAt={chosen.event?.laneId === lane.id ? chosen.event.at : null}
      tabIndex={row.key === tabLane ? 0 : -1}
      onSelect={onLane}
      onPoint={onPoint}
      onMove={onMove}
    />
  );
}

/** Up and down go from lane to lane; those just outside the window are drawn, so there is always a next one. */
function useMoves(scroller: RefObject<HTMLDivElement | null>): (event: KeyboardEvent<HTMLButtonElement>) => void {
  return useCallback(
    (event) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      const body = scroller.current;
      if (step === 0 || body === null) return;
      event.preventDefault();
      const lanes = [...body.querySelectorAll<HTMLButtonElement>('[data-lane]')];
      const next = lanes[lanes.indexOf(event.currentTarget) + step];
      next?.focus({ preventScroll: true });
      next?.closest('.lane')?.scrollIntoView({ block: 'nearest' });
    },
    [scroller],
  );
}

/** Once, when the page opens: in a long session the open calls are far down. */
function useFirstOpen(rows: readonly TimelineRow[], scroller: RefObject<HTMLDivElement | null>): void {
  const scrolled = useRef(false);
  useEffect(() => {
    const body = scroller.current;
    if (scrolled.current || body === null || rows.length === 0) return;
    scrolled.current = true;
    const open = rows.findIndex((row) => row.kind === 'lane' && row.lane.to === null);
    if (open < 0) return;
    const top = topsOf(rows.map((row) => row.height))[open] ?? 0;
    if (top > body.clientHeight - 60) body.scrollTo({ top: top - body.clientHeight / 2 });
  }, [rows, scroller]);
}
