import { memo, type ReactNode, type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import Bot from 'lucide-react/icons/bot';
import { Timeline as TimelineDrawing, type Focus } from '@/components/timeline/Timeline';
import type { Chosen } from '@/components/timeline/Rows';
import { EmptyState } from '@/components/ui/EmptyState';
import { useKeys } from '@/components/ui/use-keys';
import { useLatest } from '@/components/ui/use-latest';
import type { SessionId } from '@/lib/domain/ids';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionSummary } from '@/lib/domain/summary';
import type { LaneId, Timeline } from '@/lib/domain/timeline';
import { endOfTime } from '@/lib/domain/timeline/clocks';
import { type EventRow, rowOf } from '@/lib/domain/timeline/row';
import { CallList } from './CallList';
import { laneOfEvent } from './event-filter';
import { type Inspected, Inspector } from './Inspector';
import { LowPane, type LowTab } from './LowPane';
import { besideOf } from './raw/beside';
import type { RawPage } from './raw/RawPane';
import { relatedTo } from './related';
import { SessionHead } from './SessionHead';
import type { SessionScreenProps } from './SessionScreen';
import { Tabs } from './Tabs';
import { useCalm } from './use-calm';
import { useFound } from './use-found';
import { type Place, usePlace } from './use-place';
import { sessionKeys } from './session-keys';

type OfScreen = 'onShow' | 'onFind' | 'onLoadRaw' | 'callActions' | 'callBodies';

export interface SessionReadyProps extends Pick<SessionScreenProps, OfScreen> {
  readonly sessionId: SessionId;
  readonly summary: SessionSummary;
  readonly timeline: Timeline;
  readonly missing: number;
  readonly now: number;
  readonly raw: RawPage;
}

/** A session as far as it is read: the verdict, the drawing, the events and one of them in full. */
export function SessionReady(props: SessionReadyProps): ReactNode {
  const { summary, timeline, missing, now, raw, onLoadRaw } = props;
  const [lowTab, setLowTab] = useState<LowTab>('events');
  const { chosenRaw, setChosenRaw, toggleRaw } = useChosenRaw();
  const { filter, setFilter, chosenSeq, choose, jump, focus } = usePlace(props.onShow);
  const found = useFound(filter, missing, props.onFind);
  const jumpField = useJumpKey(props.sessionId);
  const onLane = useLaneFilter(setFilter);
  const onEvent = useCallback((seq: number) => choose((old) => (old === seq ? null : seq)), [choose]);
  const openLow = (tab: LowTab): void => {
    setLowTab(tab);
    if (tab === 'raw' && raw.is === 'closed') onLoadRaw();
  };
  const { row, event } = useChosen(timeline, chosenSeq);
  const shown = inspected(lowTab, row, chosenRaw);
  const lane = filter.laneId === null ? undefined : timeline.lanes.get(filter.laneId);
  return (
    <div className="s-ready">
      <SessionHead summary={summary} timeline={timeline} now={now} />
      <Upper
        summary={summary}
        timeline={timeline}
        now={now}
        laneId={filter.laneId}
        event={event}
        focus={focus}
        onLane={onLane}
        onEvent={(seq) => choose(() => seq)}
      />
      {lane === undefined ? null : props.callActions(lane)}
      <section className={`s-low ${shown === null ? 'alone' : ''}`} aria-label="Events and messages">
        <LowPane
          timeline={timeline}
          total={Math.max(summary.seq, timeline.seq)}
          missing={missing}
          found={found}
          extent={{ from: summary.session.startedAt, to: endOfTime(timeline, now) }}
          jump={jumpField}
          onJump={jump}
          raw={raw}
          tab={lowTab}
          filter={filter}
          chosenSeq={chosenSeq}
          chosenRaw={chosenRaw?.seq ?? null}
          onTab={openLow}
          onFilter={(next) => setFilter(() => next)}
          onEvent={onEvent}
          onRaw={toggleRaw}
          onLoadRaw={onLoadRaw}
        />
        <Details
          {...{ shown, timeline, raw, callBodies: props.callBodies }}
          onMessage={(message) => [openLow('raw'), setChosenRaw(message)]}
          onEvent={(seq) => [setLowTab('events'), choose(() => seq)]}
          onClose={() => (lowTab === 'events' ? choose(() => null) : setChosenRaw(null))}
        />
      </section>
    </div>
  );
}

interface DetailsProps {
  readonly shown: Inspected | null;
  readonly timeline: Timeline;
  readonly raw: RawPage;
  readonly callBodies: SessionScreenProps['callBodies'];
  readonly onMessage: (message: RawMessage) => unknown;
  readonly onEvent: (seq: number) => unknown;
  readonly onClose: () => void;
}

/** What is chosen, in full. While events come in, what is beside it is looked for as often as it can be read. */
function Details(props: DetailsProps): ReactNode {
  const { shown, timeline, raw } = props;
  const latest = useLatest(props);
  useCloseKey(shown, props.onClose);
  const around = useMemo(() => ({ timeline, raw }), [timeline, raw]);
  const calm = useCalm(around, `${keyOf(shown)} ${raw.is}`);
  return shown === null ? null : <InFull {...{ shown, latest }} around={calm} callBodies={props.callBodies} />;
}

