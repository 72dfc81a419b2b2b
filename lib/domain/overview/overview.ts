import type { TeamId } from '../ids';
import type { SessionCounts } from '../session-query';
import type { OverviewDay } from './period';
import {
  answeredWhats,
  binAtMinutes,
  binFromMs,
  percentileOf,
  requestWhats,
  type Tally,
  type TallyTotal,
  type TallyWhat,
} from './tally';

/** What became of requests, and how long it took. */
export interface RequestFigures {
  readonly accepted: number;
  /** Cancelled too: the person did not let it be. */
  readonly declined: number;
  /** No one answered in time. */
  readonly expired: number;
  /** The call ended before anyone answered. */
  readonly withdrawn: number;
  /** Time to answer, milliseconds: what half of the answers, and 95 in 100, stayed within; null of none. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** How long requests waited for people, added up. */
  readonly peopleMs: number;
  /** How long servers were at work on calls, added up, without what they waited for people meanwhile. */
  readonly workMs: number;
  readonly stalled: number;
}

export interface Figures extends RequestFigures {
  readonly undelivered: number;
  /** Calls that ended, and of those the ones of which nobody knows whether they took effect. */
  readonly calls: number;
  readonly unknown: number;
  /** Sessions that ended, and of those the ones that an admin ended. */
  readonly sessions: number;
  readonly terminated: number;
}

export interface DayFigures extends Omit<RequestFigures, 'medianMs' | 'p95Ms'> {
  /** Such as `2026-11-23`, on the calendar of who looks. */
  readonly date: string;
}

export interface ToolFigures extends RequestFigures {
  readonly server: string;
  /** Empty when the server asked outside any call. */
  readonly tool: string;
}

export interface TeamFigures extends RequestFigures {
  /** `everyone`: for whoever may answer. `others`: all teams that are not theirs who looks, together. */
  readonly of: 'team' | 'everyone' | 'others';
  readonly name: string;
}

/** How many answers took from, and up to before; the last has no end. */
export interface TimeBar {
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly count: number;
}

/** The figures of a period as one person sees them. */
export interface Overview {
  /** The server's clock when it was made. */
  readonly asOf: number;
  readonly timeZone: string;
  readonly now: {
    /** Theirs to see in the queue, and of those what ends within five minutes. */
    readonly open: number;
    readonly expiring: number;
    readonly live: number;
    readonly moods: SessionCounts['moods'];
  };
  readonly figures: Figures;
  /** Of as many days just before. */
  readonly before: Figures;
  readonly times: readonly TimeBar[];
  readonly days: readonly DayFigures[];
  /** The slowest first. */
  readonly tools: readonly ToolFigures[];
  readonly teams: readonly TeamFigures[];
}

/** Whose teams are named (decision 21); everyone else's are counted together. */
export interface OverviewEyes {
  readonly teams: 'all' | readonly TeamId[];
  /** Null for a team that is no more. */
  nameOf(id: TeamId): string | null;
}

const mostRows = 100;

/** By the ends of calls, not by what was asked during them. */
const callWhats: readonly TallyWhat[] = [
  'call.completed',
  'call.failed',
  'call.cancelled',
  'call.rejected',
  'call.expired',
  'call.indeterminate',
];
const sessionWhats: readonly TallyWhat[] = ['session.closed', 'session.idle', 'session.terminated', 'session.lost'];

type Sums = readonly Pick<Tally, 'what' | 'count' | 'ms'>[];

export function figuresOf(tallies: readonly Tally[]): Figures {
  return {
    ...requestFiguresOf(tallies),
    undelivered: countOf(tallies, ['undelivered']),
    calls: countOf(tallies, callWhats),
    unknown: countOf(tallies, ['call.indeterminate']),
    sessions: countOf(tallies, sessionWhats),
    terminated: countOf(tallies, ['session.terminated']),
  };
}

export function dayFiguresOf({ date }: OverviewDay, totals: readonly TallyTotal[]): DayFigures {
  return { date, ...sumsOf(totals) };
}

