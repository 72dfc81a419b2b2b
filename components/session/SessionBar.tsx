import Link from 'next/link';
import type { ReactNode } from 'react';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Link2 from 'lucide-react/icons/link-2';
import OctagonX from 'lucide-react/icons/octagon-x';
import ScrollText from 'lucide-react/icons/scroll-text';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Icon } from '@/components/ui/Icon';
import { ReportMenu } from './ReportMenu';
import type { SessionId } from '@/lib/domain/ids';

/** Whether the session can be ended here and now, and why not. */
export type EndChoice =
  | { readonly is: 'possible' }
  | { readonly is: 'blocked'; readonly why: string }
  | { readonly is: 'over' };

export interface SessionBarProps {
  readonly sessionId: SessionId;
  readonly end: EndChoice;
  /** `none`: there is no session here. */
  readonly report: 'some' | 'none';
  /** Where the audit log tells of it; null for who may not read that. */
  readonly auditHref: string | null;
  readonly onEnd: () => void;
}

export function SessionBar({ sessionId, end, report, auditHref, onEnd }: SessionBarProps): ReactNode {
  return (
    <header className="bar s-top">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link href="/sessions">Sessions</Link>
        <Icon of={ChevronRight} size="xs" />
        <b className="mono cut" aria-current="page">
          {sessionId}
        </b>
        <span className="wide">
          <CopyButton text={() => sessionId} label="Copy the session’s id" />
          <CopyButton text={() => window.location.href} label="Copy a link to what is shown" icon={Link2} />
        </span>
      </nav>
      <span className="grow" />
      {auditHref === null ? null : (
        <Link
          className="btn ghost sm"
          href={auditHref}
          aria-label="Audit entries of this session"
          title="What the audit log keeps of this session"
        >
          <Icon of={ScrollText} size="sm" />
          <span className="wide">Audit</span>
        </Link>
      )}
      {report === 'none' ? null : <ReportMenu sessionId={sessionId} />}
      {end.is === 'blocked' ? (
        <span className="meta s-why" id="end-why">
          {end.why}
        </span>
      ) : null}
      {end.is === 'over' ? null : (
        <Button
          size="sm"
          look={end.is === 'possible' ? 'danger' : 'plain'}
          icon={OctagonX}
          disabled={end.is === 'blocked'}
          aria-describedby={end.is === 'blocked' ? 'end-why' : undefined}
          onClick={onEnd}
        >
          End session
        </Button>
      )}
    </header>
  );
}
