'use client';

import { type ReactNode, useMemo, useRef } from 'react';
import ArrowUp from 'lucide-react/icons/chevron-up';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import type { LucideIcon } from 'lucide-react';
import Pause from 'lucide-react/icons/pause';
import Zap from 'lucide-react/icons/zap';
import { othersAt } from '@/components/request/presence-words';
import type { PresentPerson } from '@/components/request/request-props';
import { Icon } from '@/components/ui/Icon';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { useNow } from '@/components/ui/use-now';
import { type PersonId, readId, type RequestId } from '@/lib/domain/ids';
import {
  type Arrangement,
  arrange,
  countViews,
  groupNames,
  idsOf,
  inView,
  isFiltering,
  lastAnswerOf,
  overAt,
  type PendingChange,
  passes,
  type QueueFilter,
  type QueueGroupKey,
  type QueueLook,
  type QueueView,
  stepFrom,
} from '@/lib/domain/queue';
import { claimAt } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import { LastAnswer } from './LastAnswer';
import { QueueBar } from './QueueBar';
import { EmptyView, FilteredOut, QueueFailed, QueueForbidden, QueueLoading, QueueUnreached } from './QueueEmpty';
import { QueueRow } from './QueueRow';
import { requestHref } from './queue-href';
import { useListHands } from './use-list-hands';
import { useStableRows } from './use-stable-rows';

export type QueueContent =
  | { readonly state: 'loading' }
  | { readonly state: 'unreached' }
  | { readonly state: 'failed'; readonly words: string }
  | { readonly state: 'forbidden'; readonly words: string }
  /** Everything open, and the latest of what is over. */
  | { readonly state: 'ready'; readonly items: readonly QueueItem[] };

export interface QueueScreenProps {
  readonly content: QueueContent;
  readonly view: QueueView;
  readonly me: { readonly id: PersonId; readonly name: string };
  readonly clockOffsetMs: number;
  readonly selected: RequestId | null;
  /** Requests this person has looked at. */
  readonly seen: ReadonlySet<string>;
  /** Requests that hold their unsent text. */
  readonly drafted: ReadonlySet<string>;
  readonly presence: ReadonlyMap<string, readonly PresentPerson[]>;
  readonly filter: QueueFilter;
  readonly onFilter: (filter: QueueFilter) => void;
  readonly onRetry: () => void;
  /** The right pane: a request, or a word about why there is none. */
  readonly detail: ReactNode;
}

/** The list left, one request right; on a phone one of the two. */
export function QueueScreen(props: QueueScreenProps): ReactNode {
  return (
    <div className="q" data-open={props.selected === null ? 'list' : 'request'}>
      <QueueList {...props} />
      <section className="q-detail" aria-label="Request">
        {props.detail}
      </section>
    </div>
  );
}

const noItems: readonly QueueItem[] = [];

function QueueList(props: QueueScreenProps): ReactNode {
  const { content, view, me, clockOffsetMs, drafted, filter, onFilter } = props;
  const now = useNow(clockOffsetMs);
  const items = content.state === 'ready' ? content.items : noItems;
  const look: QueueLook = useMemo(() => ({ me: me.id, now, drafted }), [me.id, now, drafted]);
  const scroll = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const inThisView = useMemo(() => items.filter((item) => inView(item, view, look)), [items, view, look]);
  const matching = useMemo(() => inThisView.filter((item) => passes(item, filter)), [inThisView, filter]);
  const fresh = useMemo(() => arrange(matching, now), [matching, now]);
  const hands = useListHands(scroll);
  const rows = useStableRows(fresh, { list: `${view} ${JSON.stringify(filter)}`, hands });
  const last = useMemo(() => lastAnswerOf(items, me.id), [items, me.id]);
  useListKeys(idsOf(rows.shown), { view, search });
  const counts = countViews(items, look);
  return (
    <section className="q-list" aria-label="Requests">
      <QueueBar
        view={view}
        shown={content.state === 'ready' ? inThisView.length : 0}
        counts={counts}
        filter={filter}
        onFilter={onFilter}
        search={search}
      />
      <NewChip
        pending={rows.pending}
        onShow={() => {
          rows.merge();
          scroll.current?.scrollTo({ top: 0 });
        }}
      />
      <div className="scroll q-scroll" ref={scroll}>
        <Rows {...props} rows={rows.shown} now={now} />
        {content.state === 'ready' && rows.shown.length === 0 ? (
          <NoRows {...props} hidden={inThisView.length} open={counts.open} last={last} now={now} />
        ) : null}
        <NotReady {...props} />
      </div>
      {last === null ? null : <LastAnswer item={last} href={requestHref(last.request.requestId, view)} />}
    </section>
  );
}

interface RowsProps extends QueueScreenProps {
  readonly rows: Arrangement;
  readonly now: number;
}