/** By tool: those that asked people, or that stalled. */
export function toolFiguresOf(tallies: readonly Tally[]): readonly ToolFigures[] {
  return grouped(tallies, ({ server, tool }) => JSON.stringify([server, tool]))
    .flatMap((group) => {
      const [first] = group;
      const isTold = group.some(({ what }) => requestWhats.includes(what) || what === 'stalled');
      if (first === undefined || !isTold || first.server === '') return [];
      return [{ server: first.server, tool: first.tool, ...requestFiguresOf(group) }];
    })
    .sort(slowestFirst)
    .slice(0, mostRows);
}

/** By team, of requests alone; teams that are not theirs are not told apart (I11). */
export function teamFiguresOf(tallies: readonly Tally[], eyes: OverviewEyes): readonly TeamFigures[] {
  const nameOf = (team: string): Pick<TeamFigures, 'of' | 'name'> => {
    if (team === '') return { of: 'everyone', name: 'Everyone who may answer' };
    const id = team as TeamId;
    const isTheirs = eyes.teams === 'all' || eyes.teams.includes(id);
    return isTheirs ? { of: 'team', name: eyes.nameOf(id) ?? team } : { of: 'others', name: 'Other teams' };
  };
  const requests = tallies.filter(({ what }) => requestWhats.includes(what));
  return grouped(requests, ({ team }) => JSON.stringify(nameOf(team)))
    .flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [{ ...nameOf(first.team), ...requestFiguresOf(group) }];
    })
    .sort(slowestFirst)
    .slice(0, mostRows);
}

/** The answers in bars that people can read: up to 8 s, 15 s, 30 s, a minute, and on by doublings. */
export function timeBarsOf(tallies: readonly Tally[]): readonly TimeBar[] {
  const histogram = histogramOf(tallies);
  const ends = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64, 128].map(binAtMinutes);
  const bars = [0, ...ends].map((from, at) => {
    const until = ends[at] ?? null;
    const count = [...histogram].reduce(
      (sum, [bin, many]) => (bin >= from && (until === null || bin < until) ? sum + many : sum),
      0,
    );
    return { fromMs: binFromMs(from), untilMs: until === null ? null : binFromMs(until), count };
  });
  return bars;
}

function requestFiguresOf(tallies: readonly Tally[]): RequestFigures {
  const histogram = histogramOf(tallies);
  return { ...sumsOf(tallies), medianMs: percentileOf(histogram, 0.5), p95Ms: percentileOf(histogram, 0.95) };
}

function sumsOf(sums: Sums): Omit<RequestFigures, 'medianMs' | 'p95Ms'> {
  return {
    accepted: countOf(sums, ['accepted']),
    declined: countOf(sums, ['declined', 'cancelled']),
    expired: countOf(sums, ['expired']),
    withdrawn: countOf(sums, ['withdrawn']),
    peopleMs: msOf(sums, requestWhats),
    // A call that ended on another day than its questions would leave a day with less than nothing.
    workMs: Math.max(0, msOf(sums, callWhats) - msOf(sums, ['asked'])),
    stalled: countOf(sums, ['stalled']),
  };
}

function histogramOf(tallies: readonly Tally[]): ReadonlyMap<number, number> {
  const histogram = new Map<number, number>();
  for (const { what, bin, count } of tallies)
    if (answeredWhats.includes(what)) histogram.set(bin, (histogram.get(bin) ?? 0) + count);
  return histogram;
}

function countOf(sums: Sums, whats: readonly TallyWhat[]): number {
  return sums.reduce((sum, { what, count }) => (whats.includes(what) ? sum + count : sum), 0);
}

function msOf(sums: Sums, whats: readonly TallyWhat[]): number {
  return sums.reduce((sum, { what, ms }) => (whats.includes(what) ? sum + ms : sum), 0);
}

function grouped(tallies: readonly Tally[], nameOf: (tally: Tally) => string): readonly (readonly Tally[])[] {
  const groups = new Map<string, Tally[]>();
  for (const tally of tallies) {
    const name = nameOf(tally);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [tally]);
    else known.push(tally);
  }
  return [...groups.values()];
}

/** What nobody answered at all is the slowest of all. */
function slowestFirst(a: RequestFigures, b: RequestFigures): number {
  const of = ({ p95Ms, expired }: RequestFigures): number => p95Ms ?? (expired > 0 ? Number.MAX_VALUE : -1);
  return of(b) - of(a) || b.expired - a.expired || b.accepted + b.declined - (a.accepted + a.declined);
}
