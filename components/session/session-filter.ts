import type { SessionEnd } from '@/lib/domain/event';
import { type AgentId, readId } from '@/lib/domain/ids';
import { daysOf, type Period } from '@/lib/domain/overview/period';
import { periodQuery, readPeriod } from '@/lib/domain/overview/period-query';
import { sessionEnds, type SessionNarrowing, type WaitingMood, waitingMoods } from '@/lib/domain/session-query';

export type SessionsShow = 'all' | 'live' | 'ended';
/** Moods a person can filter by. */
export type MoodFilter = WaitingMood | 'all';

/** What the list of sessions is narrowed to; its address says the same. */
export interface SessionsFilter {
  readonly show: SessionsShow;
  /** Of those that live. */
  readonly mood: MoodFilter;
  /** Of those that are over. */
  readonly end: SessionEnd | 'all';
  readonly agentId: AgentId | null;
  readonly server: string | null;
  /** When they started; null for any time. */
  readonly period: Period | null;
  readonly search: string;
}

export const everySession: SessionsFilter = {
  show: 'all',
  mood: 'all',
  end: 'all',
  agentId: null,
  server: null,
  period: null,
  search: '',
};

const longestSearch = 200;
const longestServer = 100;

/** A filter as an address says it. What it does not know it leaves aside. */
export function readFilter(query: URLSearchParams): SessionsFilter {
  const mood = waitingMoods.find((each) => each === query.get('mood')) ?? 'all';
  const end = sessionEnds.find((each) => each === query.get('end')) ?? 'all';
  const shown = query.get('show');
  const show = mood !== 'all' && shown === 'ended' ? 'all' : shown === 'live' || shown === 'ended' ? shown : 'all';
  const isTimed = ['period', 'from', 'until'].some((name) => query.has(name));
  return {
    show: end !== 'all' ? 'ended' : show,
    mood: end !== 'all' ? 'all' : mood,
    end,
    agentId: readId('agent', query.get('agent')),
    server: query.get('server')?.slice(0, longestServer) ?? null,
    period: isTimed ? readPeriod(query) : null,
    search: (query.get('q') ?? '').slice(0, longestSearch),
  };
}

export function filterHref({ show, mood, end, agentId, server, period, search }: SessionsFilter): string {
  const query = new URLSearchParams({
    ...(show === 'all' || end !== 'all' ? {} : { show }),
    ...(mood === 'all' ? {} : { mood }),
    ...(end === 'all' ? {} : { end }),
    ...(agentId === null ? {} : { agent: agentId }),
    ...(server === null ? {} : { server }),
    ...(search.trim() === '' ? {} : { q: search }),
  });
  const time = period === null ? '' : periodQuery(period) || 'period=7d';
  const text = [query.toString(), time].filter((part) => part !== '').join('&');
  return text === '' ? '/sessions' : `/sessions?${text}`;
}

/** The bounds that the server and the page both go by. */
export function narrowingOf(
  filter: SessionsFilter,
  clock: { readonly timeZone: string; readonly now: number },
): SessionNarrowing {
  const days = filter.period === null ? [] : daysOf(filter.period, clock);
  return {
    agentId: filter.agentId,
    server: filter.server,
    moods: filter.mood === 'all' ? [] : [filter.mood],
    ends: filter.end === 'all' ? [] : [filter.end],
    startedFrom: days[0]?.fromAt ?? null,
    // The last days go on: what starts next is among them.
    startedBefore: filter.period?.is === 'dates' ? (days.at(-1)?.untilAt ?? null) : null,
  };
}

/** Whether a filter hides any session. */
export function isFiltered(filter: SessionsFilter): boolean {
  return filterHref(filter) !== '/sessions';
}
