'use client';

import { type ReactNode, type RefObject, useDeferredValue, useMemo, useRef } from 'react';
import Braces from 'lucide-react/icons/braces';
import List from 'lucide-react/icons/list';
import ListFilter from 'lucide-react/icons/list-filter';
import X from 'lucide-react/icons/x';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import type { RawMessage } from '@/lib/domain/raw';
import type { Timeline } from '@/lib/domain/timeline';
import { rowGroups } from '@/lib/domain/timeline/find';
import { EventList } from './EventList';
import { type EventFilter, filteredEvents, groupNames, noEventFilter } from './event-filter';
import { Finder } from './Finder';
import { JumpField } from './JumpField';
import { type RawPage, RawPane } from './raw/RawPane';
import { Tabs } from './Tabs';
import { useCalm } from './use-calm';
import { useStepKeys } from './use-step-keys';

/** What the server found among events that are not loaded yet. */
export type Found =
  | { readonly is: 'idle' }
  | { readonly is: 'searching' }
  | { readonly is: 'failed' }
  | { readonly is: 'found'; readonly total: number };

export type LowTab = 'events' | 'raw';

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
      {tab === 'events' ? (
        <Events {...props} />
      ) : (
        <RawPane raw={raw} chosenSeq={props.chosenRaw} onChoose={props.onRaw} onLoad={props.onLoadRaw} />
      )}
    </div>
  );
}

function Events(props: LowPaneProps): ReactNode {
  const { missing, filter, found, chosenSeq, onFilter, onEvent } = props;
  // While it is being read, each page is there at once.
  const timeline = useCalm(props.timeline, missing);
  // While a text is typed the keys come first.
  const wanted = useDeferredValue(filter);
  const events = useMemo(() => filteredEvents(timeline, wanted), [timeline, wanted]);
  const search = useRef<HTMLInputElement>(null);
  const chosenAt = chosenSeq === null ? -1 : events.placeOf(chosenSeq);
  useStepKeys({ items: events, chosenAt, onChoose: ({ seq }) => onEvent(seq), search, noun: 'event' });
  return (
    <>
      <EventTools {...props} search={search} />
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

interface EventToolsProps
  extends Pick<LowPaneProps, 'timeline' | 'filter' | 'onFilter' | 'extent' | 'jump' | 'onJump'> {
  readonly search: RefObject<HTMLInputElement | null>;
}

const groups = ['all', ...rowGroups] as const;

function EventTools({ timeline, filter, onFilter, extent, jump, onJump, search }: EventToolsProps): ReactNode {
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
        placeholder="Search"
        value={filter.search}
        onValue={(text) => onFilter({ ...filter, search: text })}
        field={search}
      />
    </div>
  );
}
