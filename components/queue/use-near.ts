'use client';

import { useEffect, useRef } from 'react';
import { type Stops, stepFrom } from '@/lib/domain/queue';
import type { QueueScreenProps } from './queue-props';

const nearAfterMs = 150;

/** Once the eye rests on a request, the one after it may be read. */
export function useNear(stops: Stops, { selected, onNear }: Pick<QueueScreenProps, 'selected' | 'onNear'>): void {
  const latest = useRef(stops);
  useEffect(() => {
    latest.current = stops;
  });
  const hasAny = stops.ids.length > 0;
  useEffect(() => {
    if (!hasAny) return;
    const timer = setTimeout(() => {
      const next = stepFrom(latest.current, selected, 1);
      if (next !== null && next !== selected) onNear(next);
    }, nearAfterMs);
    return () => clearTimeout(timer);
  }, [selected, hasAny, onNear]);
}
