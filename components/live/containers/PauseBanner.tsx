'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { PauseStrip } from '@/components/pause/PauseStrip';
import { may } from '@/lib/domain/permission';
import { useLive } from '../hooks';
import { usePauses } from './use-pauses';
import { useAct } from './use-read';

const PausesDialog = dynamic(() => import('@/components/pause/PausesDialog').then((file) => file.PausesDialog), {
  ssr: false,
});

/** What is paused, over every page; all of it, to look at and to lift, on a click. */
export function PauseBanner(): ReactNode {
  const person = useLive((state) => state.person);
  const { pauses, now } = usePauses();
  const act = useAct();
  const [shown, setShown] = useState<'shown' | 'hidden'>('hidden');
  if (person === null) return null;
  return (
    <>
      <PauseStrip pauses={pauses} onShow={() => setShown('shown')} />
      {shown === 'hidden' ? null : (
        <PausesDialog
          pauses={pauses}
          now={now}
          onLift={
            may(person.role, 'pause.manage')
              ? (pauseId) => act({ type: 'pauses.lift', pauseId }, () => undefined)
              : null
          }
          onClose={() => setShown('hidden')}
        />
      )}
    </>
  );
}
