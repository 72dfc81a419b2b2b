'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import ChevronRight from 'lucide-react/icons/chevron-right';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleStop from 'lucide-react/icons/circle-stop';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import OctagonX from 'lucide-react/icons/octagon-x';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { AdminData } from '@/components/admin/AdminPage';
import { Button } from '@/components/ui/Button';
import { CouldNotRead, MayNotRead } from '@/components/ui/Unread';
import { OfflineLine } from '@/components/ui/OfflineLine';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { Status } from '@/components/ui/Status';
import { type EndingsPage, type EndOperation, settledOf } from '@/lib/domain/end-operation';
import { countOf } from '@/lib/domain/timeline/end-step-words';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { EndingProgress } from './EndingProgress';
import { endingHref, endingState } from './ending-words';

export interface EndingsScreenProps {
  readonly data: AdminData<EndingsPage>;
  readonly now: number;
  /** `offline`: what is shown is what was last heard. */
  readonly line: 'online' | 'offline';
  readonly older: 'idle' | 'loading' | 'failed';
  readonly onOlder: () => void;
  readonly onRetry: () => void;
}

/** Every order to end many sessions: who gave it, when, why, of what, and what became of it. */
export function EndingsScreen(props: EndingsScreenProps): ReactNode {
  const { data, line } = props;
  return (
    <div className="main ad-page">
      <header className="bar s-top">
        <nav className="crumbs" aria-label="Breadcrumb">
          <Link href="/sessions">Sessions</Link>
          <Icon of={ChevronRight} size="xs" />
          <h1 className="en-title" aria-current="page">
            Endings
          </h1>
        </nav>
      </header>
      {line === 'offline' && data.is === 'ready' ? <LastHeard /> : null}
      <Content {...props} />
    </div>
  );
}

export function LastHeard(): ReactNode {
  return <OfflineLine>This is what was last heard. It catches up by itself.</OfflineLine>;
}

function Content({ data, now, older, onOlder, onRetry }: EndingsScreenProps): ReactNode {
  switch (data.is) {
    case 'loading':
      return <EndingsSkeleton label="Loading the endings" />;
    case 'forbidden':
      return <MayNotRead title="Endings are for admins" message={data.message} />;
    case 'failed':
      return <CouldNotRead title="The endings could not be loaded" message={data.message} onRetry={onRetry} />;
    case 'ready':
      if (data.value.endings.length === 0)
        return (
          <EmptyState
            icon={OctagonX}
            title="No sessions were ended together yet"
            actions={
              <Link className="btn" href="/sessions">
                To the sessions
              </Link>
            }
          >
            Select sessions in their list, or end all that a filter finds. Each order then stands here: who gave it,
            why, and what became of every session of it.
          </EmptyState>
        );
      return (
        <section className="scroll" aria-label="Endings">
          <EndingsTable endings={data.value.endings} now={now} />
          {data.value.more ? <Older older={older} onOlder={onOlder} /> : null}
        </section>
      );
  }
}

function Older({ older, onOlder }: Pick<EndingsScreenProps, 'older' | 'onOlder'>): ReactNode {
  return (
    <div className="ss-more">
      <Button disabled={older === 'loading'} onClick={onOlder}>
        {older === 'loading' ? 'Loading older ones' : 'Load older ones'}
      </Button>
      {older === 'failed' ? (
        <p className="err" role="alert">
          Older ones could not be loaded. Try again.
        </p>
      ) : null}
    </div>
  );
}

function EndingsTable({
  endings,
  now,
}: {
  readonly endings: readonly EndOperation[];
  readonly now: number;
}): ReactNode {
  return (
    <table className="table en-table">
      <thead>
        <tr>
          <th scope="col">Of what, and why</th>
          <th scope="col">By</th>
          <th scope="col">When</th>
          <th scope="col">Sessions</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {endings.map((operation) => (
          <EndingRow key={operation.endingId} operation={operation} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function EndingRow({ operation, now }: { readonly operation: EndOperation; readonly now: number }): ReactNode {
  const { endingId, about, reason, by, at, counts, endedAt } = operation;
  return (
    <tr>
      <td className="en-what">
        <Link className="ag" href={endingHref(endingId)}>
          <span className="cut">{about}</span>
        </Link>
        <span className="t2 cut en-why">“{reason}”</span>
      </td>
      <td className="en-by">
        <span className="cut">{by.name}</span>
      </td>
      <td className="en-when num t2">
        <time dateTime={new Date(at).toISOString()}>{dayTime(at, now)}</time>
      </td>
      <td className="en-far">
        {endedAt === null ? (
          <>
            <span className="num">
              {settledOf(counts)} of {counts.total}
            </span>
            <EndingProgress operation={operation} />
          </>
        ) : (
          <span className="num">{countOf(counts.total, 'session')}</span>
        )}
        <Odds operation={operation} />
      </td>
      <td className="en-state">
        <EndingStatus operation={operation} />
      </td>
    </tr>
  );
}

function Odds({ operation }: { readonly operation: EndOperation }): ReactNode {
  const { counts } = operation;
  const odd = [
    counts.unknown === 0 ? null : `${countOf(counts.unknown, 'outcome')} unknown`,
    counts.failed === 0 ? null : `${counts.failed} failed`,
    counts.left === 0 ? null : `${counts.left} left running`,
    counts.stopped === 0 ? null : `${counts.stopped} not begun`,
  ].filter((part) => part !== null);
  return odd.length === 0 ? null : <span className="meta num en-odd">{odd.join(', ')}</span>;
}

export function EndingStatus({ operation }: { readonly operation: EndOperation }): ReactNode {
  const { state, endedAt, counts } = operation;
  const words = endingState(operation);
  if (state === 'stopped')
    return (
      <Status icon={CircleStop} tone="person">
        {words}
      </Status>
    );
  if (endedAt === null)
    return (
      <Status icon={LoaderCircle} tone="danger">
        {words}
      </Status>
    );
  return (
    <Status icon={counts.failed > 0 ? TriangleAlert : CircleCheck} tone={counts.failed > 0 ? 'danger' : 'ok'}>
      {words}
    </Status>
  );
}

export function EndingsSkeleton({ label }: { readonly label: string }): ReactNode {
  return (
    <Skeleton label={label}>
      {['52%', '38%', '60%', '44%'].map((width) => (
        <div key={width} className="sk-ad">
          <Bone width="150px" />
          <Bone width={width} height="8px" />
          <Bone width="80px" />
        </div>
      ))}
    </Skeleton>
  );
}
