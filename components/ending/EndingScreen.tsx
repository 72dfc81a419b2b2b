'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import ChevronRight from 'lucide-react/icons/chevron-right';
import FileSearch from 'lucide-react/icons/file-search';
import { aboutHref } from '@/components/admin/audit/audit-query';
import type { AdminData } from '@/components/admin/AdminPage';
import { Button } from '@/components/ui/Button';
import { CouldNotRead, MayNotRead } from '@/components/ui/Unread';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import { type EndItemsLook, type EndItemsPage, type EndOperation, settledOf } from '@/lib/domain/end-operation';
import { whenWords } from '@/lib/domain/timeline/time-words';
import { EndingItems } from './EndingItems';
import { EndingProgress } from './EndingProgress';
import { endingFigures, endingsHref, endingTitle } from './ending-words';
import { EndingsSkeleton, EndingStatus, LastHeard } from './EndingsScreen';

/** `not_found`: there is no such order, or never was. */
export type EndingData = AdminData<EndItemsPage> | { readonly is: 'not_found' };

export interface EndingScreenProps {
  readonly data: EndingData;
  readonly look: EndItemsLook;
  readonly now: number;
  readonly line: 'online' | 'offline';
  /** Why it could not be stopped. */
  readonly refusal: string | null;
  readonly onLook: (look: EndItemsLook) => void;
  readonly onStop: () => void;
  readonly onRetry: () => void;
}

/** One order: who gave it and why, how far it is, and what became of each of its sessions. */
export function EndingScreen(props: EndingScreenProps): ReactNode {
  const { data, line, onStop } = props;
  const operation = data.is === 'ready' ? data.value.operation : null;
  return (
    <div className="main ad-page">
      <header className="bar s-top">
        <nav className="crumbs" aria-label="Breadcrumb">
          <Link href="/sessions">Sessions</Link>
          <Icon of={ChevronRight} size="xs" />
          <Link href={endingsHref}>Endings</Link>
          <Icon of={ChevronRight} size="xs" />
          <b className="cut" aria-current="page">
            {operation?.about ?? 'Ending'}
          </b>
        </nav>
        <span className="grow" />
        {operation?.state === 'running' && operation.endedAt === null ? (
          <Button size="sm" disabled={line === 'offline'} onClick={onStop}>
            Stop after these
          </Button>
        ) : null}
      </header>
      {line === 'offline' && data.is === 'ready' ? <LastHeard /> : null}
      <Content {...props} />
    </div>
  );
}

function Content(props: EndingScreenProps): ReactNode {
  const { data, onRetry } = props;
  switch (data.is) {
    case 'loading':
      return <EndingsSkeleton label="Loading the ending" />;
    case 'forbidden':
      return <MayNotRead title="Endings are for admins" message={data.message} />;
    case 'not_found':
      return (
        <EmptyState
          icon={FileSearch}
          title="There is no such ending"
          actions={
            <Link className="btn" href={endingsHref}>
              All endings
            </Link>
          }
        >
          The address may have been cut.
        </EmptyState>
      );
    case 'failed':
      return <CouldNotRead title="The ending could not be shown" message={data.message} onRetry={onRetry} />;
    case 'ready':
      return <Shown {...props} page={data.value} />;
  }
}

function Shown(props: EndingScreenProps & { readonly page: EndItemsPage }): ReactNode {
  const { page, look, now, refusal, onLook } = props;
  return (
    <section className="scroll" aria-label="Ending">
      <Head operation={page.operation} now={now} />
      {refusal === null ? null : (
        <p className="err en-note" role="alert">
          {refusal}
        </p>
      )}
      <EndingItems page={page} look={look} now={now} onLook={onLook} />
    </section>
  );
}

function Head({ operation, now }: { readonly operation: EndOperation; readonly now: number }): ReactNode {
  const { endingId, by, at, reason, whenChanged, restarts, counts, endedAt } = operation;
  return (
    <div className="en-head">
      <div className="row wrap en-lead">
        <h1 className="en-said">{endingTitle(operation)}</h1>
        <EndingStatus operation={operation} />
      </div>
      <p className="t2 en-who">
        {by.name}, <time dateTime={new Date(at).toISOString()}>{whenWords(at, now)}</time>:{' '}
        <span className="en-reason">“{reason}”</span>
      </p>
      {endedAt === null ? (
        <>
          <p className="num t2" role="status">
            {settledOf(counts)} of {counts.total} done{counts.ending === 0 ? '' : `, ${counts.ending} ending now`}
          </p>
          <EndingProgress operation={operation} />
        </>
      ) : null}
      <dl className="end-counts num">
        {endingFigures(operation).map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      <p className="t3 en-rule">
        {whenChanged === 'leave'
          ? 'Sessions that changed after the preview were to be left.'
          : 'Sessions that changed after the preview were to be ended as well.'}
        {restarts === 0 ? '' : ' Holdpoint was restarted meanwhile, and went on with it.'}{' '}
        <Link href={aboutHref(endingId)}>Its audit entry</Link>
      </p>
    </div>
  );
}
