'use client';

import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import ArrowUp from 'lucide-react/icons/arrow-up';
import { type Seen, useSeen } from '@/components/timeline/use-window';
import { Icon } from '@/components/ui/Icon';

type Key = number | string;

/** A list that is read by place, an array or one that makes its items when they are drawn. */
export interface Items<T> {
  readonly length: number;
  at(index: number): T | undefined;
}

export interface VirtualListProps<T> {
  /** Newest first. */
  readonly items: Items<T>;
  readonly keyOf: (item: T) => Key;
  /** Where an item stands, or -1; without it the list is gone through. */
  readonly placeOf?: (key: Key) => number;
  /** The item to have in view: a change of it scrolls there. */
  readonly shown?: Key | null;
  readonly rowHeight: number;
  readonly label: string;
  readonly draw: (item: T) => ReactNode;
  /** What the chip counts: "3 new events". */
  readonly noun: string;
  readonly foot?: ReactNode;
  /** There are newer items than the first, and this leads to them; what arrives on top was then only read late. */
  readonly onNewest?: (() => void) | undefined;
  /** Rows that take the focus: while none is drawn the list takes it. Without it every row does. */
  readonly isStop?: (item: T) => boolean;
  /** Called with the places that are drawn, the second not included, when they change: what is not there yet is read. */
  readonly onSeen?: (first: number, end: number) => void;
}

/**
 * A long list of equal rows, drawn where it is seen. What arrives on top while it is scrolled never
 * moves the rows under the eye: a chip counts it instead.
 */
export function VirtualList<T>(props: VirtualListProps<T>): ReactNode {
  const { items, keyOf, rowHeight, label, draw, noun, foot, onNewest, isStop } = props;
  const scroller = useRef<HTMLOListElement>(null);
  const seen = useSeen(scroller);
  const { fromPx, toPx } = seen;
  const fresh = useSteadyTop(props, scroller, seen);
  useShown(props, scroller, seen);
  const first = Math.max(0, Math.min(Math.floor(fromPx / rowHeight), items.length - 1));
  const end = Math.min(items.length, Math.ceil(toPx / rowHeight));
  const { onSeen } = props;
  useEffect(() => onSeen?.(first, end), [onSeen, first, end]);
  const drawn: { readonly item: T; readonly at: number }[] = [];
  for (let at = first; at < end; at += 1) {
    const item = items.at(at);
    if (item !== undefined) drawn.push({ item, at });
  }
  const takesFocus = isStop !== undefined && !drawn.some(({ item }) => isStop(item));
  return (
    <div className="vl">
      {onNewest === undefined ? null : (
        <button type="button" className="vl-chip btn sm" onClick={onNewest}>
          <Icon of={ArrowUp} size="xs" />
          To the newest
        </button>
      )}
      {onNewest === undefined && fresh > 0 ? (
        <button type="button" className="vl-chip btn sm" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <Icon of={ArrowUp} size="xs" />
          {fresh.toLocaleString('en-US')} new {noun}
        </button>
      ) : null}
      <ol className="scroll" ref={scroller} aria-label={label} {...(takesFocus ? { tabIndex: 0 } : {})}>
        <li aria-hidden="true" style={{ height: items.length * rowHeight }} />
        {drawn.map(({ item, at }) => (
          <li
            key={keyOf(item)}
            className="vl-row"
            style={{ top: at * rowHeight, height: rowHeight }}
            aria-setsize={items.length}
            aria-posinset={at + 1}
          >
            {draw(item)}
          </li>
        ))}
        {foot === undefined ? null : <li className="vl-foot">{foot}</li>}
      </ol>
    </div>
  );
}

function placeIn<T>({ items, keyOf, placeOf }: VirtualListProps<T>, key: Key): number {
  if (placeOf !== undefined) return placeOf(key);
  for (let at = 0; at < items.length; at += 1) {
    const item = items.at(at);
    if (item !== undefined && keyOf(item) === key) return at;
  }
  return -1;
}

/** What was last drawn: where it is scrolled to since then, that is what is read. */
interface Drawn<T> {
  readonly items: Items<T>;
  readonly top: Key | null;
  readonly isCut: boolean;
}

/** Where an item stands at its old place or after it, or -1: what comes in above it pushes it down. */
function placeFrom<T>({ items, keyOf, placeOf }: VirtualListProps<T>, key: Key, from: number): number {
  if (placeOf !== undefined) return placeOf(key);
  for (let at = from; at < items.length; at += 1) {
    const item = items.at(at);
    if (item !== undefined && keyOf(item) === key) return at;
  }
  return -1;
}

/** Holds what is read in its place while items arrive above it, and counts those on top that are not yet seen. */
function useSteadyTop<T>(
  props: VirtualListProps<T>,
  scroller: RefObject<HTMLOListElement | null>,
  { top: scrolled, holdBy }: Seen,
): number {
  const { items, keyOf, rowHeight } = props;
  const head = items.at(0);
  const top = head === undefined ? null : keyOf(head);
  const [seen, setSeen] = useState<Key | null>(top);
  const isCut = props.onNewest !== undefined;
  const before = useRef<Drawn<T>>({ items, top, isCut });
  useLayoutEffect(() => {
    const last = before.current;
    before.current = { items, top, isCut };
    const at = Math.floor(scrolled.current / rowHeight);
    const item = last.items === items || (at === 0 && !last.isCut) ? undefined : last.items.at(at);
    const place = item === undefined ? -1 : placeFrom(props, keyOf(item), at);
    if (place > at) holdBy((place - at) * rowHeight);
    // Read late, and no news.
    if (last.isCut && last.top !== top) setSeen(top);
  }, [props, items, keyOf, top, isCut, rowHeight, scrolled, holdBy]);
  useEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    const look = (): void => {
      if (scrolled.current < rowHeight) setSeen(top);
    };
    look();
    // After the listener that notes how far it is scrolled, which was there before.
    list.addEventListener('scroll', look, { passive: true });
    return () => list.removeEventListener('scroll', look);
  }, [top, rowHeight, scroller, scrolled]);
  return seen === null || seen === top ? 0 : Math.max(0, placeIn(props, seen));
}

/** What was chosen elsewhere comes into view as soon as it is in the list, and only then. */
function useShown<T>(props: VirtualListProps<T>, scroller: RefObject<HTMLOListElement | null>, { goTo }: Seen): void {
  const { shown = null, rowHeight } = props;
  const done = useRef<Key | null>(null);
  useEffect(() => {
    const list = scroller.current;
    if (list === null || shown === done.current) return;
    const place = shown === null ? -1 : placeIn(props, shown);
    if (shown !== null && place < 0) return;
    done.current = shown;
    const top = place * rowHeight;
    const isSeen = top >= list.scrollTop && top + rowHeight <= list.scrollTop + list.clientHeight;
    if (place >= 0 && !isSeen) goTo(Math.max(0, top - list.clientHeight / 2));
  }, [props, shown, rowHeight, scroller, goTo]);
}