function Rows(props: RowsProps): ReactNode {
  const { content, rows } = props;
  const items = content.state === 'ready' ? content.items : noItems;
  const byId = useMemo(() => new Map(items.map((item) => [item.request.requestId, item])), [items]);
  return rows.map(({ group, ids }) => (
    <Group key={group} group={group}>
      {ids.map((id) => {
        const item = byId.get(id);
        return item === undefined ? null : <OneRow key={id} {...props} item={item} />;
      })}
    </Group>
  ));
}

interface NoRowsProps extends QueueScreenProps {
  /** How many the filter hides. */
  readonly hidden: number;
  readonly open: number;
  readonly last: QueueItem | null;
  readonly now: number;
}

function NoRows({ filter, onFilter, view, hidden, open, last, now }: NoRowsProps): ReactNode {
  if (isFiltering(filter) && hidden > 0) return <FilteredOut filter={filter} hidden={hidden} onFilter={onFilter} />;
  const lastAnswerAt = last === null ? null : overAt(last.request);
  return <EmptyView view={view} open={open} lastAnswerAt={lastAnswerAt} now={now} />;
}

function NotReady({ content, onRetry }: QueueScreenProps): ReactNode {
  switch (content.state) {
    case 'ready':
      return null;
    case 'loading':
      return <QueueLoading />;
    case 'unreached':
      return <QueueUnreached />;
    case 'failed':
      return <QueueFailed words={content.words} onRetry={onRetry} />;
    case 'forbidden':
      return <QueueForbidden words={content.words} />;
  }
}

const noPeople: readonly PresentPerson[] = [];

function OneRow({
  item,
  now,
  view,
  me,
  selected,
  seen,
  presence,
  clockOffsetMs,
}: QueueScreenProps & { readonly item: QueueItem; readonly now: number }): ReactNode {
  const { requestId } = item.request;
  const others = othersAt(presence.get(requestId) ?? noPeople, claimAt(item.request, now), me.id);
  return (
    <QueueRow
      item={item}
      href={requestHref(requestId, view)}
      look={seen.has(requestId) || requestId === selected ? 'seen' : 'unread'}
      place={requestId === selected ? 'open' : 'closed'}
      people={others.length === 0 ? noPeople : others}
      clockOffsetMs={clockOffsetMs}
    />
  );
}

const groupIcons: { readonly [G in QueueGroupKey]: LucideIcon } = {
  ending: Zap,
  live: Clock,
  parked: Pause,
  over: Check,
};

function Group({
  group,
  children,
}: {
  readonly group: QueueGroupKey;
  readonly children: readonly ReactNode[];
}): ReactNode {
  return (
    <section aria-label={groupNames[group]}>
      {group === 'over' ? null : (
        <h2 className="q-group">
          <Icon of={groupIcons[group]} size="xs" />
          {groupNames[group]} <span className="count">{children.length}</span>
        </h2>
      )}
      {children}
    </section>
  );
}

function NewChip({ pending, onShow }: { readonly pending: PendingChange; readonly onShow: () => void }): ReactNode {
  const added = pending.added.length;
  const words =
    added > 0 ? `${added} new` : pending.hurried.length > 0 ? `${pending.hurried.length} ending soon` : null;
  return (
    <div className="q-chip" role="status">
      {words === null ? null : (
        <button type="button" className="newchip" onClick={onShow}>
          <Icon of={ArrowUp} size="xs" />
          {words}
        </button>
      )}
    </div>
  );
}

interface ListKeys {
  readonly view: QueueView;
  readonly search: { readonly current: HTMLInputElement | null };
}

/** `j` and `k` open the neighbour, `Enter` takes the focus into the open request, `/` searches. */
function useListKeys(ids: readonly RequestId[], { view, search }: ListKeys): void {
  const go = (step: 1 | -1): void => {
    // The address is ahead of the page while that is being drawn: a quick second press counts from there.
    const from = requestInAddress();
    const next = stepFrom(ids, from, step);
    if (next === null || next === from) return;
    const href = requestHref(next, view);
    // The router follows the history by itself; asking it to go would fetch a page for every key.
    if (from === null) window.history.pushState(null, '', href);
    else window.history.replaceState(null, '', href);
    document.querySelector(`[data-request="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const bindings: readonly KeyBinding[] = [
    { keys: 'j', words: 'Next request', guard: 'free', run: () => go(1) },
    { keys: 'k', words: 'Previous request', guard: 'free', run: () => go(-1) },
    { keys: 'Enter', words: 'Into the open request', guard: 'free', run: enterRequest },
    { keys: '/', words: 'Search', guard: 'free', run: () => search.current?.focus() },
  ];
  useKeys(bindings, view);
}

function requestInAddress(): RequestId | null {
  return readId('request', window.location.pathname.split('/')[2]);
}

/** The first field that can be filled, else the title. */
function enterRequest(): void {
  const field = document.querySelector<HTMLElement>('.rq :is(input, textarea):enabled');
  const target = field ?? document.querySelector<HTMLElement>('.rq .r-title');
  target?.focus();
}
