'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** Whether this browser may show notices: `insecure` and `missing` cannot be changed by asking. */
export type DesktopPermission = 'granted' | 'default' | 'denied' | 'insecure' | 'missing';

function read(): DesktopPermission {
  if (!window.isSecureContext) return 'insecure';
  return typeof Notification === 'undefined' ? 'missing' : Notification.permission;
}

/** Told by the browser when it is changed in its settings; looked at again when the window comes back. */
function subscribe(listener: () => void): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  window.addEventListener('focus', listener, { signal });
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => {
      if (!signal.aborted) status.addEventListener('change', listener, { signal });
    },
    () => undefined,
  );
  return () => ended.abort();
}

export function useDesktopPermission(): { readonly permission: DesktopPermission; readonly ask: () => void } {
  const permission = useSyncExternalStore(subscribe, read, () => 'default' as const);
  const ask = useCallback(() => {
    // The answer is heard of as a change.
    void Notification.requestPermission();
  }, []);
  return { permission, ask };
}
