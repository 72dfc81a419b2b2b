'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import Check from 'lucide-react/icons/check';
import ListFilter from 'lucide-react/icons/list-filter';
import Lock from 'lucide-react/icons/lock';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { kindNames, riskNames } from '@/components/request/words';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { agoWords } from '@/components/ui/time-words';
import { viewNames } from '@/lib/domain/queue';
import type { QueueLook, QueueView } from '@/lib/domain/queue-query';
import type { TeamRef } from '@/lib/domain/team';
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
  teams: 'Nothing waits for your teams',
  expiring: 'Nothing is about to end',
  open: 'Nothing waits for anyone',
  answered: 'Nothing has been answered yet',
};

const hints: { readonly [V in QueueView]?: string } = {
  mine: 'What you claim, begin to answer or are assigned shows up here.',
  teams: 'What a rule sends to one of your teams shows up here. Requests without a team are under All open.',
};

export function EmptyView({ view, open, lastAnswerAt, now }: EmptyViewProps): ReactNode {
  const last = lastAnswerAt === null ? '' : `Your last answer was ${agoWords(now - lastAnswerAt)}. `;
  const hint = hints[view] ?? 'New requests show up here by themselves.';
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
  readonly look: QueueLook;
  readonly teams: readonly TeamRef[];
  readonly onClear: () => void;
}

export function FilteredOut({ look, teams, onClear }: FilteredOutProps): ReactNode {
  const { text, kinds, risks } = look;
  const names = look.teams.map((team) => teams.find(({ id }) => id === team)?.name ?? team);
  const parts = [
    ...(text.trim() === '' ? [] : [`“${text.trim()}”`]),
    ...(kinds.length === 0 ? [] : [kinds.map((kind) => kindNames[kind].toLowerCase()).join(' or ')]),
    ...(risks.length === 0 ? [] : [risks.map((risk) => riskNames[risk]).join(' or ')]),
    ...(names.length === 0 ? [] : [names.join(' or ')]),
  ];
  return (
    <EmptyState icon={ListFilter} title="No request matches" actions={<Button onClick={onClear}>Clear filters</Button>}>
      Everything under {viewNames[look.view]} that you may see was searched for <b>{parts.join(' and ')}</b>.
    </EmptyState>
  );
}

export interface QueueFailedProps {
  readonly words: string;
  readonly isSearch: boolean;
  readonly onRetry: () => void;
}

export function QueueFailed({ words, isSearch, onRetry }: QueueFailedProps): ReactNode {
  return (
    <EmptyState
      icon={TriangleAlert}
      title={isSearch ? 'The search did not work' : 'The queue could not be read'}
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
