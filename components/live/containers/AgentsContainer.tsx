'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useLive } from '../hooks';
import { PauseControl } from './PauseControl';
import { useAct, useRead } from './use-read';

const AgentsScreen = dynamic(() => import('@/components/admin/AgentsScreen').then((file) => file.AgentsScreen), {
  ssr: false,
});

export function AgentsContainer(): ReactNode {
  const { data, again } = useRead('agents.list', 'followed');
  const servers = useRead('servers.list', 'once').data;
  const people = useRead('people.list', 'once').data;
  const person = useLive((state) => state.person);
  const now = useNow(useClockOffset());
  const act = useAct();
  if (person === null) return null;
  return (
    <AgentsScreen
      data={data.is === 'ready' ? { is: 'ready', value: data.value.agents } : data}
      servers={servers.is === 'ready' ? servers.value.servers.map(({ name }) => name) : []}
      baseUrl={typeof window === 'undefined' ? '' : window.location.origin}
      people={people.is === 'ready' ? people.value.people : []}
      me={person.id}
      now={now}
      onCreate={({ name, servers: reached, owner }) =>
        act({ type: 'agents.create', name, servers: reached === null ? null : [...reached], owner }, again)
      }
      onRevoke={(agentId) => act({ type: 'agents.revoke', agentId }, again)}
      onSetOwner={(agentId, owner) => act({ type: 'agents.set_owner', agentId, owner }, again)}
      pauseOf={({ id, name }) => <PauseControl target={{ kind: 'agent', agentId: id, agent: name }} />}
      onRetry={again}
    />
  );
}
