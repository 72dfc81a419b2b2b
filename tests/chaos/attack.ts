import { wordsOf } from '@/tests/chaos/checker/violation';
import { runChaos } from '@/tests/chaos/run';

export interface AttackOrder {
  readonly seed: string;
  /** The first round's number, from 1. */
  readonly from: number;
  readonly rounds: number;
}

/** What an attack found, in words, and what of it did not happen as it should. */
export interface AttackReport {
  readonly violations: readonly string[];
  readonly unsettled: readonly string[];
  /** An attack that did not happen proves nothing. */
  readonly missed: readonly string[];
}

export const nothingFound: AttackReport = { violations: [], unsettled: [], missed: [] };

/** Some of the rounds that every run of the tests plays. Those chosen have every kind of fault among them. */
export async function attack({ seed, from, rounds }: AttackOrder): Promise<AttackReport> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const report = await runChaos({ seed, from, rounds, faults: null, verbosity: 'brief', print });
  const { counts, violations, unsettled } = report;
  // What was tried in each round, to play it again.
  if (violations.length + unsettled.length > 0) console.error(lines.join('\n'));
  const spared = Object.entries(counts.faults).flatMap(([fault, count]) => (count === 0 ? [fault] : []));
  const least = {
    rounds: [counts.rounds, rounds],
    calls: [counts.calls, rounds * 3],
    'answers heard': [counts.answersHeard, rounds],
    recoveries: [counts.recoveries, 1],
    tickets: [counts.tickets, 1],
  } as const;
  const few = Object.entries(least).flatMap(([what, [count, wanted]]) =>
    count < wanted ? [`${what}: ${count} of ${wanted}`] : [],
  );
  return { violations: violations.map(wordsOf), unsettled, missed: [...spared, ...few] };
}
