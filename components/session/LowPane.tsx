'use client';

import { type ReactNode, type RefObject, useDeferredValue, useMemo, useState } from 'react';
import Braces from 'lucide-react/icons/braces';
import List from 'lucide-react/icons/list';
import ListFilter from 'lucide-react/icons/list-filter';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { RawMessage } from '@/lib/domain/raw';
import type { Timeline } from '@/lib/domain/timeline';
import { rowGroups } from '@/lib/domain/timeline/find';
import { EventList } from './EventList';
import { type EventFilter, filteredEvents, groupNames, noEventFilter } from './event-filter';
import { Finder } from './Finder';
import { JumpField } from './JumpField';
import { RawList } from './RawList';
import { rawWords } from './raw-words';
import { Tabs } from './Tabs';

/** The raw view as far as it is loaded. */
export type RawPage =
  | { readonly is: 'closed' }
  | { readonly is: 'loading' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'ready'; readonly messages: readonly RawMessage[]; readonly loaded: 'all' | 'part' };

/** What the server found among events that are not loaded yet. */
export type Found =
  | { readonly is: 'idle' }
  | { readonly is: 'searching' }
  | { readonly is: 'failed' }
  | { readonly is: 'found'; readonly total: number };

export type LowTab = 'events' | 'raw';
export type RawSide = 'all' | RawMessage['side'];

export interface LowPaneProps {
  readonly timeline: Timeline;
  /** How many events the session has. */
  readonly total: number;
  /** How many of them are still being read. */
  readonly missing: number;
  readonly found: Found;
  /** From the first event to now. */
  readonly extent: { readonly from: number; readonly to: number };
  readonly jump: RefObject<HTMLInputElement | null>;
  readonly onJump: (at: number) => void;
  readonly raw: RawPage;
  readonly tab: LowTab;
  readonly filter: EventFilter;
  readonly chosenSeq: number | null;
  readonly chosenRaw: number | null;
  readonly onTab: (tab: LowTab) => void;
  readonly onFilter: (filter: EventFilter) => void;
  readonly onEvent: (seq: number) => void;
  readonly onRaw: (message: RawMessage) => void;
  readonly onLoadRaw: () => void;
}

export function LowPane(props: LowPaneProps): ReactNode {
  const { raw, tab, onTab } = props;
  const rawCount = raw.is === 'ready' ? raw.messages.length : 0;
  return (
    <div className="s-events">
      <div className="bar low-bar">
        <Tabs
          label="What happened"
          tabs={[
            { key: 'events', label: 'Events', icon: List, count: props.total },
            { key: 'raw', label: 'Raw JSON-RPC', icon: Braces, count: rawCount },
          ]}
          open={tab}
          onOpen={onTab}
        />
      </div>
      {tab === 'events' ? <Events {...props} /> : <Raw {...props} />}
    </div>
  );
}

function Events(props: LowPaneProps): ReactNode {
  const { timeline, missing, filter, found, chosenSeq, onFilter, onEvent } = props;
  // While a text is typed the keys come first.
  const wanted = useDeferredValue(filter);
  const events = useMemo(() => filteredEvents(timeline, wanted), [timeline, wanted]);
  return (
    <>
      <EventTools {...props} />
      {events.length === 0 && found.is !== 'searching' && timeline.events.size > 0 ? (
        <div className="low-none">
          <p className="t2">None of {props.total.toLocaleString('en-US')} events matches.</p>
          <Button size="sm" onClick={() => onFilter(noEventFilter)}>
            Clear filters
          </Button>
        </div>
      ) : (
        <EventList
          timeline={timeline}
          events={events}
          chosenSeq={chosenSeq}
          onChoose={onEvent}
          foot={footOf(missing, filter, found)}
        />
      )}
    </>
  );
}

function footOf(missing: number, { search }: EventFilter, found: Found): string | undefined {
  if (missing === 0) return undefined;
  const more = `${missing.toLocaleString('en-US')} more events are being loaded`;
  if (search.trim() === '' || found.is === 'idle') return more;
  if (found.is === 'searching') return 'Searching the events that are not loaded yet';
  if (found.is === 'failed') return 'The events that are not loaded yet could not be searched';
  return `${found.total.toLocaleString('en-US')} of all events match; ${more}`;
}

