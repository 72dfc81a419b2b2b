import { describe, expect, it } from 'vitest';
import { Random } from '@/tests/chaos/random';
import { runAll, runWorld } from './enumerate';
import { approvals, harder, kinds, recoveries, type Scenario, withoutEvents } from './scenarios';

const scenarios: readonly Scenario[] = [...kinds, ...approvals, ...recoveries, ...harder, ...kinds.map(withoutEvents)];
const pairsEach = 3;
/** About as many boundaries as a first and a second life have. */
const firstMost = 45;
const secondMost = 25;

const longMs = 180_000;

interface Pair {
  readonly scenario: Scenario;
  readonly kills: readonly [number, number];
}

function pairsOf(seed: string): readonly Pair[] {
  const random = new Random(seed);
  return scenarios.flatMap((scenario) =>
    Array.from({ length: pairsEach }, (): Pair => {
      return { scenario, kills: [random.between(0, firstMost), random.between(0, secondMost)] };
    }),
  );
}

describe('killed twice in a row', () => {
  it(
    'I2 I3 I4 I5 I15 at seeded pairs of boundaries',
    async () => {
      const runs = await runAll(pairsOf('crash-pairs-1'), ({ scenario, kills }, template) =>
        runWorld(scenario, template, kills),
      );
      expect(runs.flatMap((run) => run.findings)).toEqual([]);
      // The pairs mean something only when many lives did die twice.
      expect(runs.filter((run) => run.kills.length === 2).length).toBeGreaterThan(runs.length / 3);
    },
    longMs,
  );
});
