'use client';

import { useMemo, useState } from 'react';
import { readPreference, writePreference } from '@/components/ui/preference';

const preference = 'notify';

/** Whether to offer desktop notifications: after a first answer, never on load, and never again once it was decided. */
export function useNotifyBar(hasAnswered: boolean): (() => void) | null {
  const [decided, setDecided] = useState<'no' | 'yes'>('no');
  // Read once: the browser asks another process for the permission, and waits for the answer.
  const isOffered = useMemo(
    () =>
      hasAnswered &&
      typeof Notification !== 'undefined' &&
      Notification.permission === 'default' &&
      readPreference(preference) !== 'never',
    [hasAnswered],
  );
  if (!isOffered || decided === 'yes') return null;
  return () => {
    setDecided('yes');
    writePreference(preference, 'never');
  };
}
