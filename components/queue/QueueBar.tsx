'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode, RefObject } from 'react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ListFilter from 'lucide-react/icons/list-filter';
import Search from 'lucide-react/icons/search';
import X from 'lucide-react/icons/x';
import { kindIcons, kindNames, riskNames } from '@/components/request/words';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import { Kbd } from '@/components/ui/Kbd';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import type { RequestKind } from '@/lib/domain/event';
import {
  noFilter,
  type QueueCounts,
  type QueueFilter,
  type QueueView,
  queueViews,
  viewNames,
} from '@/lib/domain/queue';
import type { Risk } from '@/lib/domain/tool';
import { viewHref } from './queue-href';

export interface QueueBarProps {
  readonly view: QueueView;
  readonly shown: number;
  readonly counts: QueueCounts;
  readonly filter: QueueFilter;
  readonly onFilter: (filter: QueueFilter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

const kinds: readonly RequestKind[] = ['form', 'url', 'approval', 'sampling', 'recovery'];
const risks: readonly Risk[] = ['destructive', 'writes', 'read_only'];

/** The head of the list: which view, how many, and what hides some of them. */
export function QueueBar({ view, shown, counts, filter, onFilter, search }: QueueBarProps): ReactNode {
  const router = useRouter();
  const picked = filter.kinds.length + filter.risks.length;
  const views = queueViews.map(
    (name): MenuEntry => ({
      kind: 'action',
      label: counts[name] === 0 ? viewNames[name] : `${viewNames[name]}  ${counts[name]}`,
      checked: name === view,
      onPick: () => router.push(viewHref(name)),
    }),
  );
  return (
    <header className="bar q-bar">
      <h1 className="q-title">
        <span className="q-title-words">{viewNames[view]}</span>
        <Menu label={`View: ${viewNames[view]}`} entries={views} look="q-title-button">
          {viewNames[view]}
          <Icon of={ChevronDown} size="xs" />
        </Menu>
      </h1>
      {shown === 0 ? null : <span className="count">{shown}</span>}
      <div className={`q-find ${filter.text === '' ? '' : 'filled'}`}>
        <Icon of={Search} size="sm" />
        <input
          ref={search}
          className="q-find-text"
          type="text"
          role="searchbox"
          aria-label="Search this view"
          placeholder="Search"
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (filter.text === '') event.currentTarget.blur();
            else onFilter({ ...filter, text: '' });
          }}
        />
        {filter.text === '' ? (
          <Kbd>/</Kbd>
        ) : (
          <IconButton of={X} label="Clear the search" onClick={() => onFilter({ ...filter, text: '' })} />
        )}
      </div>
      <Menu
        label={picked === 0 ? 'Filter' : `Filter, ${picked} set`}
        align="end"
        look={`btn ghost sm icon ${picked === 0 ? '' : 'on'}`}
        entries={filterEntries(filter, onFilter)}
      >
        <Icon of={ListFilter} size="sm" />
        {picked === 0 ? null : <span className="dot" />}
      </Menu>
    </header>
  );
}

function filterEntries(filter: QueueFilter, onFilter: (filter: QueueFilter) => void): readonly MenuEntry[] {
  const byKind = kinds.map(
    (kind): MenuEntry => ({
      kind: 'action',
      label: kindNames[kind],
      icon: kindIcons[kind],
      checked: filter.kinds.includes(kind),
      onPick: () => onFilter({ ...filter, kinds: toggled(filter.kinds, kind) }),
    }),
  );
  const byRisk = risks.map(
    (risk): MenuEntry => ({
      kind: 'action',
      label: riskNames[risk],
      checked: filter.risks.includes(risk),
      onPick: () => onFilter({ ...filter, risks: toggled(filter.risks, risk) }),
    }),
  );
  return [
    { kind: 'label', label: 'Kind' },
    ...byKind,
    { kind: 'line' },
    { kind: 'label', label: 'Risk' },
    ...byRisk,
    { kind: 'line' },
    { kind: 'action', label: 'Clear filters', icon: X, onPick: () => onFilter(noFilter) },
  ];
}

function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
