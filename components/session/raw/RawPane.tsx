'use client';

import { type ReactNode, type RefObject, useDeferredValue, useMemo, useRef, useState } from 'react';
import ListFilter from 'lucide-react/icons/list-filter';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { RawMessage } from '@/lib/domain/raw';
import type { Pairing } from '@/lib/domain/raw-view/pairing';
import { isFiltering, methodsOf, noRawFilter, type RawFilter } from '@/lib/domain/raw-view/raw-filter';
import { rawMatches } from '@/lib/domain/raw-view/raw-matches';
import { type Purge, purgedWords } from '@/lib/domain/retention';
import { Finder } from '../Finder';
import { RawList } from '../RawList';
import { useCalm } from '../use-calm';
import { useStepKeys } from '../use-step-keys';
import { pairingOf } from './pairing-of';

/** The raw view as far as it is loaded. */
export type RawPage =
  | { readonly is: 'closed' }
  | { readonly is: 'loading' }
  | { readonly is: 'refused'; readonly message: string }
  | {
      readonly is: 'ready';
      readonly messages: readonly RawMessage[];
      readonly loaded: 'all' | 'part';
      readonly purge: Purge | null;
    };

export interface RawPaneProps {
  readonly raw: RawPage;
  readonly chosenSeq: number | null;
  readonly onChoose: (message: RawMessage) => void;
  /** Opens it, tries again, or asks for what is older. */
  readonly onLoad: () => void;
}

const nothing: readonly RawMessage[] = [];

/** JSON-RPC in both directions, newest first: who said what to whom, and what answers what. */
export function RawPane({ raw, chosenSeq, onChoose, onLoad }: RawPaneProps): ReactNode {
  const [filter, setFilter] = useState(noRawFilter);
  const wanted = useDeferredValue(filter);
  const messages = useCalm(raw.is === 'ready' ? raw.messages : nothing, raw.is === 'ready' ? raw.loaded : raw.is);
  const pairing = pairingOf(messages);
  // The pairing is one that grows with the messages.
  const shown = useMemo(() => rawMatches(messages, wanted, pairingOf(messages)), [messages, wanted]);
  const search = useRef<HTMLInputElement>(null);
  const chosenAt = chosenSeq === null ? -1 : shown.placeOf(chosenSeq);
  useStepKeys({ items: shown, chosenAt, onChoose, search, noun: 'message' });
  if (raw.is === 'closed' || raw.is === 'loading') return <RawLoading />;
  if (raw.is === 'refused') {
    return (
      <div className="low-none">
        <p className="t2">{raw.message}</p>
        <Button size="sm" onClick={onLoad}>
          Try again
        </Button>
      </div>
    );
  }
  const foot = raw.loaded === 'part' ? <Older messages={messages} onLoad={onLoad} /> : <Beginning raw={raw} />;
  return (
    <>
      <RawTools messages={messages} pairing={pairing} filter={filter} onFilter={setFilter} search={search} />
      {shown.length === 0 ? (
        <div className="low-none">
          <p className="t2">{noneWords(raw, filter)}</p>
          {isFiltering(filter) ? (
            <Button size="sm" onClick={() => setFilter(noRawFilter)}>
              Clear filters
            </Button>
          ) : null}
          {raw.loaded === 'part' ? foot : null}
        </div>
      ) : (
        <RawList messages={shown} pairing={pairing} chosenSeq={chosenSeq} onChoose={onChoose} foot={foot} />
      )}
    </>
  );
}

function noneWords(raw: Extract<RawPage, { is: 'ready' }>, filter: RawFilter): string {
  if (isFiltering(filter)) return `None of ${raw.messages.length.toLocaleString('en-US')} loaded messages matches.`;
  return raw.purge === null ? 'No message yet.' : purgedWords(raw.purge);
}

function Older({
  messages,
  onLoad,
}: {
  readonly messages: readonly RawMessage[];
  readonly onLoad: () => void;
}): ReactNode {
  const before = (messages[0]?.seq ?? 1) - 1;
  return (
    <Button size="sm" onClick={onLoad}>
      Load older messages{before > 0 ? `, up to ${before.toLocaleString('en-US')}` : ''}
    </Button>
  );
}