interface InFullProps {
  readonly shown: Inspected;
  readonly around: Pick<DetailsProps, 'timeline' | 'raw'>;
  readonly callBodies: DetailsProps['callBodies'];
  readonly latest: RefObject<DetailsProps | null>;
}

const InFull = memo(function InFull({ shown, around, callBodies, latest }: InFullProps): ReactNode {
  const { timeline } = around;
  const related = shown.is === 'event' ? relatedTo(timeline, shown.row.event) : [];
  const onEvent = (seq: number): unknown => latest.current?.onEvent(seq);
  const onMessage = (message: RawMessage): unknown => latest.current?.onMessage(message);
  const beside = besideOf({ shown, ...around, callBodies }, { onMessage, onEvent });
  return <Inspector what={shown} {...{ related, beside, onEvent }} onClose={() => latest.current?.onClose()} />;
}, isSameInFull);

/** What is said of one thing changes only with what is around it. */
function isSameInFull(a: InFullProps, b: InFullProps): boolean {
  return a.around === b.around && a.latest === b.latest && keyOf(a.shown) === keyOf(b.shown);
}

function keyOf(shown: Inspected | null): string {
  if (shown === null) return '';
  return shown.is === 'event' ? `event ${shown.row.seq}` : `message ${shown.raw.seq}`;
}

/** What is chosen is let go by `Escape`. */
function useCloseKey(shown: Inspected | null, onClose: () => void): void {
  const close = { ...sessionKeys.close, guard: 'free', run: onClose } as const;
  useKeys(shown === null ? [] : [close], 'details');
}

/** The time field, which `t` goes to. */
function useJumpKey(sessionId: SessionId): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  const run = (): void => field.current?.focus();
  useKeys([{ ...sessionKeys.time, guard: 'free', run }], `session ${sessionId}`);
  return field;
}

/** A lane is chosen, or no longer. */
function useLaneFilter(setFilter: Place['setFilter']): (id: LaneId) => void {
  return useCallback(
    (laneId) => setFilter((old) => ({ ...old, laneId: old.laneId === laneId ? null : laneId })),
    [setFilter],
  );
}

function useChosenRaw(): {
  readonly chosenRaw: RawMessage | null;
  readonly setChosenRaw: (message: RawMessage | null) => void;
  readonly toggleRaw: (message: RawMessage) => void;
} {
  const [chosenRaw, setChosenRaw] = useState<RawMessage | null>(null);
  const toggleRaw = (message: RawMessage): void => setChosenRaw((old) => (old?.seq === message.seq ? null : message));
  return { chosenRaw, setChosenRaw, toggleRaw };
}

interface ChosenEvent {
  readonly row: EventRow | null;
  readonly event: Chosen['event'];
}

/** The chosen event, once it is known. */
function useChosen(timeline: Timeline, seq: number | null): ChosenEvent {
  const chosen = seq === null ? undefined : timeline.events.find(seq);
  const laneId = chosen === undefined ? null : laneOfEvent(timeline, chosen);
  const event = useMemo(
    () => (chosen === undefined ? null : { seq: chosen.seq, at: chosen.at, laneId }),
    [chosen, laneId],
  );
  return { row: chosen === undefined ? null : rowOf(timeline, chosen), event };
}

function inspected(tab: LowTab, row: EventRow | null, raw: RawMessage | null): Inspected | null {
  if (tab === 'events') return row === null ? null : { is: 'event', row };
  return raw === null ? null : { is: 'message', raw };
}

type TopTab = 'timeline' | 'calls';

interface UpperProps {
  readonly summary: SessionSummary;
  readonly timeline: Timeline;
  readonly now: number;
  readonly laneId: LaneId | null;
  readonly event: Chosen['event'];
  readonly focus: Focus | null;
  readonly onLane: (id: LaneId) => void;
  readonly onEvent: (seq: number) => void;
}

function Upper({ summary, timeline, now, laneId, event, focus, onLane, onEvent }: UpperProps): ReactNode {
  const [tab, setTab] = useState<TopTab>('timeline');
  const chosen = useMemo(() => ({ laneId, event }), [laneId, event]);
  const calls = Math.max(summary.totalCalls, timeline.lanes.size);
  const tabs = (
    <Tabs
      label="Views"
      tabs={[
        { key: 'timeline', label: 'Timeline' },
        { key: 'calls', label: 'Calls', count: calls },
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
          {summary.session.agent.name} is connected and has called no tool. Its first call draws the timeline.
        </EmptyState>
      </section>
    );
  }
  if (tab === 'timeline')
    return (
      <TimelineDrawing
        timeline={timeline}
        startedAt={summary.session.startedAt}
        now={now}
        chosen={chosen}
        focus={focus}
        onLane={onLane}
        onEvent={onEvent}
        lead={tabs}
      />
    );
  return (
    <section className="tl-wrap" aria-label="Calls">
      <div className="tl-tools">{tabs}</div>
      <CallList timeline={timeline} now={now} chosen={laneId} onChoose={onLane} />
    </section>
  );
}
