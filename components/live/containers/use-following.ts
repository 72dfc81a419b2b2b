'use client';

import { useEffect } from 'react';

/** Looks again every so many milliseconds and when the page comes back into sight, for others change it too; null: never. */
export function useFollowing(again: () => void, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return;
    const look = (): void => {
      if (document.visibilityState === 'visible') again();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [again, everyMs]);
}
