'use client';

import { type ReactNode, useState } from 'react';
import { type StopOrder, StopEverythingDialog } from '@/components/ending/StopEverythingDialog';
import type { EndSelection } from '@/lib/domain/end-many';
import { EndManyContainer } from './EndManyContainer';
import { useAct } from './use-read';

const everyone: EndSelection = { sessionIds: null, live: true, search: null, narrow: null };

export interface StopEverythingProps {
  readonly liveSessions: number;
  readonly onClose: () => void;
}

/** Pauses everything first, so that nothing new starts while the sessions are looked at and ended. */
export function StopEverything({ liveSessions, onClose }: StopEverythingProps): ReactNode {
  const act = useAct();
  const [sending, setSending] = useState<'idle' | 'sending'>('idle');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [paused, setPaused] = useState<StopOrder | null>(null);
  const onStop = (order: StopOrder): void => {
    setSending('sending');
    const pause = { type: 'pauses.set', target: { kind: 'everything' }, reason: order.reason, untilAt: null } as const;
    void act(pause, () => undefined).then(
      (reply) => {
        setSending('idle');
        if (!reply.ok) return setRefusal(reply.message);
        if (order.sessions === 'go on') return onClose();
        setPaused(order);
      },
      () => {
        setSending('idle');
        setRefusal('There was no answer. Everything may be paused: look before you try again.');
      },
    );
  };
  if (paused !== null) return <EndManyContainer selection={everyone} reason={paused.reason} onClose={onClose} />;
  return (
    <StopEverythingDialog
      liveSessions={liveSessions}
      sending={sending}
      refusal={refusal}
      onStop={onStop}
      onClose={onClose}
    />
  );
}
