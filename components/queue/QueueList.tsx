'use client';

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import ArrowUp from 'lucide-react/icons/chevron-up';
import { othersAt } from '@/components/request/presence-words';
import type { PresentPerson } from '@/components/request/request-props';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Kbd } from '@/components/ui/Kbd';
import { useNow } from '@/components/ui/use-now';
import { lazily } from '@/components/ui/lazily';
import type { RequestId } from '@/lib/domain/ids';
import {
  type Arrangement,
  arrange,
  endingCount,
  idsOf,
  isNarrowed,
  overAt,
  type PendingChange,
  type QueueRow as Row,
  widened,
} from '@/lib/domain/queue';
import { standstillOf } from '@/lib/domain/away';
import { claimAt } from '@/lib/domain/claim';
import { QueueBar, type QueueBarProps } from './QueueBar';
import { QueueLoading, QueueUnreached } from './QueueWaiting';
import { requestHref } from './queue-href';
import type { QueueScreenProps, ReadyContent } from './queue-props';
import { QueueRow, type QueueRowProps, standstillMark } from './QueueRow';
import { QueueRows } from './QueueRows';
import { ownVoteWords } from './row-words';
import { useListHands } from './use-list-hands';
import { useListKeys } from './use-list-keys';
import { useNear } from './use-near';
import { usePicking } from './use-picking';
import { useStableRows } from './use-stable-rows';

// Not needed to show the list: loaded when first wanted.
const Selecting = lazily(() => import('./Selecting').then((file) => file.Selecting));
const LastAnswer = lazily(() => import('./LastAnswer').then((file) => file.LastAnswer));
const EmptyView = lazily(() => import('./QueueEmpty').then((file) => file.EmptyView));
const FilteredOut = lazily(() => import('./QueueEmpty').then((file) => file.FilteredOut));
const QueueFailed = lazily(() => import('./QueueEmpty').then((file) => file.QueueFailed));
const QueueForbidden = lazily(() => import('./QueueEmpty').then((file) => file.QueueForbidden));

const noRows: readonly Row[] = [];
const nothing: ReadyContent = {
  state: 'ready',
  rows: noRows,
  itemOf: () => undefined,
  floor: null,
  phase: 'part',
  page: 'idle',
};

export function QueueList(props: QueueScreenProps): ReactNode {
  const { content, look, picked, last, onSaveView } = props;
  const ready = content.state === 'ready' ? content : nothing;
  const scroller = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const reveal = useRef<((id: RequestId) => void) | null>(null);
  const fresh = useFresh(props, ready);
  const hands = useListHands(scroller);
  const { rows, floor, phase } = ready;
  const list = useStableRows(fresh, { look, rows, floor, phase, hands });
  const ids = useMemo(() => idsOf(list.shown), [list.shown]);
  const picking = usePicking(ids, props);
  const [tap, setTap] = useState<'opens' | 'picks'>('opens');
  const stops = { ids, isStop: useStop(props, ready) };
  useNear(stops, props);
  const onSelecting = useCallback(() => setTap('picks'), []);
  const onSelected = useCallback(() => setTap('opens'), []);
  const toTop = useCallback(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, []);
  // Another list begins at its top.
  useEffect(toTop, [toTop, look]);
  const onNew =
    newWords(list.pending) === null
      ? null
      : () => {
          list.merge();
          toTop();
        };
  const { toggle: onPick, alike: onPickAlike, none: onUnpick } = picking;
  useListKeys(stops, { look, search, reveal, picked, onPick, onPickAlike, onUnpick, onNew, onSaveView });
  return (
    <section
      className="q-list"
      aria-label="Requests"
      data-picking={picked.size === 0 && tap === 'opens' ? 'no' : 'yes'}
    >
      <Bar {...props} {...{ ready, search, onSelecting }} />
      <div className="q-under">
        <NewChip words={newWords(list.pending)} onShow={onNew} />
        <div className="scroll q-scroll" ref={scroller} aria-busy={phase === 'part'}>
          <QueueRows
            shown={list.shown}
            gone={list.pending.gone}
            {...{ scroller, reveal }}
            extent={floor === null ? 'whole' : 'part'}
            onMore={props.onMore}
            draw={useDraw(props, ready, { tap, onPick: picking.pick })}
          />
          {list.shown.length === 0 ? <NoRows {...props} /> : <Foot ready={ready} onMore={props.onMore} />}
        </div>
      </div>
      {props.aside}
      {props.bulk}
      {tap === 'picks' ? <Selecting picked={picked.size} onDone={onSelected} /> : null}
      {last === null || picked.size > 0 || tap === 'picks' ? null : (
        <LastAnswer item={last} href={requestHref(last.request.requestId, look)} />
      )}
    </section>
  );
}

const searched: { readonly [S in QueueScreenProps['content']['state']]?: QueueBarProps['searched'] } = {
  failed: 'failed',
  forbidden: 'failed',
  unreached: 'failed',
};

type BarProps = QueueScreenProps & Pick<QueueBarProps, 'search' | 'onSelecting'> & { readonly ready: ReadyContent };

