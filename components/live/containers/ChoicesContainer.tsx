'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import { whyNot } from '@/lib/domain/why-not';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { useClockOffset, useCommand, useLive, useLivePart } from '../hooks';
import { answered } from './admin-data';
import { useFollowing } from './use-following';

const ChoicesScreen = dynamic(
  () => import('@/components/admin/choices/ChoicesScreen').then((file) => file.ChoicesScreen),
  { ssr: false },
);

type Choices = AdminData<readonly RememberedChoice[]>;

export function ChoicesContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const offsetMs = useClockOffset();
  const send = useCommand();
  const { choices, again } = useChoices();
  if (person === null) return null;
  const forbidden = whyNot(person.role, 'choice.read');
  return (
    <ChoicesScreen
      data={forbidden === null ? choices : { is: 'forbidden', message: forbidden }}
      me={person.id}
      sees={person.role === 'admin' ? 'everyone' : 'own'}
      offsetMs={offsetMs}
      onRevoke={({ choiceId }) => answered(send({ type: 'choices.revoke', choiceId }), again)}
      onRetry={again}
    />
  );
}

const lookAgainMs = 15_000;

/** The choices in force; looked at again while the page is seen, for each use counts up and others revoke. */
function useChoices(): { readonly choices: Choices; readonly again: () => void } {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [choices, setChoices] = useState<Choices>({ is: 'loading' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read({ type: 'choices.list' }).then((reply) => {
      if (state === 'left' || reply === null) return;
      const is = !reply.ok && reply.code === 'forbidden' ? 'forbidden' : 'failed';
      const next: Choices = reply.ok ? { is: 'ready', value: reply.value.choices } : { is, message: reply.message };
      setChoices((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, round]);
  useFollowing(again, lookAgainMs);
  return { choices, again };
}
