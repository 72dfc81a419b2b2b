import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AuditContainer } from '@/components/live/containers/AuditContainer';
import '../../styles/audit.css';

export const metadata: Metadata = { title: 'Audit' };

export default function AuditPage(): ReactNode {
  return <AuditContainer />;
}
