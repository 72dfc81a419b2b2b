import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { RulesContainer } from '@/components/live/containers/RulesContainer';

export const metadata: Metadata = { title: 'Rules' };

export default function RulesPage(): ReactNode {
  return <RulesContainer />;
}
