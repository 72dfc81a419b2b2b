import type { BenchAgent } from './agent';
import { median, percentile } from './statistics';

/** One way of loading a side: `atOnce` calls in flight, over one session or one for each. */
export interface Load {
  readonly name: string;
  readonly words: string;
  readonly sessions: number;
  readonly atOnce: number;
}

export interface Trip {
  readonly trip: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly trips: readonly Trip[];
}

/** Numbers trips over the whole run, so that none is taken for another. */
export class TripNumbers {
  private last = 0;

  next(): number {
    this.last += 1;
    return this.last;
  }
}

/** Makes `count` round trips, `load.atOnce` at any moment. */
export async function runRound(
  agents: readonly BenchAgent[],
  load: Load,
  work: { readonly count: number; readonly numbers: TripNumbers },
): Promise<Round> {
  const { count, numbers } = work;
  const trips: Trip[] = [];
  const tookMs: number[] = [];
  let begun = 0;
  const workers = Array.from({ length: load.atOnce }, async (_, index) => {
    const agent = agents[index % agents.length];
    if (agent === undefined) throw new Error('A load needs a session');
    while (begun < count) {
      begun += 1;
      const trip = numbers.next();
      const startedAt = Date.now();
      const before = performance.now();
      await agent.trip(trip);
      tookMs.push(performance.now() - before);
      trips.push({ trip, startedAt, endedAt: Date.now() });
    }
  });
  const before = performance.now();
  await Promise.all(workers);
  const elapsedMs = performance.now() - before;
  return {
    perSecond: (count * 1_000) / elapsedMs,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    trips,
  };
}

export interface Side {
  readonly name: string;
  open(): Promise<BenchAgent>;
}

export interface Contest {
  readonly bare: readonly Round[];
  readonly holdpoint: readonly Round[];
}

/** Warms both sides up, then lets them take turns, so that the machine's noise falls on both. */
export async function compare(
  sides: { readonly bare: Side; readonly holdpoint: Side },
  load: Load,
  work: {
    readonly rounds: number;
    readonly warmUp: number;
    readonly count: number;
    readonly numbers: TripNumbers;
    readonly onOpen: () => Promise<void>;
  },
): Promise<Contest> {
  const { numbers, count } = work;
  const openAll = (side: Side): Promise<readonly BenchAgent[]> =>
    Promise.all(Array.from({ length: load.sessions }, () => side.open()));
  const bareAgents = await openAll(sides.bare);
  const holdpointAgents = await openAll(sides.holdpoint);
  await work.onOpen();
  await runRound(bareAgents, load, { count: work.warmUp, numbers });
  await runRound(holdpointAgents, load, { count: work.warmUp, numbers });
  const bare: Round[] = [];
  const holdpoint: Round[] = [];
  for (let round = 0; round < work.rounds; round += 1) {
    bare.push(await runRound(bareAgents, load, { count, numbers }));
    holdpoint.push(await runRound(holdpointAgents, load, { count, numbers }));
  }
  await Promise.all([...bareAgents, ...holdpointAgents].map((agent) => agent.close()));
  return { bare, holdpoint };
}

/** The medians over the rounds. */
export function middleOf(rounds: readonly Round[]): Omit<Round, 'trips'> {
  return {
    perSecond: median(rounds.map((round) => round.perSecond)),
    p50Ms: median(rounds.map((round) => round.p50Ms)),
    p99Ms: median(rounds.map((round) => round.p99Ms)),
  };
}
