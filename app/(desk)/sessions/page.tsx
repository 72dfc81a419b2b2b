import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { SessionsContainer } from '@/components/live/containers/SessionsContainer';

export const metadata: Metadata = { title: 'Sessions' };

export default function SessionsPage(): ReactNode {
  return <SessionsContainer />;
}
