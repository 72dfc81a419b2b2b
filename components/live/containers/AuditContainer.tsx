'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import type { AuditRead } from '@/components/admin/audit/AuditScreen';
import { auditHref, readAuditLook } from '@/components/admin/audit/audit-query';
import { goWithin, useAddress } from '@/components/queue/address';
import { useNow } from '@/components/ui/use-now';
import type { AuditLook } from '@/lib/domain/audit-look';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive, useLivePart } from '../hooks';

const AuditScreen = dynamic(() => import('@/components/admin/audit/AuditScreen').then((file) => file.AuditScreen), {
  ssr: false,
});

const lookAgainMs = 20_000;

/** The audit log as the address narrows it. */
export function AuditContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const query = useAddress().split('?')[1] ?? '';
  const look = useMemo(() => readAuditLook(new URLSearchParams(query)), [query]);
  const audit = useAudit(look);
  const line = useLive((state) => (state.line.state === 'online' ? 'online' : 'offline'));
  const now = useNow(useClockOffset());
  const go = useCallback((next: AuditLook) => goWithin(auditHref(next)), []);
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'audit.read');
  return (
    <AuditScreen
      data={forbidden === null ? audit.data : { is: 'forbidden', message: forbidden }}
      look={look}
      now={now}
      line={line}
      more={audit.more}
      onLook={go}
      onMore={audit.older}
      onRetry={audit.again}
    />
  );
}

interface Audit {
  readonly data: AdminData<AuditRead>;
  readonly more: 'idle' | 'loading' | 'failed';
  readonly older: () => void;
  readonly again: () => void;
}

/** The newest page, looked at again while nothing older was asked for: the list must not move under who reads on. */
function useAudit(look: AuditLook): Audit {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [data, setData] = useState<AdminData<AuditRead>>({ is: 'loading' });
  const [more, setMore] = useState<Audit['more']>('idle');
  const [pages, setPages] = useState(1);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read({ type: 'audit.read', look, before: null }).then((reply) => {
      if (state === 'left' || reply === null) return;
      setPages(1);
      const is = !reply.ok && reply.code === 'forbidden' ? 'forbidden' : 'failed';
      setData(reply.ok ? { is: 'ready', value: reply.value } : { is, message: reply.message });
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, look, round]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && pages === 1) again();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [again, pages]);
  const older = useCallback(() => {
    const before = data.is === 'ready' ? data.value.next : null;
    if (before === null) return;
    setMore('loading');
    void live.read({ type: 'audit.read', look, before }).then((reply) => {
      setMore(reply?.ok === true ? 'idle' : 'failed');
      if (reply?.ok !== true) return;
      setPages((count) => count + 1);
      setData((known) => (known.is === 'ready' ? { is: 'ready', value: joined(known.value, reply.value) } : known));
    });
  }, [live, look, data]);
  return { data, more, older, again };
}

/** A page that is not the next of what is there (the look changed meanwhile) is left aside. */
function joined(known: AuditRead, next: AuditRead): AuditRead {
  const last = known.entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  if ((next.entries[0]?.seq ?? 0) >= last) return known;
  return { ...next, entries: [...known.entries, ...next.entries] };
}
