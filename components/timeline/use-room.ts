import { type RefObject, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Room } from './row-model';

const phoneQuery = '(max-width: 720px)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(phoneQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useRoom(): Room {
  const read = useCallback((): Room => (window.matchMedia(phoneQuery).matches ? 'phone' : 'wide'), []);
  return useSyncExternalStore(subscribe, read, () => 'wide');
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
