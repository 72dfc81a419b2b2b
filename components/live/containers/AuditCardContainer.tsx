'use client';

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import type { AuditRead } from '@/components/admin/audit/audit-known';
import { AuditCard } from '@/components/overview/AuditCard';
import { useNow } from '@/components/ui/use-now';
import { wholeAudit } from '@/lib/domain/audit-look';
import { useClockOffset, useLive, useLivePart } from '../hooks';
import { useFollowing } from './use-following';

const lookAgainMs = 30_000;
const entriesShown = 5;

/** For who may read the audit log; it is not drawn for anyone else. */
export function AuditCardContainer(): ReactNode {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const broken = useLive((state) => state.auditBroken);
  const now = useNow(useClockOffset());
  const [round, setRound] = useState(0);
  const [data, setData] = useState<AdminData<AuditRead>>({ is: 'loading' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    const order = { type: 'audit.read', look: wholeAudit, side: { before: null }, limit: entriesShown } as const;
    void live.read(order).then((reply) => {
      if (state === 'left' || reply === null) return;
      if (reply.ok) return setData({ is: 'ready', value: reply.value });
      const is = reply.code === 'forbidden' ? 'forbidden' : 'failed';
      // What was read stays while it cannot be read again.
      setData((before) => (before.is === 'ready' && is === 'failed' ? before : { is, message: reply.message }));
    });
    return () => {
      state = 'left';
    };
    // That it broke, or is whole again, is told at once.
  }, [live, isOnline, round, broken]);
  useFollowing(again, lookAgainMs);
  return <AuditCard data={data} now={now} onRetry={again} />;
}
