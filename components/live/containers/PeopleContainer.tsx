'use client';

import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useMemo } from 'react';
import type { PeopleDesk, PeopleTab } from '@/components/admin/people/people-props';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useLive } from '../hooks';
import { type Act, bothOf, useAct, useRead } from './use-read';

const PeopleScreen = dynamic(() => import('@/components/admin/PeopleScreen').then((file) => file.PeopleScreen), {
  ssr: false,
});

export function PeopleContainer(): ReactNode {
  const people = useRead('people.list', 'followed');
  const teams = useRead('teams.list', 'followed');
  const person = useLive((state) => state.person);
  const now = useNow(useClockOffset());
  const act = useAct();
  const peopleAgain = people.again;
  const teamsAgain = teams.again;
  const desk = useMemo(
    () =>
      deskOf(act, () => {
        peopleAgain();
        teamsAgain();
      }),
    [act, peopleAgain, teamsAgain],
  );
  const tab: PeopleTab = useSearchParams().get('tab') === 'teams' ? 'teams' : 'people';
  const read = bothOf(people.data, teams.data);
  if (person === null) return null;
  return (
    <PeopleScreen
      tab={tab}
      onTab={showTab}
      data={read.is === 'ready' ? { is: 'ready', value: { ...read.value[0], teams: read.value[1].teams } } : read}
      me={person.id}
      now={now}
      desk={desk}
      onRetry={() => {
        peopleAgain();
        teamsAgain();
      }}
    />
  );
}

function showTab(tab: PeopleTab): void {
  window.history.replaceState(null, '', tab === 'people' ? '/people' : '/people?tab=teams');
}

function deskOf(act: Act, again: () => void): PeopleDesk {
  return {
    invite: (email, role) => act({ type: 'people.invite', email, role }, again),
    withdraw: (invitationId) => act({ type: 'people.withdraw', invitationId }, again),
    setRole: (personId, role) => act({ type: 'people.set_role', personId, role }, again),
    disable: (personId) => act({ type: 'people.disable', personId }, again),
    enable: (personId) => act({ type: 'people.enable', personId }, again),
    reset: (personId, tokens) => act({ type: 'people.reset', personId, tokens }, again),
    createTeam: (team) => act({ type: 'teams.create', ...team }, again),
    renameTeam: (teamId, name) => act({ type: 'teams.rename', teamId, name }, again),
    setMembers: (teamId, members) => act({ type: 'teams.set_members', teamId, members: [...members] }, again),
    removeTeam: (teamId) => act({ type: 'teams.remove', teamId }, again),
  };
}
