'use client';

import type { ReactNode } from 'react';
import Download from 'lucide-react/icons/download';
import FileSearch from 'lucide-react/icons/file-search';
import Lock from 'lucide-react/icons/lock';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import type { AuditEntry } from '@/lib/domain/audit';
import { type AuditHealth as Health, type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import { type AdminData, AdminPage, NoneYet } from '../AdminPage';
import { AuditFilters } from './AuditFilters';
import { AuditHealth } from './AuditHealth';
import { AuditList } from './AuditList';

export interface AuditRead {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
  readonly health: Health;
}

export interface AuditScreenProps {
  readonly data: AdminData<AuditRead>;
  readonly look: AuditLook;
  readonly now: number;
  /** `offline`: what is shown is what was last read. */
  readonly line: 'online' | 'offline';
  readonly more: 'idle' | 'loading' | 'failed';
  readonly onLook: (look: AuditLook) => void;
  readonly onMore: () => void;
  readonly onRetry: () => void;
}

/** Who did what, when, from where and why; and whether that is still as it was written. */
export function AuditScreen(props: AuditScreenProps): ReactNode {
  const { data, look, now, line, onLook, onRetry } = props;
  if (data.is === 'forbidden') return <Forbidden>{data.message}</Forbidden>;
  return (
    <AdminPage
      title="Audit"
      count={null}
      data={data}
      onRetry={onRetry}
      action={
        <a className="btn sm" href={exportHref(look)} download aria-disabled={line === 'offline'}>
          <Icon of={Download} size="sm" />
          {look.fromAt === null && look.toAt === null ? 'Export all' : 'Export these days'}
        </a>
      }
    >
      {(read) => (
        <div className="au">
          <AuditHealth health={read.health} now={now} />
          <AuditFilters look={look} onLook={onLook} />
          {line === 'offline' ? (
            <p className="t2 au-note" role="status">
              You are offline. This is what was last read.
            </p>
          ) : null}
          {read.entries.length === 0 && read.next === null ? (
            <None look={look} onLook={onLook} />
          ) : (
            <Entries {...props} read={read} />
          )}
        </div>
      )}
    </AdminPage>
  );
}

function Forbidden({ children }: { readonly children: string }): ReactNode {
  return (
    <div className="main ad-page">
      <header className="bar">
        <h1 className="page-title">Audit</h1>
      </header>
      <EmptyState icon={Lock} title="The audit log is for admins">
        {children}
      </EmptyState>
    </div>
  );
}

/** The log is exported without gaps, so only the days narrow it. */
function exportHref({ fromAt, toAt }: AuditLook): string {
  const query = new URLSearchParams();
  if (fromAt !== null) query.set('from', String(fromAt));
  if (toAt !== null) query.set('to', String(toAt));
  const words = query.toString();
  return words === '' ? '/api/audit/export' : `/api/audit/export?${words}`;
}

function None({ look, onLook }: Pick<AuditScreenProps, 'look' | 'onLook'>): ReactNode {
  return JSON.stringify(look) === JSON.stringify(wholeAudit) ? (
    <NoneYet icon={FileSearch} title="Nothing is recorded yet">
      Every decision, sign-in and change of who may do what stands here from its moment on.
    </NoneYet>
  ) : (
    <NoneYet
      icon={FileSearch}
      title="No entry fits"
      actions={<Button onClick={() => onLook(wholeAudit)}>Show all</Button>}
    >
      Nothing of this kind was recorded, or it was dropped when its time was over.
    </NoneYet>
  );
}

function Entries({ read, look, now, more, onMore }: AuditScreenProps & { readonly read: AuditRead }): ReactNode {
  const { health } = read;
  return (
    <>
      <AuditList
        entries={read.entries}
        brokenFrom={health.state === 'broken' ? health.broken.seq : null}
        look={look}
        now={now}
      />
      {read.next === null ? null : (
        <div className="au-more">
          <Button disabled={more === 'loading'} onClick={onMore}>
            {more === 'loading' ? 'Loading' : 'Show older'}
          </Button>
          {more === 'failed' ? (
            <p className="err" role="alert">
              Older entries could not be loaded. Try again.
            </p>
          ) : null}
        </div>
      )}
    </>
  );
}
