'use client';

import { useEffect } from 'react';
import { takeTypedAhead } from './use-keys';
import { useLatest } from './use-latest';

/** Hands over what was typed before the box was open: only then, for it may be drawn a while before it is shown. */
export function useTypedAhead(onTyped: (typed: string) => void): void {
  const latest = useLatest({ onTyped });
  useEffect(() => {
    const typed = takeTypedAhead();
    if (typed !== '') latest.current?.onTyped(typed);
  }, [latest]);
}
