import { type RefObject, useEffect, useMemo, useState } from 'react';

const overscanPx = 320;
/** Drawn before the scroller has been measured. */
const firstPx = 900;

export interface RowWindow {
  /** The rows to draw: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
  readonly topOf: (index: number) => number;
  readonly totalPx: number;
}

/** Which rows of a scroller are near enough to be seen, for rows whose heights are known before they are drawn. */
export function useWindow(scroller: RefObject<HTMLElement | null>, heights: readonly number[]): RowWindow {
  const [seen, setSeen] = useState({ top: 0, height: firstPx });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      // In steps, so that a small scroll draws nothing anew.
      const top = Math.floor(element.scrollTop / 100) * 100;
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
  const tops = useMemo(() => topsOf(heights), [heights]);
  return {
    first: rowAt(tops, seen.top - overscanPx),
    end: Math.min(heights.length, rowAt(tops, seen.top + seen.height + overscanPx) + 1),
    topOf: (index) => tops[index] ?? 0,
    totalPx: tops[tops.length - 1] ?? 0,
  };
}

/** The top of every row, and the end of the last. */
export function topsOf(heights: readonly number[]): readonly number[] {
  const tops = [0];
  let at = 0;
  for (const height of heights) tops.push((at += height));
  return tops;
}

/** The row at a pixel: the last one that does not begin after it. */
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