type EventToolsProps = Pick<LowPaneProps, 'timeline' | 'filter' | 'onFilter' | 'extent' | 'jump' | 'onJump'>;

const groups = ['all', ...rowGroups] as const;

function EventTools({ timeline, filter, onFilter, extent, jump, onJump }: EventToolsProps): ReactNode {
  const lane = filter.laneId === null ? undefined : timeline.lanes.get(filter.laneId);
  const entries = groups.map((group) => ({
    kind: 'action' as const,
    label: groupNames[group],
    checked: filter.group === group,
    onPick: () => onFilter({ ...filter, group }),
  }));
  return (
    <div className="low-tools">
      {lane === undefined ? null : (
        <span className="tag accent">
          <span className="mono cut">{lane.tool}</span>
          <button
            type="button"
            className="tagx"
            aria-label="Show events of all calls"
            onClick={() => onFilter({ ...filter, laneId: null })}
          >
            <Icon of={X} size="xs" />
          </button>
        </span>
      )}
      <Menu label={`Filter by kind: ${groupNames[filter.group]}`} look="btn ghost sm" align="end" entries={entries}>
        <Icon of={ListFilter} size="sm" />
        {groupNames[filter.group]}
      </Menu>
      <JumpField extent={extent} onJump={onJump} field={jump} />
      <Finder
        label="Search events"
        placeholder="Search events"
        value={filter.search}
        onValue={(search) => onFilter({ ...filter, search })}
      />
    </div>
  );
}

const sides: readonly { readonly key: RawSide; readonly label: string }[] = [
  { key: 'all', label: 'Both sides' },
  { key: 'agent', label: 'Agent' },
  { key: 'server', label: 'Servers' },
];

function Raw({ raw, chosenRaw, onRaw, onLoadRaw }: LowPaneProps): ReactNode {
  const [side, setSide] = useState<RawSide>('all');
  const [search, setSearch] = useState('');
  const messages = raw.is === 'ready' ? raw.messages : none;
  const shown = useMemo(() => newestFirst(messages, side, search), [messages, side, search]);
  if (raw.is === 'closed' || raw.is === 'loading') return <RawLoading />;
  if (raw.is === 'refused') {
    return (
      <div className="low-none">
        <p className="t2">{raw.message}</p>
        <Button size="sm" onClick={onLoadRaw}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <>
      <div className="low-tools">
        <div className="seg" role="group" aria-label="Side">
          {sides.map((option) => (
            <button
              key={option.key}
              type="button"
              aria-pressed={option.key === side}
              onClick={() => setSide(option.key)}
            >
              {option.label}
            </button>
          ))}
        </div>
        <Finder label="Search messages" placeholder="Method, id, text" value={search} onValue={setSearch} />
      </div>
      {shown.length === 0 ? (
        <div className="low-none">
          <p className="t2">{messages.length === 0 ? 'No message yet.' : 'No message matches.'}</p>
        </div>
      ) : (
        <RawList
          messages={shown}
          chosenSeq={chosenRaw}
          onChoose={onRaw}
          foot={
            raw.loaded === 'all' ? undefined : (
              <Button size="sm" onClick={onLoadRaw}>
                Load more messages
              </Button>
            )
          }
        />
      )}
    </>
  );
}

const none: readonly RawMessage[] = [];

function newestFirst(messages: readonly RawMessage[], side: RawSide, search: string): readonly RawMessage[] {
  const wanted = search.trim().toLowerCase();
  return messages
    .filter((message) => side === 'all' || message.side === side)
    .filter((message) => wanted === '' || textOf(message).includes(wanted))
    .reverse();
}

function textOf(message: RawMessage): string {
  const words = rawWords(message);
  return `${words.what} ${words.id ?? ''} ${words.way} ${message.stream} ${JSON.stringify(message.message)}`.toLowerCase();
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
