import { startTransition, useEffect, useRef, useState } from 'react';

/** Lines that are others ten times a second cannot be read: a burst is shown this often. */
const everyMs = 300;

/**
 * A value that comes in bursts, as often as it can be read: a lone change at once, of many the last of each third of a
 * second. Where `urgent` is another, it is shown without waiting.
 */
export function useCalm<T>(value: T, urgent: unknown): T {
  const [shown, setShown] = useState({ value, urgent });
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  const isUrgent = !Object.is(shown.urgent, urgent);
  if (isUrgent) setShown({ value, urgent });
  useEffect(() => {
    if (Object.is(shown.value, value)) return;
    const show = (): void => {
      shownAt.current = performance.now();
      startTransition(() => setShown({ value, urgent }));
    };
    const waitMs = shownAt.current + everyMs - performance.now();
    if (waitMs <= 0) return show();
    const timer = setTimeout(show, waitMs);
    return () => clearTimeout(timer);
  }, [shown, value, urgent]);
  return isUrgent ? value : shown.value;
}
