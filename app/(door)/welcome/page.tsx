import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EntryScreen } from '@/components/door/EntryScreen';

export const metadata: Metadata = { title: 'Welcome' };

export default function WelcomePage(): ReactNode {
  return <EntryScreen kind="welcome" />;
}
