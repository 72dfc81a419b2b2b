'use client';

import { useState } from 'react';
import { readPreference, writePreference } from '@/components/ui/preference';

const preference = 'notify';

/** Whether to offer desktop notifications: after a first answer, never on load, and never again once it was decided. */
export function useNotifyBar(hasAnswered: boolean): (() => void) | null {
  const [decided, setDecided] = useState<'no' | 'yes'>('no');
  if (!hasAnswered || decided === 'yes' || typeof Notification === 'undefined') return null;
  if (Notification.permission !== 'default' || readPreference(preference) === 'never') return null;
  return () => {
    setDecided('yes');
    writePreference(preference, 'never');
  };
}
