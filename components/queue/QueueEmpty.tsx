'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import ListFilter from 'lucide-react/icons/list-filter';
import Lock from 'lucide-react/icons/lock';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import WifiOff from 'lucide-react/icons/wifi-off';
import { kindNames, riskNames } from '@/components/request/words';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { agoWords } from '@/components/ui/time-words';
import { noFilter, type QueueFilter, type QueueView } from '@/lib/domain/queue';
import { viewHref } from './queue-href';

export interface EmptyViewProps {
  readonly view: QueueView;
  /** Open requests in all. */
  readonly open: number;
  readonly lastAnswerAt: number | null;
  readonly now: number;
}

const emptyTitles: { readonly [V in QueueView]: string } = {
  mine: 'Nothing waits for you',
  expiring: 'Nothing is about to end',
  open: 'Nothing waits for anyone',
  answered: 'Nothing has been answered yet',
};

export function EmptyView({ view, open, lastAnswerAt, now }: EmptyViewProps): ReactNode {
  const last = lastAnswerAt === null ? '' : `Your last answer was ${agoWords(now - lastAnswerAt)}. `;
  const hint =
    view === 'mine' ? 'What you claim or start to answer shows up here.' : 'New requests show up here by themselves.';
  const actions =
    view === 'open' || view === 'answered' || open === 0 ? undefined : (
      <Link className="btn" href={viewHref('open')}>
        See all open <span className="count">{open}</span>
      </Link>
    );
  return (
    <EmptyState icon={Check} tone="ok" title={emptyTitles[view]} actions={actions}>
      {view === 'answered' ? 'Answers and requests nobody answered are listed here.' : `${last}${hint}`}
    </EmptyState>
  );
}

export interface FilteredOutProps {
  readonly filter: QueueFilter;
  /** How many the view has without the filter. */
  readonly hidden: number;
  readonly onFilter: (filter: QueueFilter) => void;
}

export function FilteredOut({ filter, hidden, onFilter }: FilteredOutProps): ReactNode {
  const parts = [
    ...(filter.text.trim() === '' ? [] : [`“${filter.text.trim()}”`]),
    ...(filter.kinds.length === 0 ? [] : [filter.kinds.map((kind) => kindNames[kind].toLowerCase()).join(' or ')]),
    ...(filter.risks.length === 0 ? [] : [filter.risks.map((risk) => riskNames[risk]).join(' or ')]),
  ];
  return (
    <EmptyState
      icon={ListFilter}
      title="No request matches"
      actions={<Button onClick={() => onFilter(noFilter)}>Clear filters</Button>}
    >
      {hidden} {hidden === 1 ? 'is' : 'are'} hidden by <b>{parts.join(' and ')}</b>.
    </EmptyState>
  );
}

export function QueueFailed({ words, onRetry }: { readonly words: string; readonly onRetry: () => void }): ReactNode {
  return (
    <EmptyState
      icon={TriangleAlert}
      title="The queue could not be read"
      actions={
        <Button icon={RefreshCw} onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {words}
    </EmptyState>
  );
}

export function QueueForbidden({ words }: { readonly words: string }): ReactNode {
  return (
    <EmptyState icon={Lock} title="The queue is not open to you">
      {words}
    </EmptyState>
  );
}

export function QueueUnreached(): ReactNode {
  return (
    <EmptyState icon={WifiOff} title="Not connected yet">
      The queue shows up as soon as the line is there. Nothing you did is lost.
    </EmptyState>
  );
}

export function QueueLoading(): ReactNode {
  return (
    <Skeleton label="Loading the queue">
      <div className="q-group">
        <Bone width="120px" height="8px" />
      </div>
      {[62, 48, 70, 55, 64, 44, 58].map((width) => (
        <div key={width} className="q-bone">
          <Bone width="16px" height="16px" />
          <div>
            <Bone width={`${width}%`} />
            <Bone width={`${100 - width}%`} height="8px" />
          </div>
          <Bone width="40px" />
        </div>
      ))}
    </Skeleton>
  );
}
