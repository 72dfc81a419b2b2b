'use client';

import { useMemo } from 'react';
import { useNow } from '@/components/ui/use-now';
import { isOn, type Pause } from '@/lib/domain/pause';
import { useClockOffset, useLive } from '../hooks';

/** What is paused at this second. */
export function usePauses(): { readonly pauses: readonly Pause[]; readonly now: number } {
  const { pauses: all } = useLive((state) => state.pauses);
  const now = useNow(useClockOffset());
  const pauses = useMemo(() => all.filter((pause) => isOn(pause, now)), [all, now]);
  return { pauses, now };
}
