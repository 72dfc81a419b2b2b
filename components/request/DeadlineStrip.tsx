'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { leftText, clockTimeFrom, spanWords } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { type Urgency, urgencyAt } from '@/lib/domain/deadline';
import type { HoldRequest } from '@/lib/domain/request';
import { plainSentence } from './call-words';

export interface DeadlineStripProps {
  readonly request: HoldRequest;
  readonly pace: 'live' | 'parked';
  readonly clockOffsetMs: number;
  readonly timelineHref: string;
}

const clockClass: { readonly [U in Urgency]: string } = { calm: 'calm', soon: '', now: 'now', over: 'now' };
const barClass: { readonly [U in Urgency]: string } = { calm: 'off', soon: 'person', now: 'danger', over: 'danger' };

/** The clock, when it ends, whose limit that is, and the share of time left. */
export function DeadlineStrip({ request, pace, clockOffsetMs, timelineHref }: DeadlineStripProps): ReactNode {
  const now = useNow(clockOffsetMs);
  const { deadline, openedAt } = request;
  const urgency = urgencyAt(deadline.at, now);
  const leftMs = Math.max(0, deadline.at - now);
  const share = Math.min(1, leftMs / Math.max(1, deadline.at - openedAt));
  const ends = clockTimeFrom(deadline.at, now);
  const waits = request.kind === 'approval' ? 'Not sent yet' : 'Not sent again yet';
  const state = pace === 'live' ? 'Live call' : urgency === 'calm' ? 'Parked' : waits;
  const words = urgency === 'over' ? `Ended ${ends}` : `${state}, ends ${ends}`;
  const calmly = pace === 'parked' && urgency === 'calm';
  return (
    <div className="deadline" role="group" aria-label="Deadline">
      <span className={`clock ${clockClass[urgency]}`} role="timer" aria-label={`${spanWords(leftMs)} left`}>
        {leftText(leftMs)}
      </span>
      <div className="why">
        <b className="num">{words}</b>
        {urgency === 'over'
          ? 'Waiting for the last word from the server'
          : calmly
            ? `Safe to take your time: ${plainSentence(deadline.reason)}`
            : plainSentence(deadline.reason)}
      </div>
      <Link className="timeline-link" href={timelineHref}>
        Timeline
      </Link>
      <div className={`prog ${barClass[urgency]}`} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
