import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { OverviewContainer } from '@/components/live/containers/OverviewContainer';
import '../../styles/overview.css';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage(): ReactNode {
  return <OverviewContainer />;
}
