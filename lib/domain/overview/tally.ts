/** What the overview counts, and how long each took, in a form that can be added up over any time. */

/** `asked` is every question of a server that was over: while it waited its call stood still. */
export type TallyWhat =
  | 'accepted'
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'withdrawn'
  | 'asked'
  | 'undelivered'
  | 'stalled'
  | `call.${'completed' | 'failed' | 'cancelled' | 'rejected' | 'expired' | 'indeterminate'}`
  | `session.${'closed' | 'idle' | 'terminated' | 'lost'}`;

/** Answers of people: what time to answer is of. */
export const answeredWhats: readonly TallyWhat[] = ['accepted', 'declined', 'cancelled'];

/** Requests that people were asked, by what became of them: what time with people is of. */
export const requestWhats: readonly TallyWhat[] = [...answeredWhats, 'expired', 'withdrawn'];

/** One thing that happened, as it is counted. No words of anyone: only where and how long (I14). */
export interface TallyFact {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly what: TallyWhat;
  /** The short name of the team it was for; empty for everyone. */
  readonly team: string;
  readonly server: string;
  readonly tool: string;
  readonly ms: number;
}

/** Facts of one kind and place, added up. */
export interface Tally extends Omit<TallyFact, 'at' | 'ms'> {
  /** Of answers: how long each took, as a bin of `binOf`; 0 for anything else. */
  readonly bin: number;
  readonly count: number;
  readonly ms: number;
}

/** Facts of one kind, wherever, added up. */
export type TallyTotal = Pick<Tally, 'what' | 'count' | 'ms'>;

/** From `fromAt`, up to before `untilAt`. */
export interface TimeSpan {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Every clock of the world changes its day at a quarter of an hour of another's. */
export const quarterMs = 900_000;
export const dayMs = 86_400_000;

/** Bins stand an eighth of a doubling apart, so that no time is told wrong by more than 5 in 100. */
const binsPerDoubling = 8;
const minuteMs = 60_000;
const minuteBin = 96;
const lastBin = 255;

export function binOf(ms: number): number {
  if (!(ms > 0)) return 0;
  const bin = Math.floor(Math.log2(ms / minuteMs) * binsPerDoubling) + minuteBin;
  return Math.min(Math.max(bin, 0), lastBin);
}

/** The shortest time of a bin, milliseconds. */
export function binFromMs(bin: number): number {
  return bin <= 0 ? 0 : minuteMs * 2 ** ((bin - minuteBin) / binsPerDoubling);
}

/** The bin that begins at so many minutes, a power of two. */
export function binAtMinutes(minutes: number): number {
  return Math.round(Math.log2(minutes) * binsPerDoubling) + minuteBin;
}

/** How many of each bin. */
export type Histogram = ReadonlyMap<number, number>;

/** The time that a share of them stayed within; null of none. Inside a bin they are taken as evenly spread. */
export function percentileOf(histogram: Histogram, share: number): number | null {
  const bins = [...histogram].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const all = bins.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return null;
  const wanted = share * all;
  let passed = 0;
  for (const [bin, count] of bins) {
    if (passed + count >= wanted) {
      const [from, until] = [binFromMs(bin), binFromMs(bin + 1)];
      return from + (until - from) * Math.min(1, Math.max(0, (wanted - passed) / count));
    }
    passed += count;
  }
  const last = bins.at(-1);
  return last === undefined ? null : binFromMs(last[0] + 1);
}
