import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EndingContainer } from '@/components/live/containers/EndingContainer';
import '../../../../styles/endings.css';

export const metadata: Metadata = { title: 'Ending' };

export default function EndingPage(): ReactNode {
  return <EndingContainer />;
}
