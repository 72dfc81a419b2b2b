'use client';

import { useEffect, useState } from 'react';
import type { AnswerAction } from '@/lib/domain/event';

const stepMs = 100;

/** Whole seconds until an instant of this browser's clock, counted down as they go. */
export function useSecondsLeft(untilAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(1, Math.ceil((untilAt - now) / 1_000));
}

/** What is on its way, as a noun. */
export const actionSending: { readonly [A in AnswerAction]: string } = {
  accept: 'Accept',
  decline: 'Decline',
  cancel: 'Dismissal',
};
