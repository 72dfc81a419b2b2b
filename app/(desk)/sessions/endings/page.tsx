import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EndingsContainer } from '@/components/live/containers/EndingsContainer';
import '../../../styles/endings.css';

export const metadata: Metadata = { title: 'Endings' };

export default function EndingsPage(): ReactNode {
  return <EndingsContainer />;
}
