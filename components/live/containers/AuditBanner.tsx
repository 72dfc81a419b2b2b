'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import CircleAlert from 'lucide-react/icons/circle-alert';
import { Banner } from '@/components/ui/Banner';
import { useLive } from '../hooks';

/** On every screen of an admin while the audit log is not as it was written. */
export function AuditBanner(): ReactNode {
  const broken = useLive((state) => state.auditBroken);
  if (broken === null) return null;
  return (
    <Banner
      icon={CircleAlert}
      tone="danger"
      action={
        <Link className="btn sm" href={`/audit?entry=${broken.seq}`}>
          Look at it
        </Link>
      }
    >
      <b className="medium">The audit log is broken at entry {broken.seq.toLocaleString('en-US')}:</b> {broken.why}.
    </Banner>
  );
}
