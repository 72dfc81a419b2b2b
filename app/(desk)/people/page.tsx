import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { PeopleContainer } from '@/components/live/containers/PeopleContainer';

export const metadata: Metadata = { title: 'People' };

export default function PeoplePage(): ReactNode {
  return <PeopleContainer />;
}
