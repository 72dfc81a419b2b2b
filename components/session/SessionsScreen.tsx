'use client';

import { type ReactNode, useMemo } from 'react';
import Bot from 'lucide-react/icons/bot';
import ListFilter from 'lucide-react/icons/list-filter';
import OctagonX from 'lucide-react/icons/octagon-x';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import WifiOff from 'lucide-react/icons/wifi-off';
import { Banner } from '@/components/ui/Banner';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionSummary } from '@/lib/domain/summary';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { moodOf, type SessionMood } from '@/lib/domain/timeline/verdict-words';
import { Finder } from './Finder';
import { moodLooks } from './moods';
import { SessionRow } from './SessionRow';
import { SessionsBulk } from './SessionsBulk';
import type { Line } from './SessionScreen';

export type SessionsShow = 'all' | 'live' | 'ended';
/** Moods a person can filter by. */
export type MoodFilter = Exclude<SessionMood, 'ending' | 'ended'> | 'all';

export interface SessionsFilter {
  readonly show: SessionsShow;
  readonly mood: MoodFilter;
  readonly search: string;
}

export type SessionsPage =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'ready'; readonly sessions: readonly SessionSummary[]; readonly more: 'all' | 'part' | 'loading' };

export interface SessionsScreenProps {
  /** The sessions that match `show` and `search`, newest first; the verdict is filtered here. */
  readonly page: SessionsPage;
  readonly filter: SessionsFilter;
  /** The server's clock, to the second. */
  readonly now: number;
  readonly line: Line;
  /** Null for who may not end sessions. */
  readonly picking: SessionPicking | null;
  readonly onFilter: (filter: SessionsFilter) => void;
  readonly onMore: () => void;
  readonly onRetry: () => void;
}

/** Sessions chosen to be ended together. */
export interface SessionPicking {
  readonly picked: ReadonlySet<SessionId>;
  readonly onPick: (ids: readonly SessionId[], to: 'picked' | 'left') => void;
  readonly onEnd: () => void;
  /** All that the filter finds, loaded or not. */
  readonly onEndFiltered: () => void;
}

const shows: readonly { readonly key: SessionsShow; readonly label: string }[] = [
  { key: 'all', label: 'All' },
  { key: 'live', label: 'Live' },
  { key: 'ended', label: 'Ended' },
];
const moods: readonly Exclude<MoodFilter, 'all'>[] = ['person', 'stalled', 'slow', 'busy', 'model', 'nobody'];

export function SessionsScreen(props: SessionsScreenProps): ReactNode {
  const { page, filter, now, line, picking, onFilter } = props;
  const sessions = page.is === 'ready' ? page.sessions : none;
  const live = sessions.filter((summary) => summary.session.state !== 'ended').length;
  return (
    <div className="main ss-page">
      <header className="bar">
        <h1 className="page-title">Sessions</h1>
        {live === 0 ? null : <span className="count">{live} live</span>}
        <span className="grow" />
        {picking === null || live === 0 ? null : (
          <Button size="sm" icon={OctagonX} onClick={picking.onEndFiltered}>
            End all found…
          </Button>
        )}
        <Finder
          label="Search sessions"
          placeholder="Agent, server or id"
          value={filter.search}
          onValue={(search) => onFilter({ ...filter, search })}
        />
      </header>
      {line.is === 'offline' ? (
        <Banner icon={WifiOff} tone="person">
          <b className="medium">Offline for {spanWords(now - line.sinceAt)}.</b> Showing {clockTime(line.sinceAt)}. It
          catches up by itself.
        </Banner>
      ) : null}
      <Filters sessions={sessions} filter={filter} now={now} onFilter={onFilter} />
      <Body {...props} />
      {picking === null || picking.picked.size === 0 ? null : (
        <SessionsBulk
          count={picking.picked.size}
          words={pickedWords(sessions, picking.picked, now)}
          onNone={() => picking.onPick([...picking.picked], 'left')}
          onEnd={picking.onEnd}
        />
      )}
    </div>
  );
}

/** "2 stalled, 1 slow" */
function pickedWords(sessions: readonly SessionSummary[], picked: ReadonlySet<SessionId>, now: number): string {
  const chosen = sessions.filter(({ session }) => picked.has(session.sessionId));
  return [...countMoods(chosen, now)]
    .map(([mood, count]) => `${count} ${moodLooks[mood].name.toLowerCase()}`)
    .join(', ');
}

const none: readonly SessionSummary[] = [];

interface FiltersProps {
  readonly sessions: readonly SessionSummary[];
  readonly filter: SessionsFilter;
  readonly now: number;
  readonly onFilter: (filter: SessionsFilter) => void;
}

function Filters({ sessions, filter, now, onFilter }: FiltersProps): ReactNode {
  const counts = useMemo(() => countMoods(sessions, now), [sessions, now]);
  return (
    <div className="ss-filter" role="group" aria-label="Filters">
      <div className="seg" role="group" aria-label="Show">
        {shows.map((show) => (
          <button
            key={show.key}
            type="button"
            aria-pressed={filter.show === show.key}
            onClick={() => onFilter({ ...filter, show: show.key, mood: 'all' })}
          >
            {show.label}
          </button>
        ))}
      </div>
      {filter.show === 'ended' ? null : (
        <div className="seg" role="group" aria-label="Waiting on">
          <button
            type="button"
            aria-pressed={filter.mood === 'all'}
            onClick={() => onFilter({ ...filter, mood: 'all' })}
          >
            Any
          </button>
          {moods.map((mood) => (
            <button
              key={mood}
              type="button"
              aria-pressed={filter.mood === mood}
              onClick={() => onFilter({ ...filter, mood })}
            >
              <span className={`st ${moodLooks[mood].tone}`}>
                <Icon of={moodLooks[mood].icon} size="sm" />
              </span>
              {moodLooks[mood].name}
              {(counts.get(mood) ?? 0) === 0 ? null : <span className="count">{counts.get(mood)}</span>}
            </button>
          ))}
        </div>
      )}
      <span className="grow" />
      <span className="meta ss-note">updated as it happens, newest first</span>
    </div>
  );
}

