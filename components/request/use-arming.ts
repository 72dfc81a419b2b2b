'use client';

import { useEffect, useRef, useState } from 'react';
import type { Risk } from '@/lib/domain/tool';
import { type Arming, afterHiding, calm, press } from './arming';

export interface ArmingControl {
  readonly arming: Arming;
  /** The accept button or key; calls `commit` on the second step and `show` on the first. */
  readonly press: (hooks: { readonly commit: () => void; readonly show: () => void }) => void;
  readonly notYet: () => void;
}

export interface ArmingOf {
  /** How many values are not fully shown. */
  readonly hidden: number;
  readonly risk: Risk;
}

/** `subject` is what the arming holds for: another revision or digest is not armed (I6). */
export function useArming(subject: string, { hidden, risk }: ArmingOf): ArmingControl {
  const openedAt = useOpenedAt(subject);
  const [held, setHeld] = useState<{ readonly subject: string; readonly arming: Arming }>({ subject, arming: calm });
  const arming = held.subject === subject ? afterHiding(held.arming, hidden) : calm;
  return {
    arming,
    press: ({ commit, show }) => {
      const dangerousSince = risk === 'destructive' ? openedAt() : null;
      const step = press(arming, { at: performance.now(), hidden, dangerousSince });
      setHeld({ subject, arming: step.arming });
      if (step.effect === 'commit') commit();
      if (step.effect === 'show_arguments') show();
    },
    notYet: () => setHeld({ subject, arming: calm }),
  };
}

/** When what is decided on came on screen. */
function useOpenedAt(subject: string): () => number {
  const opened = useRef({ subject: '', at: 0 });
  useEffect(() => {
    if (opened.current.subject !== subject) opened.current = { subject, at: performance.now() };
  }, [subject]);
  return () => opened.current.at;
}
