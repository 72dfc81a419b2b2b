'use client';

import { type RefObject, useEffect, useRef } from 'react';

/** A value as it is when an answer comes: what was typed meanwhile is not lost. Null once the screen is gone. */
export function useLatest<T>(value: T): RefObject<T | null> {
  const latest = useRef<T | null>(null);
  useEffect(() => {
    latest.current = value;
  });
  useEffect(() => () => void (latest.current = null), []);
  return latest;
}
