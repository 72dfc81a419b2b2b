import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { SessionContainer } from '@/components/live/containers/SessionContainer';

export const metadata: Metadata = { title: 'Session' };

export default function SessionPage(): ReactNode {
  return <SessionContainer />;
}
