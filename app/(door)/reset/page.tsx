import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EntryScreen } from '@/components/door/EntryScreen';

export const metadata: Metadata = { title: 'New password' };

export default function ResetPage(): ReactNode {
  return <EntryScreen kind="reset" />;
}
