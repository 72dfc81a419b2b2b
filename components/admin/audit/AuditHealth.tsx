import Link from 'next/link';
import type { ReactNode } from 'react';
import CircleAlert from 'lucide-react/icons/circle-alert';
import Clock from 'lucide-react/icons/clock';
import ShieldCheck from 'lucide-react/icons/shield-check';
import { CopyButton } from '@/components/ui/CopyButton';
import { Icon } from '@/components/ui/Icon';
import type { AuditHealth as Health } from '@/lib/domain/audit-look';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { entryHref } from './audit-query';

/** Whether the log is whole, as far as it was looked at, in words. */
export function AuditHealth({ health, now }: { readonly health: Health; readonly now: number }): ReactNode {
  switch (health.state) {
    case 'unverified':
      return (
        <p className="au-health wait" role="status">
          <Icon of={Clock} size="sm" />
          <span>Being verified: every entry is checked against the one before.</span>
        </p>
      );
    case 'broken':
      return (
        <div className="au-health bad" role="alert">
          <Icon of={CircleAlert} size="sm" />
          <span>
            <b className="medium">
              The chain is broken at{' '}
              <Link href={entryHref(health.broken.seq)}>entry {health.broken.seq.toLocaleString('en-US')}</Link>:
            </b>{' '}
            {health.broken.why}. Found {dayTime(health.at, now)}. Entries before it verified; from it on nothing is
            proven. Keep a copy of the database, and compare with exports made before.
          </span>
        </div>
      );
    case 'whole':
      return (
        <div className="au-health" role="status">
          <Icon of={ShieldCheck} size="sm" />
          <span className="grow">
            <b className="medium">Verified up to {health.upTo.toLocaleString('en-US')}</b> at {dayTime(health.at, now)}.{' '}
            {health.first > 1 ? `Entries before ${health.first.toLocaleString('en-US')} were dropped. ` : ''}
            {health.sealedAnew.length > 0
              ? `Sealed anew at entry ${health.sealedAnew.join(', ')}: whether something was cut off before is not known.`
              : ''}
          </span>
          <span className="au-head">
            <code className="mono cut" title={health.head}>
              {health.head.slice(0, 16)}
            </code>
            <CopyButton text={() => `${health.upTo}:${health.head}`} label="Copy the head" />
          </span>
        </div>
      );
  }
}
