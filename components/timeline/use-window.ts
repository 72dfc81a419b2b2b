import { type RefObject, useEffect, useRef, useState } from 'react';

const overscanPx = 320;
/** At the very top, where what is new comes in, less is drawn ahead: most of it would be drawn and never be seen. */
const atTopPx = 84;
/** Drawn before the scroller has been measured. */
const firstPx = 900;

/** The stretch of a scroller that is near enough to be seen, in steps, so that a small scroll draws nothing anew. */
export interface Seen {
  readonly fromPx: number;
  readonly toPx: number;
  /** How far it is scrolled, as it last told: asking the element has the browser lay the whole page out at once. */
  readonly top: RefObject<number>;
}

export function useSeen(scroller: RefObject<HTMLElement | null>): Seen {
  const [seen, setSeen] = useState({ top: 0, height: firstPx });
  const exact = useRef(0);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      exact.current = element.scrollTop;
      const top = Math.floor(exact.current / 100) * 100;
      const height = Math.ceil(element.clientHeight / 100) * 100 + 100;
      setSeen((old) => (old.top === top && old.height === height ? old : { top, height }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);
  const aheadPx = seen.top === 0 ? atTopPx : overscanPx;
  return { fromPx: seen.top - overscanPx, toPx: seen.top + seen.height + aheadPx, top: exact };
}

/** The row at a pixel: the last one that does not begin after it. `tops`: of every row, and the end of the last. */
export function rowAt(tops: readonly number[], px: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
