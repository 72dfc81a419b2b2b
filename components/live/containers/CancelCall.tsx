'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { CallStrip } from '@/components/session/CallStrip';
import { readId, type SessionId } from '@/lib/domain/ids';
import { whyNot } from '@/lib/domain/why-not';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { useLive } from '../hooks';
import { useAct } from './use-read';

const CancelCallDialog = dynamic(
  () => import('@/components/session/CancelCallDialog').then((file) => file.CancelCallDialog),
  { ssr: false },
);

/** The chosen call of a session: cancelled from here, while it is open, by who may. */
export function CancelCall({ sessionId, lane }: { readonly sessionId: SessionId; readonly lane: Lane }): ReactNode {
  const person = useLive((state) => state.person);
  const act = useAct();
  const [asking, setAsking] = useState<'open' | 'closed'>('closed');
  const callId = readId('call', lane.id);
  if (person === null || callId === null) return null;
  return (
    <>
      <CallStrip lane={lane} refusal={whyNot(person.role, 'call.cancel')} onCancel={() => setAsking('open')} />
      {asking === 'closed' ? null : (
        <CancelCallDialog
          lane={lane}
          onCancel={(reason) => act({ type: 'call.cancel', sessionId, callId, reason }, () => setAsking('closed'))}
          onClose={() => setAsking('closed')}
        />
      )}
    </>
  );
}
