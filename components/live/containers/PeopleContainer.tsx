'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useCommand, useListed, useLive } from '../hooks';
import { adminData, answered } from './admin-data';

const PeopleScreen = dynamic(() => import('@/components/admin/PeopleScreen').then((file) => file.PeopleScreen), {
  ssr: false,
});

export function PeopleContainer(): ReactNode {
  const { listed, again } = useListed('people.list');
  const person = useLive((state) => state.person);
  const send = useCommand();
  const now = useNow(useClockOffset());
  if (person === null) return null;
  return (
    <PeopleScreen
      data={adminData(listed, (view) => view)}
      me={person.id}
      now={now}
      onInvite={(email, role) => answered(send({ type: 'people.invite', email, role }), again)}
      onWithdraw={(invitationId) => answered(send({ type: 'people.withdraw', invitationId }), again)}
      onSetRole={(personId, role) => answered(send({ type: 'people.set_role', personId, role }), again)}
      onDisable={(personId) => answered(send({ type: 'people.disable', personId }), again)}
      onRetry={again}
    />
  );
}
