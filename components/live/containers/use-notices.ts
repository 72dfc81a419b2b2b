'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { Live } from '../live';

/** Shows what the server wants to tell this person while they look elsewhere, where they allowed it. */
export function useNotices(live: Live): void {
  const router = useRouter();
  useEffect(
    () =>
      live.hearing.on('notice', ({ id, title, body, path }) => {
        // Last, for the browser asks another process for the permission, and waits for the answer.
        if (!document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
        try {
          // Told in several tabs the tag makes it one.
          const shown = new Notification(title, { body, tag: id });
          shown.addEventListener('click', () => {
            window.focus();
            // It only opens the page: answering takes a click there.
            router.push(path);
            shown.close();
          });
        } catch {
          // Some phones allow notifications from service workers alone.
        }
      }),
    [live, router],
  );
}
