import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EntryScreen } from '@/components/door/EntryScreen';

export const metadata: Metadata = { title: 'Join' };

export default function JoinPage(): ReactNode {
  return <EntryScreen kind="join" />;
}
