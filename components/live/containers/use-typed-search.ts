'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { addressNow, moveWithin } from '@/components/queue/address';
import { lookQuery } from '@/components/queue/queue-href';
import type { QueueLook } from '@/lib/domain/queue-query';

const searchAfterMs = 150;

/** What is typed into the search; the address follows once it is no longer being typed. */
export function useTypedSearch(look: QueueLook): { readonly typed: string; readonly type: (text: string) => void } {
  const [typed, setTyped] = useState(look.text);
  const [known, setKnown] = useState(look.text);
  const [said, setSaid] = useState(look.text);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  // The address changed by itself: a link, the way back, a chip.
  if (known !== look.text) {
    setKnown(look.text);
    if (look.text !== said) {
      setSaid(look.text);
      setTyped(look.text);
    }
  }
  useEffect(() => () => (timer.current === null ? undefined : clearTimeout(timer.current)), []);
  const type = useCallback(
    (text: string): void => {
      setTyped(text);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(
        () => {
          setSaid(text);
          // A word is typed in many steps: none of them is a place to go back to.
          moveWithin(`${addressNow().split('?')[0]}${lookQuery({ ...look, text })}`);
        },
        text === '' ? 0 : searchAfterMs,
      );
    },
    [look],
  );
  return { typed, type };
}
