import { measureEndings } from './endings';
import type { Figure } from './figures';
import { measureMemory } from './memory';
import { measureReattach } from './reattach';
import { measurePast } from './past';
import { pastTable } from './past-figures';
import { measureQueue } from './queue';
import { machineFacts, measureTable } from './report';
import type { RunOrder } from './run-order';
import { measureSessions } from './sessions';
import { measureStartUp } from './start-up';
import { loads, measureThroughput } from './throughput';

/** What is measured beside the loads of round trips, each in processes of its own. */
const others: readonly {
  readonly name: string;
  readonly words: string;
  readonly measure: (order: RunOrder) => Promise<readonly Figure[]>;
  /** Its own, where the usual one says too little. */
  readonly table?: (words: string, figures: readonly Figure[]) => string;
}[] = [
  { name: 'reattach', words: 'Calls that wait for people, after kill -9 and a new start', measure: measureReattach },
  { name: 'memory', words: 'Resident memory of calls that wait for people', measure: measureMemory },
  { name: 'start_up', words: 'A start, to the word that the port is open', measure: measureStartUp },
  { name: 'queue', words: 'A long queue, against a short one', measure: measureQueue },
  { name: 'sessions', words: 'A session, against one a tenth as long', measure: measureSessions },
  { name: 'past', words: 'A long past, against a short one', measure: measurePast, table: pastTable },
  { name: 'endings', words: 'An agent hears that its session was ended', measure: measureEndings },
];

/** The whole benchmark, or the one part that was chosen. */
export async function runBench(order: RunOrder): Promise<readonly Figure[]> {
  const { load, print } = order;
  const isChosen = ({ name }: { readonly name: string }): boolean => load === null || load === name;
  const chosenLoads = loads.filter(isChosen);
  const chosen = others.filter(isChosen);
  if (chosenLoads.length + chosen.length === 0)
    throw new Error(
      `There is no load named ${load}. There are: ${[...loads, ...others].map(({ name }) => name).join(', ')}.`,
    );
  print(machineFacts());
  const figures: Figure[] = [];
  if (chosenLoads.length > 0) figures.push(...(await measureThroughput(order, chosenLoads)));
  for (const { words, measure, table = measureTable } of chosen) {
    const found = await measure(order);
    figures.push(...found);
    print(`\n${table(words, found)}\n`);
  }
  return figures;
}
