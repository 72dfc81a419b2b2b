'use client';

import { type ReactNode, useMemo, useState } from 'react';
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
import type { EventRow } from '@/lib/domain/timeline/row';
import { EventList } from './EventList';
import { type EventFilter, filteredRows, groupNames, noEventFilter } from './event-filter';
import { Finder } from './Finder';
import { RawList } from './RawList';
import { rawWords } from './raw-words';
import { Tabs } from './Tabs';

/** The raw view as far as it is loaded. */
export type RawPage =
  | { readonly is: 'closed' }
  | { readonly is: 'loading' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'ready'; readonly messages: readonly RawMessage[]; readonly loaded: 'all' | 'part' };

export type LowTab = 'events' | 'raw';
export type RawSide = 'all' | RawMessage['side'];

export interface LowPaneProps {
  readonly timeline: Timeline;
  /** How many events the session has; more than are loaded while they come in. */
  readonly seq: number;
  readonly raw: RawPage;
  readonly tab: LowTab;
  readonly filter: EventFilter;
  readonly chosenSeq: number | null;
  readonly chosenRaw: number | null;
  readonly onTab: (tab: LowTab) => void;
  readonly onFilter: (filter: EventFilter) => void;
  readonly onEvent: (row: EventRow) => void;
  readonly onRaw: (message: RawMessage) => void;
  readonly onLoadRaw: () => void;
}

export function LowPane(props: LowPaneProps): ReactNode {
  const { timeline, raw, tab, onTab } = props;
  const rawCount = raw.is === 'ready' ? raw.messages.length : 0;
  return (
    <div className="s-events">
      <div className="bar low-bar">
        <Tabs
          label="What happened"
          tabs={[
            { key: 'events', label: 'Events', icon: List, count: timeline.rows.length },
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

function Events({ timeline, seq, filter, chosenSeq, onFilter, onEvent }: LowPaneProps): ReactNode {
  const rows = useMemo(() => filteredRows(timeline, filter), [timeline, filter]);
  const missing = seq - timeline.seq;
  return (
    <>
      <EventTools timeline={timeline} filter={filter} onFilter={onFilter} />
      {rows.length === 0 && timeline.rows.length > 0 ? (
        <div className="low-none">
          <p className="t2">None of {timeline.rows.length.toLocaleString('en-US')} events matches.</p>
          <Button size="sm" onClick={() => onFilter(noEventFilter)}>
            Clear filters
          </Button>
        </div>
      ) : (
        <EventList
          rows={rows}
          chosenSeq={chosenSeq}
          onChoose={onEvent}
          foot={missing > 0 ? `${missing.toLocaleString('en-US')} more events are being loaded` : undefined}
        />
      )}
    </>
  );
}

type EventToolsProps = Pick<LowPaneProps, 'timeline' | 'filter' | 'onFilter'>;

const groups = ['all', 'calls', 'people', 'progress', 'logs', 'connections', 'session'] as const;

function EventTools({ timeline, filter, onFilter }: EventToolsProps): ReactNode {
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
