'use client';

import { useCallback, useSyncExternalStore } from 'react';

const prefix = 'holdpoint.';
const changed = 'holdpoint:preference';

/** A choice of this person on this browser. Reads null where storage is closed. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    // A browser may forbid storage; the choice then lasts as long as the page.
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    return;
  } finally {
    window.dispatchEvent(new Event(changed));
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener('storage', listener);
  };
}

/** The stored choice, following changes in this tab and others; null on the server. */
export function usePreference(name: string): string | null {
  const read = useCallback(() => readPreference(name), [name]);
  return useSyncExternalStore(subscribe, read, () => null);
}
