import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionEvent } from '@/lib/domain/event';
import { connectAgent } from './agent';
import { commitsIn, measureCommit } from './commits';
import { alone, type Figure, figuresOf, stageFigures } from './figures';
import { startHoldpoint } from './holdpoint';
import type { Amount } from './options';
import { type Person, seatPerson } from './person';
import { startProcess } from './process';
import { comparisonTable, machineFacts, stageTable } from './report';
import { compare, type Load, runRound, type Side, TripNumbers } from './rounds';
import { type Stage, stagesOf } from './stages';

export interface RunOrder {
  readonly amount: Amount;
  /** Only the load of this name; null for all. */
  readonly load: string | null;
  /** This bundle: started again as the benched MCP server. */
  readonly benchFile: string;
  readonly serverFile: string;
  /** An empty folder on a disk, for Holdpoint's data. */
  readonly folder: string;
  readonly print: (line: string) => void;
  /** What must be ended when the run is over, however it is. */
  readonly onEnd: (stop: () => Promise<void>) => void;
}

const oneAtATime: Load = { name: 'at_1', words: 'one at a time', sessions: 1, atOnce: 1 };
const fiftyAtOnce: Load = { name: 'at_50', words: '50 at once, a session each', sessions: 50, atOnce: 50 };
const fiftyInOne: Load = { name: 'at_50_one_session', words: '50 at once in one session', sessions: 1, atOnce: 50 };
const loads: readonly Load[] = [oneAtATime, fiftyAtOnce, fiftyInOne];

interface Sides {
  readonly bare: Side;
  readonly holdpoint: Side;
  readonly person: Person;
  readonly numbers: TripNumbers;
}

/** The whole benchmark. Everything runs on loopback: three processes, the benched server shared by both sides. */
export async function runBench(order: RunOrder): Promise<readonly Figure[]> {
  order.print(machineFacts());
  return new Promise((resolve, reject) => {
    measure(order, reject).then(resolve, reject);
  });
}

async function measure(order: RunOrder, onTrouble: (error: Error) => void): Promise<readonly Figure[]> {
  const { amount, print } = order;
  const sides = await openSides(order, onTrouble);
  const figures: Figure[] = [];
  const columns: { readonly load: Load; readonly stages: readonly Stage[] }[] = [];
  const chosen = loads.filter(({ name }) => order.load === null || order.load === name);
  if (chosen.length === 0)
    throw new Error(`There is no load named ${order.load}. There are: ${loads.map(({ name }) => name).join(', ')}.`);
  for (const load of chosen) {
    const { contest, stages } = await measureLoad(sides, load, amount);
    figures.push(...figuresOf(load, contest), ...stageFigures(load, stages));
    columns.push({ load, stages });
    print(`measured: ${load.words}`);
  }
  const anatomy = await commitAnatomy(sides, order);
  figures.push(...anatomy);
  print(`\n${comparisonTable(chosen, figures)}\n`);
  print(`What it is spent on (mean ms of a round trip)\n${stageTable(columns)}`);
  print(
    `  commits of one round trip: ${anatomy[0]?.value.toFixed(1)}, each ${anatomy[1]?.value.toFixed(2)} ms when alone on this disk`,
  );
  return figures;
}

async function openSides(
  { benchFile, serverFile, folder, onEnd }: RunOrder,
  onTrouble: (error: Error) => void,
): Promise<Sides> {
  const benched = startProcess({
    words: 'the benched MCP server',
    args: [benchFile, 'serve'],
    env: { NODE_ENV: 'production' },
  });
  onEnd(() => benched.stop());
  const [, mcpUrl = ''] = await benched.said(/listening on (\S+)/);
  const holdpoint = await startHoldpoint({ serverFile, folder, mcpUrl });
  onEnd(() => holdpoint.stop());
  const person = await seatPerson(holdpoint, onTrouble);
  onEnd(async () => person.close());
  const direct = { url: mcpUrl, tool: 'ask', apiKey: null, answersItself: true };
  const through = {
    url: `${holdpoint.origin}/mcp`,
    tool: 'bench__ask',
    apiKey: holdpoint.apiKey,
    answersItself: false,
  };
  return {
    bare: { name: 'bare SDK', open: () => connectAgent(direct) },
    holdpoint: { name: 'Holdpoint', open: () => connectAgent(through) },
    person,
    numbers: new TripNumbers(),
  };
}

async function measureLoad(
  sides: Sides,
  load: Load,
  amount: Amount,
): Promise<{ readonly contest: Awaited<ReturnType<typeof compare>>; readonly stages: readonly Stage[] }> {
  const { person, numbers } = sides;
  const ids = new Set<SessionId>();
  const noteSessions = async (): Promise<void> => {
    for (const { session } of await person.sessions()) ids.add(session.sessionId);
  };
  const count = load.atOnce === 1 ? amount.oneAtATime : amount.fiftyAtOnce;
  const contest = await compare(sides, load, {
    rounds: amount.rounds,
    warmUp: amount.warmUp,
    count,
    numbers,
    onOpen: noteSessions,
  });
  const events: SessionEvent[] = [];
  for (const id of ids) events.push(...(await person.events(id)));
  const trips = contest.holdpoint.flatMap((round) => round.trips);
  return { contest, stages: stagesOf(trips, events, person.seenAt) };
}

/** How many transactions a round trip takes, counted in a session that is watched, and what one costs by itself. */
async function commitAnatomy(
  { holdpoint, person, numbers }: Sides,
  { amount, folder }: RunOrder,
): Promise<readonly Figure[]> {
  const agent = await holdpoint.open();
  await runRound([agent], oneAtATime, { count: 1, numbers });
  const summary = (await person.sessions())[0];
  if (summary === undefined) throw new Error('The open session is not listed');
  const { sessionId } = summary.session;
  const stopWatching = await person.watch(sessionId);
  await runRound([agent], oneAtATime, { count: amount.oneAtATime, numbers });
  const perTrip = commitsIn(await stopWatching()) / amount.oneAtATime;
  const event = (await person.events(sessionId)).find(({ type }) => type === 'request.opened');
  const item = person.lastShown();
  await agent.close();
  if (event === undefined || item === null) throw new Error('The open session has no request');
  const own = path.join(folder, 'alone');
  await mkdir(own);
  const commitMs = await measureCommit(own, { event, summary, item }, amount.commits);
  return [alone('commits_per_round_trip', 'transactions', perTrip), alone('commit_ms', 'ms', commitMs)];
}
