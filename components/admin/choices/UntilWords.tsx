'use client';

import { type ReactNode, useEffect, useState } from 'react';
import Clock from 'lucide-react/icons/clock';
import { Icon } from '@/components/ui/Icon';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { leftOf } from './choice-words';

export interface UntilWordsProps {
  readonly choice: Pick<RememberedChoice, 'untilAt' | 'remembered'>;
  /** The server's clock minus this browser's. */
  readonly offsetMs: number;
  readonly onOver: () => void;
}

/** The time left; draws itself anew when its words change, and nothing else. */
export function UntilWords({ choice, offsetMs, onOver }: UntilWordsProps): ReactNode {
  const { untilAt, remembered } = choice;
  const [now, setNow] = useState(() => Date.now() + offsetMs);
  const left = leftOf({ untilAt, remembered }, now);
  useEffect(() => {
    const { changesInMs, tone } = leftOf({ untilAt, remembered }, now);
    if (tone === 'over') return onOver();
    if (changesInMs === null) return;
    const look = (): void => setNow(Date.now() + offsetMs);
    const timer = setTimeout(look, changesInMs);
    // A hidden tab's timers are slowed down.
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [untilAt, remembered, now, offsetMs, onOver]);
  return (
    <span className={`ch-left ${left.tone} num`}>
      {untilAt === null ? null : <Icon of={Clock} size="xs" />}
      {left.words}
    </span>
  );
}
