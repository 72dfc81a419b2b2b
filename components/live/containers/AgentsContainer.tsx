'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useCommand, useListed } from '../hooks';
import { adminData, answered } from './admin-data';

const AgentsScreen = dynamic(() => import('@/components/admin/AgentsScreen').then((file) => file.AgentsScreen), {
  ssr: false,
});

export function AgentsContainer(): ReactNode {
  const { listed, again } = useListed('agents.list');
  const { listed: servers } = useListed('servers.list');
  const send = useCommand();
  const now = useNow(useClockOffset());
  return (
    <AgentsScreen
      data={adminData(listed, ({ agents }) => agents)}
      servers={servers.status === 'ready' ? servers.value.servers.map(({ name }) => name) : []}
      baseUrl={typeof window === 'undefined' ? '' : window.location.origin}
      now={now}
      onCreate={(agent) =>
        answered(
          send({ type: 'agents.create', ...agent, servers: agent.servers === null ? null : [...agent.servers] }),
          again,
        )
      }
      onRevoke={(agentId) => answered(send({ type: 'agents.revoke', agentId }), again)}
      onRetry={again}
    />
  );
}
