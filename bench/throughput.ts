import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionEvent } from '@/lib/domain/event';
import { connectAgent } from './agent';
import { startBenched } from './benched';
import { commitsOf, measureCommit } from './commits';
import { alone, type Figure, figuresOf, stageFigures } from './figures';
import { startHoldpoint } from './holdpoint';
import type { Amount } from './options';
import { type Person, seatPerson } from './person';
import { comparisonTable, stageTable } from './report';
import { compare, type Load, runRound, type Side, TripNumbers } from './rounds';
import type { RunOrder } from './run-order';
import { type Stage, stagesOf } from './stages';

const oneAtATime: Load = { name: 'at_1', words: 'one at a time', sessions: 1, atOnce: 1 };
const fiftyAtOnce: Load = { name: 'at_50', words: '50 at once, a session each', sessions: 50, atOnce: 50 };
const fiftyInOne: Load = { name: 'at_50_one_session', words: '50 at once in one session', sessions: 1, atOnce: 50 };
export const loads: readonly Load[] = [oneAtATime, fiftyAtOnce, fiftyInOne];

interface Sides {
  readonly bare: Side;
  readonly holdpoint: Side;
  readonly person: Person;
  readonly numbers: TripNumbers;
  /** Holdpoint's own count of its commits. */
  readonly commits: () => Promise<number>;
  /** Before anything else is measured. */
  close(): Promise<void>;
}

/**
 * Round trips through Holdpoint against the bare SDK. Everything runs on loopback: three processes, the benched server
 * shared by both sides.
 */
export function measureThroughput(order: RunOrder, chosen: readonly Load[]): Promise<readonly Figure[]> {
  return new Promise((resolve, reject) => {
    measure(order, chosen, reject).then(resolve, reject);
  });
}

async function measure(
  order: RunOrder,
  chosen: readonly Load[],
  onTrouble: (error: Error) => void,
): Promise<readonly Figure[]> {
  const { amount, print } = order;
  const sides = await openSides(order, onTrouble);
  const figures: Figure[] = [];
  const columns: { readonly load: Load; readonly stages: readonly Stage[] }[] = [];
  for (const load of chosen) {
    const { contest, stages } = await measureLoad(sides, load, amount);
    figures.push(...figuresOf(load, contest), ...stageFigures(load, stages));
    columns.push({ load, stages });
    print(`measured: ${load.words}`);
  }
  const anatomy = await commitAnatomy(sides, order);
  figures.push(...anatomy);
  await sides.close();
  print(`\n${comparisonTable(chosen, figures)}\n`);
  print(`What it is spent on (mean ms of a round trip)\n${stageTable(columns)}`);
  print(
    `  commits of one round trip: ${anatomy[0]?.value.toFixed(1)}, each ${anatomy[1]?.value.toFixed(2)} ms when alone on this disk\n`,
  );
  return figures;
}

async function openSides(
  { benchFile, serverFile, folder, onEnd }: RunOrder,
  onTrouble: (error: Error) => void,
): Promise<Sides> {
  const { mcpUrl, process: benched } = await startBenched(benchFile, 'none');
  onEnd(() => benched.stop());
  const holdpoint = await startHoldpoint({ serverFile, folder: path.join(folder, 'throughput'), mcpUrl });
  onEnd(() => holdpoint.stop());
  const person = await seatPerson(holdpoint, onTrouble);
  onEnd(async () => person.close());
  const direct = { url: mcpUrl, tool: 'ask', apiKey: null, answer: (question: string) => question };
  const through = {
    url: `${holdpoint.origin}/mcp`,
    tool: 'bench__ask',
    apiKey: holdpoint.home.apiKey,
    answer: null,
  };
  return {
    bare: { name: 'bare SDK', open: () => connectAgent(direct) },
    holdpoint: { name: 'Holdpoint', open: () => connectAgent(through) },
    person,
    numbers: new TripNumbers(),
    commits: () => commitsOf(holdpoint.origin),
    close: async () => {
      person.close();
      await holdpoint.stop();
      await benched.stop();
    },
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

/** How many transactions a round trip takes, by Holdpoint's own count, and what one costs by itself. */
async function commitAnatomy(
  { holdpoint, person, numbers, commits }: Sides,
  { amount, folder }: RunOrder,
): Promise<readonly Figure[]> {
  const agent = await holdpoint.open();
  await runRound([agent], oneAtATime, { count: 1, numbers });
  const summary = (await person.sessions())[0];
  if (summary === undefined) throw new Error('The open session is not listed');
  const { sessionId } = summary.session;
  const before = await commits();
  await runRound([agent], oneAtATime, { count: amount.oneAtATime, numbers });
  const perTrip = ((await commits()) - before) / amount.oneAtATime;
  const event = (await person.events(sessionId)).find(({ type }) => type === 'request.opened');
  const item = person.lastShown();
  await agent.close();
  if (event === undefined || item === null) throw new Error('The open session has no request');
  const own = path.join(folder, 'alone');
  await mkdir(own);
  const commitMs = await measureCommit(own, { event, summary, item }, amount.commits);
  return [alone('commits_per_round_trip', 'transactions', perTrip), alone('commit_ms', 'ms', commitMs)];
}
