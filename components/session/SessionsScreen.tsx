'use client';

import Link from 'next/link';
import { type ReactNode, useRef } from 'react';
import Bot from 'lucide-react/icons/bot';
import ListFilter from 'lucide-react/icons/list-filter';
import OctagonX from 'lucide-react/icons/octagon-x';
import { endingsHref } from '@/components/ending/ending-words';
import { OfflineLine } from '@/components/ui/OfflineLine';
import { Button } from '@/components/ui/Button';
import { CouldNotRead } from '@/components/ui/Unread';
import { EmptyState } from '@/components/ui/EmptyState';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import type { SessionId } from '@/lib/domain/ids';
import { type Pause, pausesOfSession } from '@/lib/domain/pause';
import type { SessionCounts, SessionPicks } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import { clockTime } from '@/lib/domain/timeline/time-words';
import { moodOf, type SessionMood } from '@/lib/domain/timeline/verdict-words';
import { Finder } from './Finder';
import { everySession, filterHref, type SessionsFilter } from './session-filter';
import { moodLooks } from './moods';
import { endNames, SessionFilters } from './SessionFilters';
import { SessionRow } from './SessionRow';
import { SessionsBulk } from './SessionsBulk';
import type { Line } from './SessionScreen';
import { useSessionsKeys } from './use-sessions-keys';

export type SessionsPage =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'ready'; readonly sessions: readonly SessionSummary[]; readonly more: 'all' | 'part' | 'loading' };

export interface SessionsScreenProps {
  /** The sessions that match the filter, newest first. What a session waits for changes with time: that is looked at here again. */
  readonly page: SessionsPage;
  readonly filter: SessionsFilter;
  readonly counts: SessionCounts | null;
  readonly picks: SessionPicks | null;
  /** The server's clock, to the second. */
  readonly now: number;
  readonly line: Line;
  /** Null for who may not end sessions. */
  readonly picking: SessionPicking | null;
  /** What is paused; looked at for each row. */
  readonly pauses: readonly Pause[];
  /** Orders to end sessions that run now. */
  readonly notices: ReactNode;
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

export function SessionsScreen(props: SessionsScreenProps): ReactNode {
  const { page, filter, counts, picks, now, line, picking, notices, onFilter } = props;
  const sessions = page.is === 'ready' ? page.sessions : none;
  const live = counts?.live ?? 0;
  const main = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  useSessionsKeys(main, search);
  return (
    <div className="main ss-page" ref={main}>
      <header className="bar">
        <h1 className="page-title">Sessions</h1>
        {live === 0 ? null : <span className="count">{live.toLocaleString('en-US')} live</span>}
        <span className="grow" />
        {picking === null ? null : (
          <Link
            className="btn ghost sm"
            href={endingsHref}
            title="Sessions that were ended together, and how that went"
          >
            Endings
          </Link>
        )}
        {picking === null || foundLive(filter, counts) === 0 ? null : (
          <Button size="sm" icon={OctagonX} onClick={picking.onEndFiltered}>
            End all found…
          </Button>
        )}
        <Finder
          label="Search sessions"
          placeholder="Agent, server or id"
          value={filter.search}
          onValue={(text) => onFilter({ ...filter, search: text })}
          field={search}
        />
      </header>
      {line.is === 'offline' ? (
        <OfflineLine>Showing {clockTime(line.sinceAt)}. It catches up by itself.</OfflineLine>
      ) : null}
      {notices}
      <SessionFilters filter={filter} counts={counts} picks={picks} onFilter={onFilter} />
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

/** "2 stalled, 1 with a person" */
function pickedWords(sessions: readonly SessionSummary[], picked: ReadonlySet<SessionId>, now: number): string {
  const chosen = sessions.filter(({ session }) => picked.has(session.sessionId));
  return [...countMoods(chosen, now)].map(([mood, count]) => `${count} ${moodLooks[mood].counted}`).join(', ');
}

const none: readonly SessionSummary[] = [];

/** How many live sessions the filter finds: what would be ended together. */
function foundLive(filter: SessionsFilter, counts: SessionCounts | null): number {
  if (counts === null || filter.show === 'ended') return 0;
  return filter.moods.length === 0 ? counts.live : filter.moods.reduce((sum, mood) => sum + counts.moods[mood], 0);
}

function countMoods(sessions: readonly SessionSummary[], now: number): ReadonlyMap<SessionMood, number> {
  const counts = new Map<SessionMood, number>();
  for (const summary of sessions) {
    const mood = moodOf(summary, now);
    counts.set(mood, (counts.get(mood) ?? 0) + 1);
  }
  return counts;
}

function Body(props: SessionsScreenProps): ReactNode {
  const { page, filter, now, line, picking, onFilter, onMore, onRetry } = props;
  if (page.is === 'loading') return <SessionsSkeleton />;
  if (page.is === 'failed') {
    return <CouldNotRead title="The sessions could not be loaded" message={page.message} onRetry={onRetry} />;
  }
  const at = line.is === 'offline' ? line.sinceAt : now;
  const { moods } = filter;
  const shown =
    moods.length === 0
      ? page.sessions
      : page.sessions.filter((summary) => moods.some((mood) => mood === moodOf(summary, at)));
  if (shown.length === 0) return <Nothing filter={filter} onFilter={onFilter} />;
  return (
    <section className="scroll" aria-label="Sessions">
      <Rows shown={shown} at={at} picking={picking} pauses={props.pauses} />
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

interface RowsProps extends Pick<SessionsScreenProps, 'picking' | 'pauses'> {
  readonly shown: readonly SessionSummary[];
  readonly at: number;
}

function Rows({ shown, at, picking, pauses }: RowsProps): ReactNode {
  return (
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
            pauses={pausesOf(summary, pauses, at)}
            pick={pickOf(summary, picking)}
            onPick={picking?.onPick ?? null}
          />
        ))}
      </tbody>
    </table>
  );
}

const noPauses: readonly Pause[] = [];

/** The same empty list for most: a row is drawn again when it is handed another. */
function pausesOf({ session, servers }: SessionSummary, pauses: readonly Pause[], now: number): readonly Pause[] {
  if (pauses.length === 0 || session.state === 'ended') return noPauses;
  const found = pausesOfSession(pauses, { agentId: session.agent.id, servers }, now);
  return found.length === 0 ? noPauses : found;
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
  readonly onFilter: (filter: SessionsFilter) => void;
}

function Nothing({ filter, onFilter }: NothingProps): ReactNode {
  const clear = <Button onClick={() => onFilter(everySession)}>Clear filters</Button>;
  if (filterHref({ ...filter, show: 'all' }) !== '/sessions') {
    const what = [
      filter.search.trim() === '' ? null : `“${filter.search.trim()}”`,
      filter.moods.length === 0 ? null : `waiting on ${anyOf(filter.moods.map((mood) => moodLooks[mood].name))}`,
      filter.ends.length === 0 ? null : `ended: ${anyOf(filter.ends.map((end) => endNames[end]))}`,
      filter.agentId === null ? null : 'that agent',
      filter.server,
      filter.started === null ? null : 'that time',
      filter.show === 'all' || filter.ends.length > 0 ? null : filter.show,
    ].filter((part) => part !== null);
    return (
      <EmptyState icon={ListFilter} title="No session matches" actions={clear}>
        None with <b>{what.join(', ')}</b>.
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

function anyOf(names: readonly string[]): string {
  return names.map((name) => name.toLowerCase()).join(' or ');
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
