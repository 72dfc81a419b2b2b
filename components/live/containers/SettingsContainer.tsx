'use client';

import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useCallback, useMemo } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import type { PlacesView, SettingsDesk, SettingsTab } from '@/components/settings/settings-props';
import { readTab, tabHref } from '@/components/settings/tabs';
import { useNow } from '@/components/ui/use-now';
import { whyNot } from '@/lib/domain/why-not';
import type { CommandOf } from '@/lib/protocol/commands';
import type { PersonPreferences, TeamPreferences } from '@/lib/domain/notice';
import { useClockOffset, useLive } from '../hooks';
import { KeepingContainer } from './KeepingContainer';
import { type Act, bothOf, useAct, useRead } from './use-read';

const SettingsScreen = dynamic(
  () => import('@/components/settings/SettingsScreen').then((file) => file.SettingsScreen),
  { ssr: false },
);

export function SettingsContainer(): ReactNode {
  const person = useLive((state) => state.person);
  const now = useNow(useClockOffset());
  const tab = readTab(useSearchParams().get('tab'));
  const own = useRead('me.read', 'once');
  const notices = useRead('notices.read', 'once');
  const seesPlaces = person !== null && whyNot(person.role, 'notice.manage') === null;
  const endpoints = useRead('notices.endpoints', seesPlaces && tab === 'places' ? 'followed' : 'asked');
  const teams = useRead('teams.list', seesPlaces && tab === 'places' ? 'followed' : 'asked');
  const desk = useDesk({ own: own.again, notices: notices.put, places: endpoints.again });
  if (person === null) return null;
  const both = bothOf(endpoints.data, teams.data);
  const places: AdminData<PlacesView> =
    both.is === 'ready'
      ? { is: 'ready', value: { endpoints: both.value[0].endpoints, teams: both.value[1].teams } }
      : both;
  return (
    <SettingsScreen
      tab={tab}
      onTab={showTab}
      person={person}
      now={now}
      baseUrl={typeof window === 'undefined' ? '' : window.location.origin}
      own={own.data}
      notices={notices.data}
      places={places}
      desk={desk}
      keeping={(frame) => <KeepingContainer frame={frame} now={now} />}
      onRetry={() => {
        own.again();
        notices.again();
        endpoints.again();
        teams.again();
      }}
    />
  );
}

function showTab(tab: SettingsTab): void {
  window.history.replaceState(null, '', tabHref(tab));
}

interface Readings {
  readonly own: () => void;
  readonly notices: ReturnType<typeof useRead<'notices.read'>>['put'];
  readonly places: () => void;
}

function useDesk({ own, notices, places }: Readings): SettingsDesk {
  const act = useAct();
  const save = useCallback(
    async (preferences: PersonPreferences) => {
      const said = await act({ type: 'notices.save', preferences: onWire(preferences) }, nothing);
      if (said.ok) notices(() => said.value);
      return said;
    },
    [act, notices],
  );
  return useMemo(
    () => ({ ...ownDesk(act, own), ...placesDesk(act, places), saveNotices: save }),
    [act, own, places, save],
  );
}

const nothing = (): void => undefined;

function ownDesk(
  act: Act,
  again: () => void,
): Pick<SettingsDesk, 'setAway' | 'createToken' | 'revokeToken' | 'test' | 'deliveries'> {
  return {
    setAway: (away) => act({ type: 'me.set_away', away }, again),
    createToken: ({ name, expiresAt }) => act({ type: 'me.create_token', name, expiresAt }, again),
    revokeToken: (id) => act({ type: 'me.revoke_token', id }, again),
    test: (to) => act({ type: 'notices.test', to }, nothing),
    deliveries: (row) =>
      act({ type: 'notices.log', before: row === null ? null : { createdAt: row.createdAt, id: row.id } }, nothing),
  };
}

function placesDesk(
  act: Act,
  again: () => void,
): Pick<SettingsDesk, 'addPlace' | 'enablePlace' | 'removePlace' | 'teamPreferences' | 'saveTeamPreferences'> {
  return {
    addPlace: ({ kind, team, url, kinds }) =>
      act({ type: 'notices.add_endpoint', kind, team, url, kinds: [...kinds] }, again),
    enablePlace: (id) => act({ type: 'notices.enable_endpoint', id }, again),
    removePlace: (id) => act({ type: 'notices.remove_endpoint', id }, again),
    teamPreferences: (teamId) => act({ type: 'notices.read_team', teamId }, nothing),
    saveTeamPreferences: (teamId, preferences) =>
      act({ type: 'notices.save_team', teamId, preferences: teamOnWire(preferences) }, nothing),
  };
}

/** The same choices as lists the wire's types take. */
function onWire({ kinds, ...times }: PersonPreferences): CommandOf<'notices.save'>['preferences'] {
  return { ...timesOnWire(times), kinds: { desktop: [...kinds.desktop], email: [...kinds.email] } };
}

function teamOnWire({ kinds, ...times }: TeamPreferences): CommandOf<'notices.save_team'>['preferences'] {
  return { ...timesOnWire(times), kinds: { slack: [...kinds.slack], webhook: [...kinds.webhook] } };
}

function timesOnWire(times: Omit<PersonPreferences, 'kinds'>): Omit<CommandOf<'notices.save'>['preferences'], 'kinds'> {
  const { timeZone, quiet, digestMinutes } = times;
  return { timeZone, quiet: quiet === null ? null : { ...quiet, days: [...quiet.days] }, digestMinutes };
}
