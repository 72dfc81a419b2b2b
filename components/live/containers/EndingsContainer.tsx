'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '@/components/ui/use-now';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive } from '../hooks';
import { useEndings } from './use-endings';

const EndingsScreen = dynamic(() => import('@/components/ending/EndingsScreen').then((file) => file.EndingsScreen), {
  ssr: false,
});

/** Every order to end many sessions, past ones included. */
export function EndingsContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const forbidden = person === null ? null : whyNot(person.role, 'session.end');
  const endings = useEndings(person !== null && forbidden === null ? 'may' : 'may not');
  const line = useLive((state) => (state.line.state === 'online' ? 'online' : 'offline'));
  const now = useNow(useClockOffset());
  if (person === null) return null;
  return (
    <EndingsScreen
      data={forbidden === null ? endings.data : { is: 'forbidden', message: forbidden }}
      now={now}
      line={line}
      older={endings.older}
      onOlder={endings.onOlder}
      onRetry={endings.again}
    />
  );
}
