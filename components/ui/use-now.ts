'use client';

import { useCallback, useSyncExternalStore } from 'react';

const secondMs = 1_000;

/** One timer for every clock of the page, so that they all change together. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | null = null;

function tick(): void {
  timer = setTimeout(tick, secondMs - (Date.now() % secondMs));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    timer = setTimeout(tick, secondMs - (Date.now() % secondMs));
    document.addEventListener('visibilitychange', wake);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
    document.removeEventListener('visibilitychange', wake);
  };
}

/** A hidden tab's timers are slowed down: catch up when it is looked at again. */
function wake(): void {
  for (const listener of listeners) listener();
}

/** The server's clock to the second. `offsetMs` is the server's time minus this browser's. */
export function useNow(offsetMs: number): number {
  const read = useCallback(() => Math.floor((Date.now() + offsetMs) / secondMs) * secondMs, [offsetMs]);
  return useSyncExternalStore(subscribe, read, () => 0);
}
