'use client';

import { useState } from 'react';
import { type Arming, afterHiding, calm, press } from './arming';

export interface ArmingControl {
  readonly arming: Arming;
  /** The accept button or key; calls `commit` on the second step and `show` on the first. */
  readonly press: (hooks: { readonly commit: () => void; readonly show: () => void }) => void;
  readonly notYet: () => void;
}

/** `subject` is what the arming holds for: another revision or digest is not armed (I6). */
export function useArming(subject: string, hidden: number): ArmingControl {
  const [held, setHeld] = useState<{ readonly subject: string; readonly arming: Arming }>({ subject, arming: calm });
  const arming = held.subject === subject ? afterHiding(held.arming, hidden) : calm;
  return {
    arming,
    press: ({ commit, show }) => {
      const step = press(arming, { at: performance.now(), hidden });
      setHeld({ subject, arming: step.arming });
      if (step.effect === 'commit') commit();
      if (step.effect === 'show_arguments') show();
    },
    notYet: () => setHeld({ subject, arming: calm }),
  };
}
