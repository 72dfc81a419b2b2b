import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ServersContainer } from '@/components/live/containers/ServersContainer';

export const metadata: Metadata = { title: 'Servers' };

export default function ServersPage(): ReactNode {
  return <ServersContainer />;
}
