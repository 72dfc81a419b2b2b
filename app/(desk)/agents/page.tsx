import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AgentsContainer } from '@/components/live/containers/AgentsContainer';

export const metadata: Metadata = { title: 'Agents' };

export default function AgentsPage(): ReactNode {
  return <AgentsContainer />;
}
