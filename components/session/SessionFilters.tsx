import type { ReactNode } from 'react';
import { localFieldText, readLocalField } from '@/components/settings/clock-words';
import { Button } from '@/components/ui/Button';
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
import {
  type Between,
  minuteOf,
  type SessionsFilter,
  type SessionsShow,
  type Started,
  toggled,
} from './session-filter';

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
    <>
      <div className="ss-filter" role="group" aria-label="Filters">
        <div className="seg" role="group" aria-label="Show">
          {shows.map(({ key, label }) => (
            <button
              key={key}
              type="button"
              aria-pressed={filter.show === key}
              onClick={() => onFilter({ ...filter, show: key, moods: [], ends: [] })}
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
      {filter.started?.is === 'between' ? (
        <BetweenRow between={filter.started} onBetween={(started) => onFilter({ ...filter, started })} />
      ) : null}
    </>
  );
}

type PartProps = Omit<SessionFiltersProps, 'picks'>;

function Moods({ filter, counts, onFilter }: PartProps): ReactNode {
  const { moods } = filter;
  return (
    <div className="seg" role="group" aria-label="Waiting on, any of">
      <button type="button" aria-pressed={moods.length === 0} onClick={() => onFilter({ ...filter, moods: [] })}>
        Any
      </button>
      {waitingMoods.map((mood) => (
        <button
          key={mood}
          type="button"
          aria-pressed={moods.includes(mood)}
          onClick={() => onFilter({ ...filter, moods: toggled(waitingMoods, moods, mood) })}
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
  const { ends } = filter;
  return (
    <div className="seg" role="group" aria-label="How it ended, any of">
      <button type="button" aria-pressed={ends.length === 0} onClick={() => onFilter({ ...filter, ends: [] })}>
        Any
      </button>
      {sessionEnds.map((end) => (
        <button
          key={end}
          type="button"
          aria-pressed={ends.includes(end)}
          onClick={() => onFilter({ ...filter, ends: toggled(sessionEnds, ends, end) })}
        >
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
        value={startedKey(filter.started)}
        onChange={({ target }) => onFilter({ ...filter, started: startedOf(target.value, filter.started) })}
      >
        {filter.started?.is === 'dates' ? (
          <option value="dates">
            {filter.started.from} to {filter.started.until}
          </option>
        ) : null}
        {periods.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
        <option value="between">Between…</option>
      </select>
    </>
  );
}

function startedKey(started: Started | null): string {
  if (started === null) return '';
  return started.is === 'last' ? String(started.days) : started.is;
}

function startedOf(key: string, before: Started | null): Started | null {
  // From today's beginning on: something to begin with, and seldom far from what is looked for.
  if (key === 'between') return before?.is === 'between' ? before : between(new Date().setHours(0, 0, 0, 0), null);
  if (key === 'dates') return before;
  return periods.find((each) => each.key === key)?.period ?? null;
}

function between(fromAt: number | null, beforeAt: number | null): Between {
  return { is: 'between', fromAt: minuteOf(fromAt), beforeAt: minuteOf(beforeAt) };
}

/** Two instants, where this browser is; the address says them so that they are the same anywhere. */
function BetweenRow({
  between: { fromAt, beforeAt },
  onBetween,
}: {
  readonly between: Between;
  readonly onBetween: (between: Between | null) => void;
}): ReactNode {
  const isBackwards = fromAt !== null && beforeAt !== null && fromAt >= beforeAt;
  return (
    <div className="ss-between" role="group" aria-label="Started">
      <label className="row">
        <span className="meta">Started from</span>
        <input
          type="datetime-local"
          className="input"
          value={fromAt === null ? '' : localFieldText(fromAt)}
          onChange={({ target }) => onBetween(between(readLocalField(target.value), beforeAt))}
        />
      </label>
      <label className="row">
        <span className="meta">before</span>
        <input
          type="datetime-local"
          className="input"
          value={beforeAt === null ? '' : localFieldText(beforeAt)}
          aria-invalid={isBackwards}
          onChange={({ target }) => onBetween(between(fromAt, readLocalField(target.value)))}
        />
      </label>
      {isBackwards ? (
        <span className="err" role="alert">
          The end is not after the start, so nothing is found.
        </span>
      ) : null}
      <Button look="ghost" size="sm" onClick={() => onBetween(null)}>
        Any time
      </Button>
    </div>
  );
}
