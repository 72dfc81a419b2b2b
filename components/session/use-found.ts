import { useEffect, useRef, useState } from 'react';
import type { EventLook } from '@/lib/domain/timeline/find';
import type { Found } from './LowPane';

const settledMs = 250;

/** While not all is read, what is searched for is searched for on the server too, once it is no longer being typed. */
export function useFound(
  { search, group }: EventLook,
  missing: number,
  onFind: (look: EventLook) => Promise<number | null>,
): Found {
  const [found, setFound] = useState<{ readonly for: string; readonly found: Found } | null>(null);
  const latest = useRef(onFind);
  useEffect(() => {
    latest.current = onFind;
  });
  const wanted = search.trim();
  const isNeeded = wanted !== '' && missing > 0;
  const key = `${group} ${wanted}`;
  useEffect(() => {
    if (!isNeeded) return;
    let state: 'wanted' | 'left' = 'wanted';
    const timer = setTimeout(() => {
      void latest.current({ search: wanted, group }).then((total) => {
        if (state === 'wanted')
          setFound({ for: key, found: total === null ? { is: 'failed' } : { is: 'found', total } });
      });
    }, settledMs);
    return () => {
      state = 'left';
      clearTimeout(timer);
    };
  }, [isNeeded, wanted, group, key]);
  if (!isNeeded) return { is: 'idle' };
  return found?.for === key ? found.found : { is: 'searching' };
}
