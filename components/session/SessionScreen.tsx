'use client';

import Link from 'next/link';
import { type ReactNode, useCallback, useState } from 'react';
import Bot from 'lucide-react/icons/bot';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import WifiOff from 'lucide-react/icons/wifi-off';
import { Timeline as TimelineDrawing } from '@/components/timeline/Timeline';
import { Banner } from '@/components/ui/Banner';
import { EmptyState } from '@/components/ui/EmptyState';
import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionSummary } from '@/lib/domain/summary';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import type { EventRow } from '@/lib/domain/timeline/row';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { CallList } from './CallList';
import { laneOfRow, noEventFilter } from './event-filter';
import { type Inspected, Inspector } from './Inspector';
import { LowPane, type LowTab, type RawPage } from './LowPane';
import { type EndChoice, SessionBar } from './SessionBar';
import { SessionHead } from './SessionHead';
import { SessionSkeleton } from './SessionSkeleton';
import { Tabs } from './Tabs';

export type SessionPage =
  | { readonly is: 'loading' }
  | { readonly is: 'not_found' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'ready'; readonly summary: SessionSummary; readonly timeline: Timeline };

/** The line to the server; `shownAt` is the instant the page shows. */
export type Line = { readonly is: 'online' } | { readonly is: 'offline'; readonly sinceAt: number };

export interface SessionScreenProps {
  readonly sessionId: SessionId;
  readonly page: SessionPage;
  /** The server's clock, to the second. */
  readonly now: number;
  readonly line: Line;
  /** Why this person may not end sessions, in the server's words; null when they may. */
  readonly endRefusal: string | null;
  readonly raw: RawPage;
  /** The raw tab was opened, or more of it is wanted. */
  readonly onLoadRaw: () => void;
  readonly onEnd: () => void;
  readonly onRetry: () => void;
}

export function SessionScreen(props: SessionScreenProps): ReactNode {
  const { sessionId, page, now, line } = props;
  return (
    <div className="main s-page">
      <SessionBar sessionId={sessionId} end={endChoice(props)} onEnd={props.onEnd} />
      {line.is === 'offline' ? (
        <Banner icon={WifiOff} tone="person">
          <b className="medium">Offline for {spanWords(now - line.sinceAt)}.</b> Showing {clockTime(line.sinceAt)}. It
          catches up by itself.
        </Banner>
      ) : null}
      <Page {...props} page={page} />
    </div>
  );
}

function endChoice({ page, line, endRefusal }: SessionScreenProps): EndChoice {
  if (page.is !== 'ready' || page.summary.session.state === 'ended') return { is: 'over' };
  if (endRefusal !== null) return { is: 'blocked', why: endRefusal };
  if (line.is === 'offline') return { is: 'blocked', why: 'You are offline.' };
  return { is: 'possible' };
}

function Page(props: SessionScreenProps): ReactNode {
  const { page, onRetry } = props;
  switch (page.is) {
    case 'loading':
      return <SessionSkeleton />;
    case 'not_found':
      return (
        <EmptyState
          icon={Lock}
          title="This session is not here"
          actions={
            <Link className="btn" href="/sessions">
              Back to the sessions
            </Link>
          }
        >
          It may have been purged after its retention, or it is not yours to see.
        </EmptyState>
      );
    case 'failed':
      return (
        <EmptyState
          icon={TriangleAlert}
          title="The session could not be loaded"
          actions={
            <button type="button" className="btn" onClick={onRetry}>
              Try again
            </button>
          }
        >
          {page.message}
        </EmptyState>
      );
    case 'ready':
      return <Ready {...props} summary={page.summary} timeline={page.timeline} />;
  }
}

type TopTab = 'timeline' | 'calls';

interface ReadyProps extends SessionScreenProps {
  readonly summary: SessionSummary;
  readonly timeline: Timeline;
}

