import path from 'node:path';
import { readId, type SessionId } from '@/lib/domain/ids';
import { startBare } from './bare';
import { type Benched, startBenched } from './benched';
import { questionOf } from './benched-server';
import { against, alone, type Figure } from './figures';
import { type Holdpoint, type Life, startHoldpoint, startLife } from './holdpoint';
import { allAsked, type Parked, parkCalls } from './parked';
import { TripNumbers } from './rounds';
import type { RunOrder } from './run-order';
import { allSaved, type Reattachment, readReattachment } from './saved';
import { callsIn, type Spread, spreadsOf } from './spread';
import { until } from './until';
import { OpenWindow } from './window';
import type { Counts } from './witness';
import { watchOpen } from '@/tests/support/looks';

const resumeWithinMs = 120_000;

/**
 * How long it takes until calls that wait for people are reattached after a kill -9, against the bare SDK client
 * asking for the same streams from a process that is up already.
 */
export async function measureReattach(order: RunOrder): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const spread of spreadsOf(order.amount.parked)) {
    const bareMs = await bareResume(order, spread);
    figures.push(...(await killAndReattach(order, spread, bareMs)));
    order.print(`measured: reattach, ${spread.words}`);
  }
  return figures;
}

/** Milliseconds from the first GET to the last stream that the server has taken up again. */
async function bareResume({ benchFile, onEnd }: RunOrder, spread: Spread): Promise<number> {
  const benched = await startBenched(benchFile, 'kept');
  onEnd(() => benched.process.kill());
  const bare = await startBare(benchFile, benched.mcpUrl);
  onEnd(() => bare.process.kill());
  await bare.tell({ do: 'park', spread });
  await allAsked(benched, spread, 0);
  await bare.tell({ do: 'drop' });
  await countsWhere(benched, ({ streams }) => streams === 0);
  const beganAt = await bare.tell({ do: 'resume' });
  const { lastResumedAt } = await countsWhere(benched, ({ resumedCalls }) => resumedCalls === callsIn(spread));
  await Promise.all([bare.process.kill(), benched.process.kill()]);
  return (lastResumedAt ?? Number.NaN) - beganAt;
}

function countsWhere(benched: Benched, fits: (counts: Counts) => boolean): Promise<Counts> {
  let last: Counts | null = null;
  return until(
    async () => {
      last = await benched.counts();
      return fits(last) ? last : null;
    },
    { words: () => `the server has seen ${JSON.stringify(last)}`, withinMs: resumeWithinMs },
  );
}

async function killAndReattach(order: RunOrder, spread: Spread, bareMs: number): Promise<readonly Figure[]> {
  const { benchFile, serverFile, folder, amount, onEnd } = order;
  const benched = await startBenched(benchFile, 'kept');
  onEnd(() => benched.process.kill());
  const dataFolder = path.join(folder, `reattach-${spread.name}`);
  const first = await startHoldpoint({ serverFile, folder: dataFolder, mcpUrl: benched.mcpUrl });
  onEnd(() => first.life.process.kill());
  const { home } = first;
  const backAt: number[] = [];
  const parked = await parkCalls({
    place: { url: `${home.origin}/mcp`, tool: 'bench__ask', apiKey: home.apiKey, answer: null },
    spread,
    numbers: new TripNumbers(),
    onResumed: () => backAt.push(Date.now()),
  });
  await allAsked(benched, spread, 0);
  await allSaved(home.databaseUrl, spread);
  await first.life.process.kill();
  backAt.splice(0);
  const life = await startLife(home);
  onEnd(() => life.process.kill());
  const seen = await countsWhere(benched, ({ resumedCalls }) => resumedCalls === callsIn(spread));
  await allSaved(home.databaseUrl, spread);
  await until(async () => (backAt.length >= callsIn(spread) ? true : null), {
    words: () => `${backAt.length} of ${callsIn(spread)} agents' streams are back`,
    withinMs: resumeWithinMs,
  });
  const agentsBackAt = Math.max(...backAt);
  const collected = await answerSome({ ...first, life }, parked, amount.answered);
  const after = await benched.counts();
  // Before what they are connected to ends: they would come back to it for ever.
  await parked.drop();
  await Promise.all([life.process.kill(), benched.process.kill()]);
  const log = await readReattachment(home.databaseUrl, sessionsOf(parked));
  const reattachedAt = Math.max(seen.lastResumedAt ?? Number.NaN, log.lastAt ?? Number.NaN);
  return [
    ...timeFigures(spread, { first: first.life, life, bareMs, reattachedAt, agentsBackAt }),
    ...countFigures(spread, { seen, after, log, collected }),
  ];
}

function sessionsOf({ agents }: Parked): readonly SessionId[] {
  return agents.flatMap(({ sessionId }): readonly SessionId[] => {
    const id = readId('session', sessionId);
    return id === null ? [] : [id];
  });
}

function timeFigures(
  { name }: Spread,
  times: {
    readonly first: Life;
    readonly life: Life;
    readonly bareMs: number;
    /** Epoch milliseconds: when the last of all streams and connections was. */
    readonly reattachedAt: number;
    readonly agentsBackAt: number;
  },
): readonly Figure[] {
  const { first, life, bareMs, reattachedAt, agentsBackAt } = times;
  const { startedAt, openAt } = life;
  return [
    // What was done before the port opened was not waited for by anyone.
    against(`reattach_ms.${name}`, 'ms', { value: Math.max(0, reattachedAt - openAt), baseline: bareMs }),
    against(`reattach_from_start_ms.${name}`, 'ms', { value: reattachedAt - startedAt, baseline: bareMs }),
    // Against the first start, which had nothing to take up, and its schema to make.
    against(`port_open_ms.${name}`, 'ms', { value: openAt - startedAt, baseline: first.openAt - first.startedAt }),
    alone(`agents_back_ms.${name}`, 'ms', Math.max(0, agentsBackAt - openAt)),
  ];
}

function countFigures(
  spread: Spread,
  counted: {
    readonly seen: Counts;
    readonly after: Counts;
    readonly log: Reattachment;
    readonly collected: number;
  },
): readonly Figure[] {
  const { name } = spread;
  const { seen, after, log, collected } = counted;
  return [
    alone(`parked_calls.${name}`, 'calls', callsIn(spread)),
    alone(`reattached_streams.${name}`, 'streams', seen.resumedCalls),
    alone(`reattached_connections.${name}`, 'connections', log.connections),
    alone(`disturbed_calls.${name}`, 'calls', log.disturbed),
    alone(`runs.${name}`, 'calls', after.runs),
    alone(`answered.${name}`, 'calls', after.answered),
    alone(`collected.${name}`, 'calls', collected),
  ];
}

/** Answers some of the requests as a person does, and waits until the agents that came back by themselves have the results. */
async function answerSome(holdpoint: Holdpoint, parked: Parked, count: number): Promise<number> {
  const window = await OpenWindow.open(holdpoint);
  const { items } = await window.say(watchOpen);
  const chosen = items.slice(0, count).map(({ request }) => request);
  const trips = new Map([...parked.trips].map(([trip, made]) => [questionOf(trip), made]));
  for (const request of chosen) {
    await window.answer(request);
    // Rejected when it is not the answer to its own question.
    await trips.get(request.title);
  }
  window.close();
  return chosen.filter(({ title }) => trips.has(title)).length;
}
