import path from 'node:path';
import { connectAgent, type AgentPlace } from './agent';
import { type BareClient, startBare } from './bare';
import { startBenched } from './benched';
import { against, alone, type Figure } from './figures';
import { forEach } from './for-each';
import { type Holdpoint, startHoldpoint } from './holdpoint';
import { allAsked, parkCalls } from './parked';
import { seatPerson } from './person';
import { TripNumbers } from './rounds';
import { quietRss } from './rss';
import type { RunOrder } from './run-order';
import { allSaved } from './saved';
import { callsIn, type Spread, spreadsOf } from './spread';

/** What a parked call costs in resident memory: of Holdpoint's process, and of the bare SDK client's. */
export async function measureMemory(order: RunOrder): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const spread of spreadsOf(order.amount.parked)) {
    figures.push(...(await measureSpread(order, spread)));
    order.print(`measured: memory, ${spread.words}`);
  }
  return figures;
}

/** Both sides do the same, on a server each; while they are left alone they are so together. */
async function measureSpread(order: RunOrder, spread: Spread): Promise<readonly Figure[]> {
  const { benchFile, serverFile, folder, amount, onEnd } = order;
  const servers = await Promise.all([startBenched(benchFile, 'kept'), startBenched(benchFile, 'kept')]);
  const [bareServer, holdpointServer] = servers;
  for (const server of servers) onEnd(() => server.process.kill());
  const bare = await startBare(benchFile, bareServer.mcpUrl);
  onEnd(() => bare.process.kill());
  const holdpoint = await startHoldpoint({
    serverFile,
    folder: path.join(folder, `memory-${spread.name}`),
    mcpUrl: holdpointServer.mcpUrl,
  });
  onEnd(() => holdpoint.life.process.kill());
  const { home, life } = holdpoint;
  const place = { url: `${home.origin}/mcp`, tool: 'bench__ask', apiKey: home.apiKey, answer: null };
  const numbers = new TripNumbers();
  await warmUp({ bare, holdpoint, place, numbers, trips: amount.memoryWarmUp });
  const pids = [bare.process.pid, life.process.pid];
  const [bareIdle = Number.NaN, idle = Number.NaN] = await quietRss(pids, amount.quiet);
  await bare.tell({ do: 'park', spread });
  await allAsked(bareServer, spread, amount.memoryWarmUp);
  const parked = await parkCalls({ place, spread, numbers, onResumed: null });
  await allAsked(holdpointServer, spread, amount.memoryWarmUp);
  const saved = await allSaved(home.databaseUrl, spread);
  const [bareFull = Number.NaN, full = Number.NaN] = await quietRss(pids, amount.quiet);
  // Before what they are connected to ends: they would come back to it for ever.
  await parked.drop();
  await Promise.all([life, bare, ...servers].map((each) => each.process.kill()));
  const calls = callsIn(spread);
  return [
    against(`rss_per_call_kib.${spread.name}`, 'KiB', {
      value: (full - idle) / calls,
      baseline: (bareFull - bareIdle) / calls,
    }),
    against(`rss_idle_mib.${spread.name}`, 'MiB', { value: idle / 1_024, baseline: bareIdle / 1_024 }),
    against(`rss_parked_mib.${spread.name}`, 'MiB', { value: full / 1_024, baseline: bareFull / 1_024 }),
    alone(`measured_calls.${spread.name}`, 'calls', saved.parked),
  ];
}

/** Some round trips on each side, so that nothing is loaded for the first time by what is measured. */
async function warmUp(sides: {
  readonly bare: BareClient;
  readonly holdpoint: Holdpoint;
  readonly place: AgentPlace;
  readonly numbers: TripNumbers;
  readonly trips: number;
}): Promise<void> {
  const { bare, holdpoint, place, numbers, trips } = sides;
  await bare.tell({ do: 'trips', count: trips });
  await new Promise<void>((resolve, reject) => {
    const answeredTrips = async (): Promise<void> => {
      const person = await seatPerson(holdpoint, reject);
      const agent = await connectAgent(place);
      await forEach({ count: trips, atOnce: 1 }, () => agent.trip(numbers.next()));
      await agent.close();
      person.close();
    };
    answeredTrips().then(resolve, reject);
  });
}
