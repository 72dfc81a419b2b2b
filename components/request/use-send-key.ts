'use client';

import { type RefObject, useEffect } from 'react';
import { useLatest } from '@/components/ui/use-latest';
import { isSendKey } from '@/components/ui/send-key';

/** Ctrl+Enter from anywhere in a box, whatever field of it has the focus. */
export function useSendKey(box: RefObject<HTMLElement | null>, onSend: () => void): void {
  const latest = useLatest({ onSend });
  useEffect(() => {
    const element = box.current;
    const onKey = (event: KeyboardEvent): void => {
      if (!isSendKey(event) || event.defaultPrevented) return;
      event.preventDefault();
      latest.current?.onSend();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [box, latest]);
}
