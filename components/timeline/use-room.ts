import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import type { Room } from './layout';

const phoneQuery = '(max-width: 720px)';

let query: MediaQueryList | null = null;

/** One for the page: it is asked at every drawing. */
function phone(): MediaQueryList {
  query ??= window.matchMedia(phoneQuery);
  return query;
}

function subscribe(listener: () => void): () => void {
  const query = phone();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function readRoom(): Room {
  return phone().matches ? 'phone' : 'wide';
}

export function useRoom(): Room {
  return useSyncExternalStore(subscribe, readRoom, () => 'wide');
}

/** The width of an element in pixels, 0 until it is known. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
