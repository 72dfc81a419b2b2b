import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const overscanPx = 320;
/** Drawn before the scroller has been measured. */
const firstPx = 900;

/** The stretch of a scroller that is near enough to be seen, in steps, so that a small scroll draws nothing anew. */
export interface Seen {
  readonly fromPx: number;
  readonly toPx: number;
  /** How far it is scrolled, as it last told: asking the element has the browser lay the whole page out at once. */
  readonly top: Readonly<RefObject<number>>;
  /** Holds what is read in its place when so much came in above it. */
  readonly holdBy: (px: number) => void;
  /** Goes to a place, known at once as where it is scrolled: what comes in before the scroller tells is held from there. */
  readonly goTo: (px: number) => void;
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
  const holdBy = useCallback(
    (px: number): void => {
      const element = scroller.current;
      if (element === null) return;
      element.scrollBy({ top: px });
      // More may come in before the scroller tells of it.
      exact.current = element.scrollTop;
    },
    [scroller],
  );
  const goTo = useCallback(
    (px: number): void => {
      const element = scroller.current;
      if (element === null) return;
      element.scrollTo({ top: px });
      exact.current = element.scrollTop;
    },
    [scroller],
  );
  return { fromPx: seen.top - overscanPx, toPx: seen.top + seen.height + overscanPx, top: exact, holdBy, goTo };
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
