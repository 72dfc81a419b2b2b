import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/Icon';
import type { SessionEnd } from '@/lib/domain/event';
import { readId } from '@/lib/domain/ids';
import type { Period } from '@/lib/domain/overview/period';
import {
  countedMost,
  type SessionCounts,
  sessionEnds,
  type SessionPicks,
  waitingMoods,
} from '@/lib/domain/session-query';
import { moodLooks } from './moods';
import type { SessionsFilter, SessionsShow } from './session-filter';

export interface SessionFiltersProps {
  readonly filter: SessionsFilter;
  /** Over all there are, by the server's count; null until it was heard. */
  readonly counts: SessionCounts | null;
  readonly picks: SessionPicks | null;
  readonly onFilter: (filter: SessionsFilter) => void;
}

const shows: readonly { readonly key: SessionsShow; readonly label: string }[] = [
  { key: 'all', label: 'All' },
  { key: 'live', label: 'Live' },
  { key: 'ended', label: 'Ended' },
];

export const endNames: { readonly [E in SessionEnd]: string } = {
  closed: 'Closed by agent',
  idle: 'Idle',
  terminated: 'By an admin',
  lost: 'Lost',
};

/** The row over the list of sessions: what lives and what is over, who waits or how it ended, whose, and when. */
export function SessionFilters({ filter, counts, picks, onFilter }: SessionFiltersProps): ReactNode {
  const part = { filter, counts, onFilter };
  return (
    <div className="ss-filter" role="group" aria-label="Filters">
      <div className="seg" role="group" aria-label="Show">
        {shows.map(({ key, label }) => (
          <button
            key={key}
            type="button"
            aria-pressed={filter.show === key}
            onClick={() => onFilter({ ...filter, show: key, mood: 'all', end: 'all' })}
          >
            {label}
            {key === 'live' ? <Count of={counts?.live ?? 0} /> : null}
          </button>
        ))}
      </div>
      {filter.show === 'ended' ? <Ends {...part} /> : <Moods {...part} />}
      <Picks filter={filter} picks={picks} onFilter={onFilter} />
      <span className="grow" />
    </div>
  );
}

type PartProps = Omit<SessionFiltersProps, 'picks'>;

function Moods({ filter, counts, onFilter }: PartProps): ReactNode {
  return (
    <div className="seg" role="group" aria-label="Waiting on">
      <button type="button" aria-pressed={filter.mood === 'all'} onClick={() => onFilter({ ...filter, mood: 'all' })}>
        Any
      </button>
      {waitingMoods.map((mood) => (
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
          <Count of={counts?.moods[mood] ?? 0} />
        </button>
      ))}
    </div>
  );
}

function Ends({ filter, counts, onFilter }: PartProps): ReactNode {
  return (
    <div className="seg" role="group" aria-label="How it ended">
      <button type="button" aria-pressed={filter.end === 'all'} onClick={() => onFilter({ ...filter, end: 'all' })}>
        Any
      </button>
      {sessionEnds.map((end) => (
        <button key={end} type="button" aria-pressed={filter.end === end} onClick={() => onFilter({ ...filter, end })}>
          {endNames[end]}
          <Count of={counts?.ends[end] ?? 0} />
        </button>
      ))}
    </div>
  );
}

function Count({ of }: { readonly of: number }): ReactNode {
  if (of === 0) return null;
  const text = of.toLocaleString('en-US');
  return <span className="count">{of >= countedMost ? `${text}+` : text}</span>;
}

const periods: readonly { readonly key: string; readonly label: string; readonly period: Period | null }[] = [
  { key: '', label: 'Any time', period: null },
  { key: '1', label: 'Today', period: { is: 'last', days: 1 } },
  { key: '7', label: '7 days', period: { is: 'last', days: 7 } },
  { key: '30', label: '30 days', period: { is: 'last', days: 30 } },
];

function Picks({ filter, picks, onFilter }: Omit<SessionFiltersProps, 'counts'>): ReactNode {
  const agents = picks?.agents ?? [];
  const servers = picks?.servers ?? [];
  const isKnown = agents.some(({ id }) => id === filter.agentId);
  return (
    <>
      <select
        className="input ss-choose"
        aria-label="Agent"
        value={filter.agentId ?? ''}
        onChange={({ target }) => onFilter({ ...filter, agentId: readId('agent', target.value) })}
      >
        <option value="">All agents</option>
        {filter.agentId === null || isKnown ? null : <option value={filter.agentId}>{filter.agentId}</option>}
        {agents.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="input ss-choose"
        aria-label="Server"
        value={filter.server ?? ''}
        onChange={({ target }) => onFilter({ ...filter, server: target.value === '' ? null : target.value })}
      >
        <option value="">All servers</option>
        {filter.server === null || servers.includes(filter.server) ? null : (
          <option value={filter.server}>{filter.server}</option>
        )}
        {servers.map((server) => (
          <option key={server} value={server}>
            {server}
          </option>
        ))}
      </select>
      <select
        className="input ss-choose"
        aria-label="Started"
        value={periodKey(filter.period)}
        onChange={({ target }) =>
          onFilter({ ...filter, period: periods.find(({ key }) => key === target.value)?.period ?? null })
        }
      >
        {filter.period?.is === 'dates' ? (
          <option value="dates">
            {filter.period.from} to {filter.period.until}
          </option>
        ) : null}
        {periods.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </>
  );
}

function periodKey(period: Period | null): string {
  if (period === null) return '';
  return period.is === 'dates' ? 'dates' : String(period.days);
}
