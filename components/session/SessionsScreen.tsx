'use client';

import { type ReactNode, useMemo } from 'react';
import Bot from 'lucide-react/icons/bot';
import ListFilter from 'lucide-react/icons/list-filter';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import WifiOff from 'lucide-react/icons/wifi-off';
import { Banner } from '@/components/ui/Banner';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { SessionSummary } from '@/lib/domain/summary';
import { clockTime, spanWords } from '@/lib/domain/timeline/time-words';
import { moodOf, type SessionMood } from '@/lib/domain/timeline/verdict-words';
import { Finder } from './Finder';
import { moodLooks } from './moods';
import { SessionRow } from './SessionRow';
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
  readonly onFilter: (filter: SessionsFilter) => void;
  readonly onMore: () => void;
  readonly onRetry: () => void;
}

const shows: readonly { readonly key: SessionsShow; readonly label: string }[] = [
  { key: 'all', label: 'All' },
  { key: 'live', label: 'Live' },
  { key: 'ended', label: 'Ended' },
];
const moods: readonly Exclude<MoodFilter, 'all'>[] = ['person', 'stalled', 'slow', 'busy', 'model', 'nobody'];

export function SessionsScreen(props: SessionsScreenProps): ReactNode {
  const { page, filter, now, line, onFilter } = props;
  const sessions = page.is === 'ready' ? page.sessions : none;
  const live = sessions.filter((summary) => summary.session.state !== 'ended').length;
  return (
    <div className="main ss-page">
      <header className="bar">
        <h1 className="page-title">Sessions</h1>
        {live === 0 ? null : <span className="count">{live} live</span>}
        <span className="grow" />
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
    </div>
  );
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

function Body({ page, filter, now, line, onFilter, onMore, onRetry }: SessionsScreenProps): ReactNode {
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
      <table className="table ss">
        <thead>
          <tr>
            <th scope="col">Agent</th>
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
            <SessionRow key={summary.session.sessionId} summary={summary} now={at} />
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
