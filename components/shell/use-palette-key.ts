'use client';

import { useEffect, useRef } from 'react';

/** Ctrl or Cmd with K, wherever the focus is, but for a dialog that is open. */
export function usePaletteKey(open: () => void): void {
  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey) return;
      if (event.ctrlKey === event.metaKey || event.isComposing) return;
      // The browser's own meaning of the keys is no use here.
      event.preventDefault();
      if (document.querySelector('dialog:modal') === null) latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
