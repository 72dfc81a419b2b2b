'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useListed } from '../hooks';
import { adminData } from './admin-data';

const ServersScreen = dynamic(() => import('@/components/admin/ServersScreen').then((file) => file.ServersScreen), {
  ssr: false,
});

export function ServersContainer(): ReactNode {
  const { listed, again } = useListed('servers.list');
  const now = useNow(useClockOffset());
  return <ServersScreen data={adminData(listed, (view) => view)} now={now} onRetry={again} />;
}
