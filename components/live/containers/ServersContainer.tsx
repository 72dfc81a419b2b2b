'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useEffect } from 'react';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useLivePart } from '../hooks';
import { PauseControl } from './PauseControl';
import { useServersDesk } from './servers-desk';
import { useRead } from './use-read';

const ServersScreen = dynamic(() => import('@/components/admin/ServersScreen').then((file) => file.ServersScreen), {
  ssr: false,
});

export function ServersContainer(): ReactNode {
  const { data, again } = useRead('servers.list', 'followed');
  const live = useLivePart();
  useEffect(() => live.hearing.on('servers.changed', again), [live, again]);
  const desk = useServersDesk(again);
  const now = useNow(useClockOffset());
  return (
    <ServersScreen
      data={data}
      now={now}
      desk={desk}
      pauseOf={(server) => <PauseControl target={{ kind: 'server', server }} />}
      onRetry={again}
    />
  );
}
