import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ServerContainer } from '@/components/live/containers/ServerContainer';

export const metadata: Metadata = { title: 'Server' };

export default function ServerPage(): ReactNode {
  return <ServerContainer />;
}
