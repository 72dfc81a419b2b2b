import type { SessionEnd } from '@/lib/domain/event';
import { type AgentId, readId } from '@/lib/domain/ids';
import { daysOf, type Period, periodProblem } from '@/lib/domain/overview/period';
import { periodQuery, readPeriod } from '@/lib/domain/overview/period-query';
import { sessionEnds, type SessionNarrowing, type WaitingMood, waitingMoods } from '@/lib/domain/session-query';

export type SessionsShow = 'all' | 'live' | 'ended';

/** When a session started: in days of who looks, or between two instants, to the minute. */
export type Started = Period | Between;
export interface Between {
  readonly is: 'between';
  /** Epoch milliseconds; null: as long ago as there are any. */
  readonly fromAt: number | null;
  /** Null: what starts next is among them. */
  readonly beforeAt: number | null;
}

/** What the list of sessions is narrowed to; its address says the same. */
export interface SessionsFilter {
  readonly show: SessionsShow;
  /** Of those that live, any of these; empty: all. */
  readonly moods: readonly WaitingMood[];
  /** Of those that are over, as above. */
  readonly ends: readonly SessionEnd[];
  readonly agentId: AgentId | null;
  readonly server: string | null;
  /** Null for any time. */
  readonly started: Started | null;
  readonly search: string;
}

export const everySession: SessionsFilter = {
  show: 'all',
  moods: [],
  ends: [],
  agentId: null,
  server: null,
  started: null,
  search: '',
};

const longestSearch = 200;
const longestServer = 100;
const minuteMs = 60_000;
const latestAt = Date.UTC(9999, 11, 31, 23, 59);

/** A filter as an address says it. What it does not know it leaves aside. */
export function readFilter(query: URLSearchParams): SessionsFilter {
  const list = (name: string): readonly string[] => (query.get(name) ?? '').split(',');
  const [named, endNames] = [list('mood'), list('end')];
  const ends = sessionEnds.filter((end) => endNames.includes(end));
  const moods = ends.length > 0 ? [] : waitingMoods.filter((mood) => named.includes(mood));
  const shown = query.get('show');
  const show = moods.length > 0 && shown === 'ended' ? 'all' : shown === 'live' || shown === 'ended' ? shown : 'all';
  return {
    show: ends.length > 0 ? 'ended' : show,
    moods,
    ends,
    agentId: readId('agent', query.get('agent')),
    server: query.get('server')?.slice(0, longestServer) ?? null,
    started: readStarted(query),
    search: (query.get('q') ?? '').slice(0, longestSearch),
  };
}

export function filterHref({ show, moods, ends, agentId, server, started, search }: SessionsFilter): string {
  const query = new URLSearchParams({
    ...(agentId === null ? {} : { agent: agentId }),
    ...(server === null ? {} : { server }),
    ...(search.trim() === '' ? {} : { q: search }),
  });
  // Letters and commas alone: an address that is sent to somebody is read before it is opened.
  const parts = [
    show === 'all' || ends.length > 0 ? '' : `show=${show}`,
    moods.length === 0 ? '' : `mood=${moods.join(',')}`,
    ends.length === 0 ? '' : `end=${ends.join(',')}`,
    query.toString(),
    startedQuery(started),
  ];
  const text = parts.filter((part) => part !== '').join('&');
  return text === '' ? '/sessions' : `/sessions?${text}`;
}

/** The bounds that the server and the page both go by. */
export function narrowingOf(
  { agentId, server, moods, ends, started }: SessionsFilter,
  clock: { readonly timeZone: string; readonly now: number },
): SessionNarrowing {
  return { agentId, server, moods, ends, ...instantsOf(started, clock) };
}

function instantsOf(
  started: Started | null,
  clock: { readonly timeZone: string; readonly now: number },
): Pick<SessionNarrowing, 'startedFrom' | 'startedBefore'> {
  if (started === null) return { startedFrom: null, startedBefore: null };
  if (started.is === 'between') return { startedFrom: started.fromAt, startedBefore: started.beforeAt };
  const days = daysOf(started, clock);
  return {
    startedFrom: days[0]?.fromAt ?? null,
    // The last days go on: what starts next is among them.
    startedBefore: started.is === 'dates' ? (days.at(-1)?.untilAt ?? null) : null,
  };
}

/** Whether a filter hides any session. */
export function isFiltered(filter: SessionsFilter): boolean {
  return filterHref(filter) !== '/sessions';
}

/** With one more of them, or without it; all of them is as good as none. */
export function toggled<T>(all: readonly T[], chosen: readonly T[], one: T): readonly T[] {
  const next = all.filter((each) => (each === one ? !chosen.includes(one) : chosen.includes(each)));
  return next.length === all.length ? [] : next;
}

/** Days that are none, or the wrong way round, bound nothing: what is shown must be what the address says. */
function readStarted(query: URLSearchParams): Started | null {
  const [fromAt, beforeAt] = [readInstant(query.get('since')), readInstant(query.get('before'))];
  if (fromAt !== null || beforeAt !== null) return { is: 'between', fromAt, beforeAt };
  if (!['period', 'from', 'until'].some((name) => query.has(name))) return null;
  const period = readPeriod(query);
  return period === null || periodProblem(period, 'UTC') !== null ? null : period;
}

function startedQuery(started: Started | null): string {
  if (started === null) return '';
  if (started.is !== 'between') return periodQuery(started) || 'period=7d';
  const { fromAt, beforeAt } = started;
  const parts = [
    fromAt === null ? '' : `since=${instantText(fromAt)}`,
    beforeAt === null ? '' : `before=${instantText(beforeAt)}`,
  ];
  return parts.filter((part) => part !== '').join('&');
}

/** The same instant wherever the address is opened. */
function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

function readInstant(text: string | null): number | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/.test(text)) return null;
  const at = Date.parse(text);
  return at >= 0 && at <= latestAt ? at : null;
}

/** What a field of a date and a time gave, to the minute; null when it is none that an address can say. */
export function minuteOf(at: number | null): number | null {
  if (at === null || at < 0 || at > latestAt) return null;
  return Math.floor(at / minuteMs) * minuteMs;
}
