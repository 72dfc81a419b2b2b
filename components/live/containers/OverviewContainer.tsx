'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import { goWithin, useAddress } from '@/components/queue/address';
import { lazily } from '@/components/ui/lazily';
import type { Overview } from '@/lib/domain/overview/overview';
import { type Period, usualPeriod } from '@/lib/domain/overview/period';
import { periodQuery, readPeriod } from '@/lib/domain/overview/period-query';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive, useLivePart } from '../hooks';
import { screenLine } from './line-words';
import { useFollowing } from './use-following';

const OverviewScreen = dynamic(
  () => import('@/components/overview/OverviewScreen').then((file) => file.OverviewScreen),
  { ssr: false },
);

const AuditCard = lazily(() => import('./AuditCardContainer').then((file) => file.AuditCardContainer));

const lookAgainMs = 30_000;

/** The figures of the period in the address, looked at again while they are on screen. */
export function OverviewContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const query = useAddress().split('?')[1] ?? '';
  const period = useMemo(() => readPeriod(new URLSearchParams(query)) ?? usualPeriod, [query]);
  const { data, again, isBehind } = useOverview(period);
  const offsetMs = useClockOffset();
  const line = useLive((state) => state.line);
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'overview.read');
  return (
    <OverviewScreen
      data={forbidden === null ? data : { is: 'forbidden', message: forbidden }}
      period={period}
      state={isBehind ? 'changing' : 'settled'}
      line={screenLine(line, offsetMs)}
      onPeriod={(next) => {
        const text = periodQuery(next);
        goWithin(text === '' ? '/overview' : `/overview?${text}`);
      }}
      onRetry={again}
      audit={whyNot(person.role, 'audit.read') === null ? <AuditCard /> : null}
    />
  );
}

interface Read {
  readonly period: Period;
  readonly data: AdminData<Overview>;
}

/** While another period is on its way the figures of the last one stay where they are. */
function useOverview(period: Period): {
  readonly data: AdminData<Overview>;
  readonly again: () => void;
  readonly isBehind: boolean;
} {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [read, setRead] = useState<Read>({ period, data: { is: 'loading' } });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    void live.read({ type: 'overview.read', period, timeZone }).then((reply) => {
      if (state === 'left' || reply === null) return;
      const is = !reply.ok && reply.code === 'forbidden' ? 'forbidden' : 'failed';
      setRead({ period, data: reply.ok ? { is: 'ready', value: reply.value } : { is, message: reply.message } });
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, period, round]);
  useFollowing(again, lookAgainMs);
  return { data: read.data, again, isBehind: read.period !== period };
}