function countMoods(sessions: readonly SessionSummary[], now: number): ReadonlyMap<SessionMood, number> {
  const counts = new Map<SessionMood, number>();
  for (const summary of sessions) {
    const mood = moodOf(summary, now);
    counts.set(mood, (counts.get(mood) ?? 0) + 1);
  }
  return counts;
}

function Body({ page, filter, now, line, picking, onFilter, onMore, onRetry }: SessionsScreenProps): ReactNode {
  if (page.is === 'loading') return <SessionsSkeleton />;
  if (page.is === 'failed') {
    return (
      <EmptyState
        icon={TriangleAlert}
        title="The sessions could not be loaded"
        actions={<Button onClick={onRetry}>Try again</Button>}
      >
        {page.message}
      </EmptyState>
    );
  }
  const at = line.is === 'offline' ? line.sinceAt : now;
  const shown =
    filter.mood === 'all' ? page.sessions : page.sessions.filter((summary) => moodOf(summary, at) === filter.mood);
  if (shown.length === 0) return <Nothing filter={filter} hidden={page.sessions.length} onFilter={onFilter} />;
  return (
    <section className="scroll" aria-label="Sessions">
      <table className={`table ss ${picking === null ? '' : 'picks'}`}>
        <thead>
          <tr>
            <th scope="col">
              {picking === null ? null : <PickAll shown={shown} picking={picking} />}
              Agent
            </th>
            <th scope="col">Waiting on</th>
            <th scope="col">Progress</th>
            <th scope="col">Servers</th>
            <th scope="col" className="r">
              Open calls
            </th>
            <th scope="col" className="r">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((summary) => (
            <SessionRow
              key={summary.session.sessionId}
              summary={summary}
              now={at}
              pick={pickOf(summary, picking)}
              onPick={picking?.onPick ?? null}
            />
          ))}
        </tbody>
      </table>
      {page.more === 'all' ? null : (
        <div className="ss-more">
          <Button disabled={page.more === 'loading'} onClick={onMore}>
            {page.more === 'loading' ? 'Loading older sessions' : 'Load older sessions'}
          </Button>
        </div>
      )}
    </section>
  );
}

function pickOf({ session }: SessionSummary, picking: SessionPicking | null): 'picked' | 'left' | 'no' {
  if (picking === null || session.state !== 'active') return 'no';
  return picking.picked.has(session.sessionId) ? 'picked' : 'left';
}

function PickAll({
  shown,
  picking,
}: {
  readonly shown: readonly SessionSummary[];
  readonly picking: SessionPicking;
}): ReactNode {
  const live = shown.flatMap(({ session }) => (session.state === 'active' ? [session.sessionId] : []));
  const all = live.length > 0 && live.every((id) => picking.picked.has(id));
  return (
    <input
      type="checkbox"
      className="ss-pick"
      aria-label="Select all live sessions shown"
      checked={all}
      disabled={live.length === 0}
      onChange={() => picking.onPick(live, all ? 'left' : 'picked')}
    />
  );
}

interface NothingProps {
  readonly filter: SessionsFilter;
  readonly hidden: number;
  readonly onFilter: (filter: SessionsFilter) => void;
}

function Nothing({ filter, hidden, onFilter }: NothingProps): ReactNode {
  const clear = <Button onClick={() => onFilter({ show: 'all', mood: 'all', search: '' })}>Clear filters</Button>;
  if (filter.search !== '' || filter.mood !== 'all') {
    const what = [
      filter.search === '' ? null : `“${filter.search}”`,
      filter.mood === 'all' ? null : `waiting on ${moodLooks[filter.mood].name.toLowerCase()}`,
      filter.show === 'all' ? null : filter.show,
    ].filter((part) => part !== null);
    return (
      <EmptyState icon={ListFilter} title="No session matches" actions={clear}>
        {hidden === 0 ? 'None' : `${hidden} loaded, none`} with <b>{what.join(', ')}</b>.
      </EmptyState>
    );
  }
  if (filter.show !== 'all') {
    return (
      <EmptyState
        icon={Bot}
        title={filter.show === 'live' ? 'No session is live' : 'No session has ended yet'}
        actions={clear}
      >
        {filter.show === 'live'
          ? 'The next agent that connects shows up here by itself.'
          : 'Sessions stay here after they end.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Bot} title="No agent has connected yet">
      A session starts when an agent first calls Holdpoint with its key. Admins make keys under Agents.
    </EmptyState>
  );
}

function SessionsSkeleton(): ReactNode {
  return (
    <Skeleton label="Loading the sessions">
      {['62%', '48%', '70%', '55%', '40%', '66%'].map((width) => (
        <div key={width} className="sk-ses">
          <Bone width="70%" />
          <Bone width="80%" />
          <Bone width={width} height="8px" />
        </div>
      ))}
    </Skeleton>
  );
}
