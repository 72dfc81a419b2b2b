import type { ReactNode } from 'react';
import Clock from 'lucide-react/icons/clock';
import Pause from 'lucide-react/icons/pause';
import { type Urgency, urgencyAt } from '@/lib/domain/deadline';
import { plainLine } from '@/lib/domain/form/plain-text';
import { Icon } from './Icon';
import { leftText, roughLeft, spanWords } from './time-words';

export interface TimeLeftProps {
  readonly deadlineAt: number;
  /** Whose limit it is. */
  readonly reason: string;
  /** The server's clock. */
  readonly now: number;
  readonly pace: 'live' | 'parked';
}

const urgencyClass: { readonly [U in Urgency]: string } = { calm: '', soon: 'soon', now: 'now', over: 'now' };

export function TimeLeft({ deadlineAt, reason, now, pace }: TimeLeftProps): ReactNode {
  const leftMs = deadlineAt - now;
  const urgency = urgencyAt(deadlineAt, now);
  const parked = pace === 'parked' && urgency === 'calm';
  return (
    <span className={`left ${parked ? 'parked' : urgencyClass[urgency]}`} title={plainLine(reason)}>
      <Icon of={parked ? Pause : Clock} size="xs" />
      <span aria-hidden="true">{urgency === 'over' ? 'ending' : parked ? roughLeft(leftMs) : leftText(leftMs)}</span>
      <span className="sr">{urgency === 'over' ? 'ending' : `${spanWords(leftMs)} left, ${plainLine(reason)}`}</span>
    </span>
  );
}