function Ready({ summary, timeline, now: ticking, line, raw, onLoadRaw }: ReadyProps): ReactNode {
  const now = line.is === 'offline' ? line.sinceAt : ticking;
  const [lowTab, setLowTab] = useState<LowTab>('events');
  const [filter, setFilter] = useState(noEventFilter);
  const [chosenEvent, setChosenEvent] = useState<EventRow | null>(null);
  const [chosenRaw, setChosenRaw] = useState<RawMessage | null>(null);
  const onLane = useCallback(
    (id: LaneId) => setFilter((old) => ({ ...old, laneId: old.laneId === id ? null : id })),
    [],
  );
  const onEvent = useCallback((row: EventRow) => setChosenEvent((old) => (old?.seq === row.seq ? null : row)), []);
  const openLow = (tab: LowTab): void => {
    setLowTab(tab);
    if (tab === 'raw' && raw.is === 'closed') onLoadRaw();
  };
  const event =
    chosenEvent === null
      ? null
      : { seq: chosenEvent.seq, at: chosenEvent.at, laneId: laneOfRow(timeline, chosenEvent) };
  const shown = inspected(lowTab, chosenEvent, chosenRaw);
  return (
    <div className="s-ready">
      <SessionHead summary={summary} timeline={timeline} now={now} />
      <Upper timeline={timeline} now={now} laneId={filter.laneId} event={event} onLane={onLane} />
      <section className={`s-low ${shown === null ? 'alone' : ''}`} aria-label="Events and messages">
        <LowPane
          timeline={timeline}
          seq={summary.seq}
          raw={raw}
          tab={lowTab}
          filter={filter}
          chosenSeq={chosenEvent?.seq ?? null}
          chosenRaw={chosenRaw?.seq ?? null}
          onTab={openLow}
          onFilter={setFilter}
          onEvent={onEvent}
          onRaw={(message) => setChosenRaw((old) => (old?.seq === message.seq ? null : message))}
          onLoadRaw={onLoadRaw}
        />
        {shown === null ? null : (
          <Inspector what={shown} onClose={() => (lowTab === 'events' ? setChosenEvent(null) : setChosenRaw(null))} />
        )}
      </section>
    </div>
  );
}

function inspected(tab: LowTab, event: EventRow | null, raw: RawMessage | null): Inspected | null {
  if (tab === 'events') return event === null ? null : { is: 'event', row: event };
  return raw === null ? null : { is: 'message', raw };
}

interface UpperProps {
  readonly timeline: Timeline;
  readonly now: number;
  readonly laneId: LaneId | null;
  readonly event: { readonly seq: number; readonly at: number; readonly laneId: LaneId | null } | null;
  readonly onLane: (id: LaneId) => void;
}

function Upper({ timeline, now, laneId, event, onLane }: UpperProps): ReactNode {
  const [tab, setTab] = useState<TopTab>('timeline');
  const tabs = (
    <Tabs
      label="Views"
      tabs={[
        { key: 'timeline', label: 'Timeline' },
        { key: 'calls', label: 'Calls', count: timeline.lanes.size },
      ]}
      open={tab}
      onOpen={setTab}
    />
  );
  if (timeline.lanes.size === 0) {
    return (
      <section className="tl-wrap">
        <div className="tl-tools">{tabs}</div>
        <EmptyState icon={Bot} title="No call yet">
          {timeline.life?.agent.name ?? 'The agent'} is connected and has called no tool. Its first call draws the
          timeline.
        </EmptyState>
      </section>
    );
  }
  if (tab === 'timeline')
    return <TimelineDrawing timeline={timeline} now={now} chosen={{ laneId, event }} onLane={onLane} lead={tabs} />;
  return (
    <section className="tl-wrap" aria-label="Calls">
      <div className="tl-tools">{tabs}</div>
      <CallList timeline={timeline} now={now} chosen={laneId} onChoose={onLane} />
    </section>
  );
}