function Beginning({ raw }: { readonly raw: Extract<RawPage, { is: 'ready' }> }): ReactNode {
  const first = raw.messages[0]?.seq ?? 1;
  if (raw.purge !== null) return <span className="t3">{purgedWords(raw.purge)}</span>;
  return first > 1 ? <span className="t3">Earlier messages are not kept any more.</span> : null;
}

interface RawToolsProps {
  readonly messages: readonly RawMessage[];
  readonly pairing: Pairing;
  readonly filter: RawFilter;
  readonly onFilter: (filter: RawFilter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

const sides: readonly { readonly key: RawFilter['side']; readonly label: string }[] = [
  { key: 'all', label: 'Both sides' },
  { key: 'agent', label: 'Agent' },
  { key: 'server', label: 'Servers' },
];
const directions: readonly { readonly key: RawFilter['direction']; readonly label: string }[] = [
  { key: 'all', label: 'Both directions' },
  { key: 'in', label: 'To Holdpoint' },
  { key: 'out', label: 'From Holdpoint' },
];
const kinds: readonly { readonly key: RawFilter['only']; readonly label: string }[] = [
  { key: 'all', label: 'All messages' },
  { key: 'errors', label: 'Errors only' },
  { key: 'unpaired', label: 'Without a partner' },
];

function RawTools({ messages, pairing, filter, onFilter, search }: RawToolsProps): ReactNode {
  const entries = (): readonly MenuEntry[] => filterEntries({ messages, pairing, filter, onFilter });
  const chosen = wordsOf(filter);
  return (
    <div className="low-tools">
      <div className="seg" role="group" aria-label="Side">
        {sides.map((option) => (
          <button
            key={option.key}
            type="button"
            aria-pressed={option.key === filter.side}
            onClick={() => onFilter({ ...filter, side: option.key })}
          >
            {option.label}
          </button>
        ))}
      </div>
      <Menu label={`Filter messages: ${chosen}`} look="btn ghost sm" align="end" entries={entries()}>
        <Icon of={ListFilter} size="sm" />
        <span className="cut">{chosen}</span>
      </Menu>
      <Finder
        label="Search messages"
        placeholder="Method, id, text"
        value={filter.text}
        onValue={(text) => onFilter({ ...filter, text })}
        field={search}
      />
    </div>
  );
}

function wordsOf({ only, direction, method, server }: RawFilter): string {
  const words = [
    only === 'all' ? null : (kinds.find(({ key }) => key === only)?.label ?? null),
    direction === 'all' ? null : (directions.find(({ key }) => key === direction)?.label ?? null),
    method,
    server,
  ].filter((word) => word !== null);
  return words.length === 0 ? 'All messages' : words.join(', ');
}

function filterEntries({ messages, pairing, filter, onFilter }: Omit<RawToolsProps, 'search'>): readonly MenuEntry[] {
  const methods = [...new Set(messages.flatMap((message) => methodsOf(message, pairing)))].sort();
  const servers = [...new Set(messages.flatMap(({ server }) => server ?? []))].sort();
  const pick = (label: string, part: Partial<RawFilter>): MenuEntry => ({
    kind: 'action',
    label,
    checked: Object.entries(part).every(([key, value]) => filter[key as keyof RawFilter] === value),
    onPick: () => onFilter({ ...filter, ...part }),
  });
  return [
    ...kinds.map(({ key, label }) => pick(label, { only: key })),
    { kind: 'line' },
    ...directions.map(({ key, label }) => pick(label, { direction: key })),
    { kind: 'line' },
    { kind: 'label', label: 'Method' },
    pick('Every method', { method: null }),
    ...methods.map((method) => pick(method, { method })),
    ...(servers.length < 2
      ? []
      : ([
          { kind: 'line' },
          { kind: 'label', label: 'Server' },
          pick('Every server', { server: null }),
          ...servers.map((server) => pick(server, { server })),
        ] satisfies readonly MenuEntry[])),
  ];
}

function RawLoading(): ReactNode {
  return (
    <Skeleton label="Loading the raw messages">
      {[60, 44, 70, 52].map((width) => (
        <div key={width} className="sk-line">
          <Bone width={`${width}%`} />
        </div>
      ))}
    </Skeleton>
  );
}
