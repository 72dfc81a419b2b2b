'use client';

import { useEffect } from 'react';
import { useLatest } from './use-latest';

/**
 * In a field of the request Ctrl+Enter does what its button does, and Esc leaves it, so that the keys act again.
 * Whoever has a meaning of its own for them, such as notes, has taken them before they come here.
 */
export function useFieldKeys(onSend: (() => void) | null): void {
  const latest = useLatest({ onSend });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const field = fieldOf(event);
      if (field === null) return;
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

type SendKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'repeat'>;

/** Ctrl+Enter, or Command+Enter; a held key sends once. */
export function isSendKey({ key, ctrlKey, metaKey, repeat }: SendKey): boolean {
  return key === 'Enter' && (ctrlKey || metaKey) && !repeat;
}

function fieldOf({ target, defaultPrevented, isComposing }: KeyboardEvent): HTMLElement | null {
  if (defaultPrevented || isComposing || !(target instanceof HTMLElement)) return null;
  return target.matches('.rq :is(input, textarea, select)') && target.closest('dialog') === null ? target : null;
}

/** To what scrolls, so that the keys that scroll do. */
function leave(field: HTMLElement): void {
  const scroller = field.closest<HTMLElement>('.r-scroll');
  if (scroller === null) field.blur();
  else scroller.focus({ preventScroll: true });
}
