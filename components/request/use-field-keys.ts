'use client';

import { useEffect } from 'react';
import { isSendKey } from '@/components/ui/send-key';
import { isJustTaken } from '@/components/ui/use-keys';
import { useLatest } from '@/components/ui/use-latest';

/**
 * Ctrl+Enter does what the request's button does, from inside a field or, like every key, once the request has been
 * there for a second; Esc leaves a field, so that the keys act again. Whoever has a meaning of its own for them, such as notes, has taken them before they come here.
 */
export function useFieldKeys(onSend: (() => void) | null): void {
  const latest = useLatest({ onSend });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const field = fieldOf(event);
      if (field === null) {
        if (!isSendKey(event) || !isFree(event) || isJustTaken()) return;
        event.preventDefault();
        return latest.current?.onSend?.();
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        leave(field);
      } else if (isSendKey(event) && field.closest('.a-writer') === null) {
        event.preventDefault();
        const send = latest.current?.onSend ?? null;
        if (send === null) return;
        leave(field);
        send();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [latest]);
}

function fieldOf({ target, defaultPrevented, isComposing }: KeyboardEvent): HTMLElement | null {
  if (defaultPrevented || isComposing || !(target instanceof HTMLElement)) return null;
  return target.matches('.rq :is(input, textarea, select)') && target.closest('dialog') === null ? target : null;
}

/** Pressed where nothing else could be meant by it. */
function isFree({ target, defaultPrevented }: KeyboardEvent): boolean {
  if (defaultPrevented || document.querySelector('dialog:modal') !== null || !(target instanceof Element)) return false;
  return target.closest('input, textarea, select, a, [role="menu"], [role="dialog"]') === null;
}

/** To what scrolls, so that the keys that scroll do. */
function leave(field: HTMLElement): void {
  const scroller = field.closest<HTMLElement>('.r-scroll');
  if (scroller === null) field.blur();
  else scroller.focus({ preventScroll: true });
}
