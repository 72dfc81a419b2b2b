import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { SettingsContainer } from '@/components/live/containers/SettingsContainer';

export const metadata: Metadata = { title: 'Settings' };

export default function SettingsPage(): ReactNode {
  return <SettingsContainer />;
}
