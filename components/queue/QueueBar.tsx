'use client';

import { useRouter } from 'next/navigation';
import { memo, type ReactNode, type RefObject } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down-wide-narrow';
import Bookmark from 'lucide-react/icons/bookmark';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ListChecks from 'lucide-react/icons/list-checks';
import ListFilter from 'lucide-react/icons/list-filter';
import Search from 'lucide-react/icons/search';
import X from 'lucide-react/icons/x';
import { kindIcons, kindNames, riskNames } from '@/components/request/words';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import { Kbd } from '@/components/ui/Kbd';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import { lazily } from '@/components/ui/lazily';
import { isNarrowed, viewNames, widened } from '@/lib/domain/queue';
import { type QueueLook, queueViews } from '@/lib/domain/queue-query';
import type { TeamRef } from '@/lib/domain/team';
import { queueKinds, queueRisks, viewHref } from './queue-href';
import type { QueueScreenProps } from './queue-props';

/** Keeps their place until they come, so that no row moves. */
const FilterChips = lazily(() => import('./FilterChips').then((file) => file.FilterChips), <div className="q-chips" />);

export interface QueueBarProps
  extends Pick<
    QueueScreenProps,
    'look' | 'counts' | 'typed' | 'teams' | 'onType' | 'onLook' | 'onTeams' | 'onSaveView' | 'savedAs'
  > {
  readonly searched: 'asking' | 'done' | 'failed';
  readonly shown: number;
  readonly extent: 'whole' | 'part';
  readonly search: RefObject<HTMLInputElement | null>;
  /** From here on a touch on a row selects it. */
  readonly onSelecting: () => void;
}

/** The head of the list: which view, how many, what is searched for and what hides some of them. */
export const QueueBar = memo(function QueueBar(props: QueueBarProps): ReactNode {
  const { look, counts, shown, extent, teams, onLook, onTeams } = props;
  const router = useRouter();
  const set = look.kinds.length + look.risks.length + look.teams.length;
  const views = queueViews.map(
    (name): MenuEntry => ({
      kind: 'action',
      label: counts[name] === 0 ? viewNames[name] : `${viewNames[name]}  ${counts[name]}`,
      checked: name === look.view,
      onPick: () => router.push(viewHref(name)),
    }),
  );
  const total = isNarrowed(look) || look.view === 'answered' ? shown : counts[look.view];
  return (
    <>
      <header className="bar q-bar">
        <h1 className="q-title">
          <span className="q-title-words">{viewNames[look.view]}</span>
          <Menu label={`View: ${viewNames[look.view]}`} entries={views} look="q-title-button">
            {viewNames[look.view]}
            <Icon of={ChevronDown} size="xs" />
          </Menu>
        </h1>
        {total === 0 || look.view === 'answered' ? null : (
          <span className="count">
            {total.toLocaleString('en-US')}
            {extent === 'part' && isNarrowed(look) ? '+' : ''}
          </span>
        )}
        <SearchBox {...props} />
        {look.view === 'answered' ? null : <OrderMenu look={look} onLook={onLook} />}
        <span className="q-filter" onPointerEnter={onTeams} onFocus={onTeams}>
          <Menu
            label={set === 0 ? 'Filter' : `Filter, ${set} set`}
            align="end"
            look={`btn ghost sm icon ${set === 0 ? '' : 'on'}`}
            entries={filterEntries(look, teams, props)}
          >
            <Icon of={ListFilter} size="sm" />
            {set === 0 ? null : <span className="dot" />}
          </Menu>
        </span>
      </header>
      {isNarrowed(look) || props.typed.trim() !== '' ? <FilterChips {...props} /> : null}
    </>
  );
});

function SearchBox({ typed, search, onType }: QueueBarProps): ReactNode {
  return (
    <div className={`q-find ${typed === '' ? '' : 'filled'}`}>
      <Icon of={Search} size="sm" />
      <input
        ref={search}
        className="q-find-text"
        type="text"
        role="searchbox"
        aria-label="Search everything visible"
        placeholder="Search"
        maxLength={200}
        value={typed}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return;
          if (event.key === 'Escape' && typed !== '') onType('');
          event.currentTarget.blur();
        }}
      />
      {typed === '' ? <Kbd>/</Kbd> : <IconButton of={X} label="Clear the search" onClick={() => onType('')} />}
    </div>
  );
}

const orderNames = { deadline: 'Deadline', opened: 'Newest' } as const;

function OrderMenu({ look, onLook }: Pick<QueueBarProps, 'look' | 'onLook'>): ReactNode {
  const entries = (['deadline', 'opened'] as const).map(
    (order): MenuEntry => ({
      kind: 'action',
      label: order === 'deadline' ? 'Real deadline first' : 'Newest first',
      checked: order === look.order,
      onPick: () => onLook({ ...look, order }),
    }),
  );
  return (
    <Menu label={`Order: ${orderNames[look.order]}`} align="end" look="btn ghost sm q-order" entries={entries}>
      <Icon of={ArrowDown} size="sm" />
      <span className="q-order-words">{orderNames[look.order]}</span>
    </Menu>
  );
}

function filterEntries(
  look: QueueLook,
  teams: readonly TeamRef[],
  { onLook, onSaveView, onSelecting }: QueueBarProps,
): readonly MenuEntry[] {
  const label = (words: string): MenuEntry => ({ kind: 'label', label: words });
  return [
    label('Kind'),
    ...queueKinds.map(
      (kind): MenuEntry => ({
        kind: 'action',
        label: kindNames[kind],
        icon: kindIcons[kind],
        checked: look.kinds.includes(kind),
        onPick: () => onLook({ ...look, kinds: toggled(look.kinds, kind) }),
      }),
    ),
    { kind: 'line' },
    label('Risk'),
    ...queueRisks.map(
      (risk): MenuEntry => ({
        kind: 'action',
        label: riskNames[risk],
        checked: look.risks.includes(risk),
        onPick: () => onLook({ ...look, risks: toggled(look.risks, risk) }),
      }),
    ),
    ...(teams.length === 0 ? [] : [{ kind: 'line' } as const, label('Team')]),
    ...teams.map(
      ({ id, name }): MenuEntry => ({
        kind: 'action',
        label: name,
        checked: look.teams.includes(id),
        onPick: () => onLook({ ...look, teams: toggled(look.teams, id) }),
      }),
    ),
    { kind: 'line' },
    ...(onSaveView === null
      ? []
      : [{ kind: 'action', label: 'Save this view', icon: Bookmark, onPick: onSaveView } satisfies MenuEntry]),
    ...(look.view === 'answered'
      ? []
      : [{ kind: 'action', label: 'Select several', icon: ListChecks, onPick: onSelecting } satisfies MenuEntry]),
    { kind: 'action', label: 'Clear filters', icon: X, onPick: () => onLook(widened(look)) },
  ];
}

function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
