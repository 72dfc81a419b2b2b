'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { auditHref, readAuditLook, readEntry } from '@/components/admin/audit/audit-query';
import type { AuditJump } from '@/components/admin/audit/AuditScreen';
import { goWithin, moveWithin, useAddress } from '@/components/queue/address';
import { useNow } from '@/components/ui/use-now';
import type { AuditLook } from '@/lib/domain/audit-look';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive } from '../hooks';
import { screenLine } from './line-words';
import { useAuditLog } from './use-audit-log';

const AuditScreen = dynamic(() => import('@/components/admin/audit/AuditScreen').then((file) => file.AuditScreen), {
  ssr: false,
});

const dayMs = 86_400_000;

/** The audit log as the address narrows it. */
export function AuditContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const query = useAddress().split('?')[1] ?? '';
  const chosen = readEntry(new URLSearchParams(query));
  const look = useLook(query);
  const log = useAuditLog(look, chosen);
  const offsetMs = useClockOffset();
  const line = useLive((state) => state.line);
  const now = useNow(offsetMs);
  const [jumped, setJumped] = useState<{ readonly look: AuditLook; readonly jump: AuditJump } | null>(null);
  const isOpen = chosen !== null;
  const onLook = useCallback((next: AuditLook) => goWithin(auditHref(next)), []);
  const onChoose = useCallback(
    // One step back closes what is open, however many were looked at.
    (seq: number | null) => (isOpen || seq === null ? moveWithin : goWithin)(auditHref(look, seq)),
    [look, isOpen],
  );
  const { lastBefore, toNewest } = log;
  const onDay = useCallback(
    (dayAt: number): void => {
      setJumped(null);
      void lastBefore(dayAt + dayMs).then((found) => {
        if (found.is === 'entry') goWithin(auditHref(look, found.seq));
        else setJumped({ look, jump: found.is === 'none' ? { is: 'none', dayAt } : found });
      });
    },
    [look, lastBefore],
  );
  const onNewest = useCallback((): void => {
    moveWithin(auditHref(look));
    toNewest();
  }, [look, toNewest]);
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'audit.read');
  return (
    <AuditScreen
      data={forbidden === null ? log.data : { is: 'forbidden', message: forbidden }}
      look={look}
      chosen={chosen}
      now={now}
      line={screenLine(line, offsetMs)}
      more={log.more}
      seeking={log.seeking}
      jump={jumped?.look === look ? jumped.jump : { is: 'well' }}
      onLook={onLook}
      onChoose={onChoose}
      onDay={onDay}
      onSeen={log.onSeen}
      onNewest={onNewest}
      onAgain={log.onAgain}
      onRetry={log.again}
    />
  );
}

/** The same look until it is another: which entry is open changes nothing of it. */
function useLook(query: string): AuditLook {
  const key = auditHref(readAuditLook(new URLSearchParams(query)));
  return useMemo(() => readAuditLook(new URLSearchParams(key.split('?')[1] ?? '')), [key]);
}
