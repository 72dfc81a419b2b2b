'use client';

import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import ArrowUp from 'lucide-react/icons/arrow-up';
import { useWindow } from '@/components/timeline/use-window';
import { Icon } from '@/components/ui/Icon';

type Key = number | string;

export interface VirtualListProps<T> {
  /** Newest first. */
  readonly items: readonly T[];
  readonly keyOf: (item: T) => Key;
  readonly rowHeight: number;
  readonly label: string;
  readonly draw: (item: T) => ReactNode;
  /** What the chip counts: "3 new events". */
  readonly noun: string;
  readonly foot?: ReactNode;
}

/**
 * A long list of equal rows, drawn where it is seen. What arrives on top while it is scrolled never
 * moves the rows under the eye: a chip counts it instead.
 */
export function VirtualList<T>(props: VirtualListProps<T>): ReactNode {
  const { items, keyOf, rowHeight, label, draw, noun, foot } = props;
  const scroller = useRef<HTMLOListElement>(null);
  const heights = useMemo(() => Array.from({ length: items.length }, () => rowHeight), [items.length, rowHeight]);
  const { first, end, topOf, totalPx } = useWindow(scroller, heights);
  const fresh = useSteadyTop(props, scroller);
  return (
    <div className="vl">
      {fresh > 0 ? (
        <button type="button" className="vl-chip btn sm" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <Icon of={ArrowUp} size="xs" />
          {fresh} new {noun}
        </button>
      ) : null}
      <ol className="scroll" ref={scroller} aria-label={label}>
        <li aria-hidden="true" style={{ height: totalPx }} />
        {items.slice(first, end).map((item, index) => (
          <li
            key={keyOf(item)}
            className="vl-row"
            style={{ top: topOf(first + index), height: rowHeight }}
            aria-setsize={items.length}
            aria-posinset={first + index + 1}
          >
            {draw(item)}
          </li>
        ))}
        {foot === undefined ? null : <li className="vl-foot">{foot}</li>}
      </ol>
    </div>
  );
}

/** Holds what is read in its place while items arrive on top, and counts those not yet seen. */
function useSteadyTop<T>(
  { items, keyOf, rowHeight }: VirtualListProps<T>,
  scroller: RefObject<HTMLOListElement | null>,
): number {
  const top = items[0] === undefined ? null : keyOf(items[0]);
  const [seen, setSeen] = useState<Key | null>(top);
  const before = useRef(top);
  useLayoutEffect(() => {
    const list = scroller.current;
    const last = before.current;
    before.current = top;
    if (list === null || last === top) return;
    const added = items.findIndex((item) => keyOf(item) === last);
    if (list.scrollTop >= rowHeight && added > 0) list.scrollBy({ top: added * rowHeight });
  }, [items, top, keyOf, rowHeight, scroller]);
  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const look = (): void => {
      if (list.scrollTop < rowHeight) setSeen(top);
    };
    look();
    list.addEventListener('scroll', look, { passive: true });
    return () => list.removeEventListener('scroll', look);
  }, [top, rowHeight, scroller]);
  return seen === null
    ? 0
    : Math.max(
        0,
        items.findIndex((item) => keyOf(item) === seen),
      );
}
