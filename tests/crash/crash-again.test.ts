import { describe, expect, it } from 'vitest';
import { sweep } from './enumerate';
import { kinds, type Scenario, withoutEvents } from './scenarios';

/** Dozens of lives, each with a handshake and its fsyncs, on a machine that may be busy. */
const longMs = 180_000;

const thinking = 'before the commit of request.answered';
const asking = kinds.filter(({ name }) => name === 'form' || name === 'approval');
const unsure = kinds.filter(({ name }) => name === 'a call without a question' || name === 'approval, then form');
const cases: readonly { readonly scenario: Scenario; readonly first: string }[] = [
  // While a person thinks, and just when nothing is known of the call but that it left.
  ...[...asking, ...asking.map(withoutEvents)].map((scenario) => ({
    scenario,
    first: scenario.rules.length === 0 ? `${thinking} + call.allowed` : thinking,
  })),
  ...unsure.map((scenario) => ({ scenario, first: 'the tool started' })),
];

describe('killed once, and again at every boundary of coming back', () => {
  it.each(cases)(
    'I2 I3 I4 I5 I15 $scenario.name, $first',
    async ({ scenario, first }) => {
      const { findings, killedAt } = await sweep(scenario, first);
      expect(findings).toEqual([]);
      expect([...killedAt]).toEqual(expect.arrayContaining(['before restore', 'before resume', 'after resume']));
    },
    longMs,
  );
});