/** Only what the bar shows, so that it is not drawn anew for what it does not. */
function Bar({ ready, ...props }: BarProps): ReactNode {
  return (
    <QueueBar
      look={props.look}
      search={props.search}
      counts={props.counts}
      typed={props.typed}
      teams={props.teams}
      searched={searched[props.content.state] ?? (ready.phase === 'part' ? 'asking' : 'done')}
      shown={ready.rows.length}
      extent={ready.floor === null ? 'whole' : 'part'}
      onType={props.onType}
      onLook={props.onLook}
      onTeams={props.onTeams}
      onSaveView={props.onSaveView}
      savedAs={props.savedAs}
      onSelecting={props.onSelecting}
    />
  );
}

/** The order the list would have now. The same object until a row comes, goes, moves or begins to hurry. */
function useFresh({ look, begun, clockOffsetMs }: QueueScreenProps, { rows, phase }: ReadyContent): Arrangement {
  const now = useNow(clockOffsetMs);
  const ending = look.view === 'answered' || look.order === 'opened' ? 0 : endingCount(rows, now);
  return useMemo(() => {
    const arranged = arrange(rows, look, ending);
    if (look.view !== 'mine' || begun.length === 0 || phase === 'part') return arranged;
    const known = new Set(idsOf(arranged));
    const ids = begun.map(({ request }) => request.requestId).filter((id) => !known.has(id));
    return ids.length === 0 ? arranged : [{ group: 'begun', ids }, ...arranged];
  }, [rows, look, ending, begun, phase]);
}

/** What was answered meanwhile keeps its row while someone is at the list: keys pass it by. */
function useStop({ look, begun }: QueueScreenProps, { itemOf }: ReadyContent): (id: RequestId) => boolean {
  return useCallback(
    (id: RequestId) => {
      const item = itemOf(id) ?? begun.find(({ request }) => request.requestId === id);
      return item !== undefined && (look.view === 'answered' || item.request.state === 'open');
    },
    [itemOf, begun, look.view],
  );
}

const noPeople: readonly PresentPerson[] = [];

function useDraw(
  props: QueueScreenProps,
  { itemOf }: ReadyContent,
  { tap, onPick }: Pick<QueueRowProps, 'tap' | 'onPick'>,
): (id: RequestId) => ReactNode {
  const { look, me, selected, seen, pauses, presence, picked, begun, kept, clockOffsetMs } = props;
  const now = useNow(clockOffsetMs);
  return useCallback(
    (id: RequestId) => {
      const item = itemOf(id) ?? begun.find(({ request }) => request.requestId === id);
      if (item === undefined) return null;
      const others = othersAt(presence.get(id) ?? noPeople, claimAt(item.request, now), me.id);
      return (
        <QueueRow
          item={item}
          href={requestHref(id, look)}
          look={seen.has(id) || id === selected ? 'seen' : 'unread'}
          place={id === selected ? 'open' : 'closed'}
          picked={picked.has(id) ? 'yes' : 'no'}
          tap={tap}
          people={others.length === 0 ? noPeople : others}
          standstill={standstillMark(standstillOf(item, pauses, now))}
          own={kept.get(id) ?? ownVoteWords(item.request, me.id)}
          clockOffsetMs={clockOffsetMs}
          onPick={onPick}
        />
      );
    },
    [itemOf, begun, kept, look, me.id, selected, seen, pauses, presence, picked, clockOffsetMs, now, tap, onPick],
  );
}

function NoRows(props: QueueScreenProps): ReactNode {
  const { content, look, counts, last, clockOffsetMs, onLook, onRetry } = props;
  const now = useNow(clockOffsetMs);
  switch (content.state) {
    case 'loading':
      return <QueueLoading />;
    case 'unreached':
      return <QueueUnreached />;
    case 'failed':
      return <QueueFailed words={content.words} isSearch={isNarrowed(look)} onRetry={onRetry} />;
    case 'forbidden':
      return <QueueForbidden words={content.words} />;
    case 'ready':
      if (content.phase === 'part') return <QueueLoading />;
      if (isNarrowed(look))
        return <FilteredOut look={look} teams={props.teams} onClear={() => onLook(widened(look))} />;
      return (
        <EmptyView
          view={look.view}
          open={counts.open}
          lastAnswerAt={last === null ? null : overAt(last.request)}
          now={now}
        />
      );
  }
}

function Foot({ ready, onMore }: { readonly ready: ReadyContent; readonly onMore: () => void }): ReactNode {
  if (ready.floor === null) return null;
  return (
    <div className="q-foot" role="status">
      {ready.page === 'failed' ? (
        <>
          More could not be read.{' '}
          <Button size="sm" onClick={onMore}>
            Try again
          </Button>
        </>
      ) : (
        'Loading more'
      )}
    </div>
  );
}

/** What waits to join the rows; null when nothing does. */
function newWords({ added, hurried }: PendingChange): string | null {
  if (added.length > 0) return `${added.length} new`;
  return hurried.length > 0 ? `${hurried.length} ending soon` : null;
}

interface NewChipProps {
  readonly words: string | null;
  readonly onShow: (() => void) | null;
}

function NewChip({ words, onShow }: NewChipProps): ReactNode {
  return (
    <div className="q-chip" role="status">
      {words === null || onShow === null ? null : (
        <button type="button" className="newchip" onClick={onShow}>
          <Icon of={ArrowUp} size="xs" />
          {words}
          <Kbd>.</Kbd>
        </button>
      )}
    </div>
  );
}
