import { expect, test } from 'vitest';
import { wordsOf } from '@/tests/chaos/checker/violation';
import { runChaos } from '@/tests/chaos/run';

const rounds = 25;
const seed = 'npm test';

test('I1 I2 I3 I4 I5 I7 I9: under 25 rounds of attack no answer is lost or altered, nothing runs twice, nothing hangs', async () => {
  const lines: string[] = [];
  const report = await runChaos({
    seed,
    from: 1,
    rounds,
    faults: null,
    verbosity: 'brief',
    print: (line) => lines.push(line),
  });
  const { counts, violations, unsettled } = report;
  // What was tried in each round, to play it again.
  if (violations.length + unsettled.length > 0) console.error(lines.join('\n'));
  expect(violations.map(wordsOf)).toEqual([]);
  expect(unsettled).toEqual([]);
  // An attack that did not happen proves nothing.
  const spared = Object.entries(counts.faults).filter(([, count]) => count === 0);
  expect(spared).toEqual([]);
  expect(counts.rounds).toBe(rounds);
  expect(counts.calls).toBeGreaterThan(rounds * 3);
  expect(counts.answersHeard).toBeGreaterThan(rounds);
  expect(counts.recoveries).toBeGreaterThan(0);
  expect(counts.tickets).toBeGreaterThan(0);
});
