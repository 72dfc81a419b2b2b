import { type AgentPlace, type BenchAgent, connectAgent, type OnResumed } from './agent';
import type { Benched } from './benched';
import { forEach } from './for-each';
import type { TripNumbers } from './rounds';
import { callsIn, type Spread } from './spread';
import { until } from './until';

const openingAtOnce = 20;
const parkWithinMs = 180_000;

/** Agents whose calls wait for an answer. */
export interface Parked {
  readonly agents: readonly BenchAgent[];
  /** By trip: settles with the call. One whose agent was dropped is rejected. */
  readonly trips: ReadonlyMap<number, Promise<void>>;
  /** Closes every stream and leaves the sessions as they are. */
  drop(): Promise<void>;
}

export interface ParkOrder {
  readonly place: AgentPlace;
  readonly spread: Spread;
  readonly numbers: TripNumbers;
  readonly onResumed: OnResumed | null;
}

/** Opens the sessions, then makes the calls; resolved when all are made, not when the server has asked. */
export async function parkCalls({ place, spread, numbers, onResumed }: ParkOrder): Promise<Parked> {
  const agents: BenchAgent[] = [];
  const trips = new Map<number, Promise<void>>();
  await forEach({ count: spread.sessions, atOnce: openingAtOnce }, async () => {
    const agent = await connectAgent(place, onResumed);
    agents.push(agent);
    for (let call = 0; call < spread.callsEach; call += 1) {
      const trip = numbers.next();
      const made = agent.trip(trip);
      // Most are never waited for.
      made.catch(() => undefined);
      trips.set(trip, made);
    }
  });
  return {
    agents,
    trips,
    drop: async () => void (await Promise.all(agents.map((agent) => agent.drop()))),
  };
}

/** Until the server has asked in every call, beside `before` earlier ones. */
export async function allAsked(benched: Benched, spread: Spread, before: number): Promise<void> {
  let asked = 0;
  await until(
    async () => {
      asked = (await benched.counts()).asked - before;
      return asked >= callsIn(spread) ? asked : null;
    },
    { words: () => `the server asked in ${asked} of ${callsIn(spread)} calls`, withinMs: parkWithinMs },
  );
}
