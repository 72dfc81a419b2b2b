import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ChoicesContainer } from '@/components/live/containers/ChoicesContainer';

export const metadata: Metadata = { title: 'Remembered choices' };

export default function ChoicesPage(): ReactNode {
  return <ChoicesContainer />;
}
