import { describe, expect, it } from 'vitest';
import { sweep } from './enumerate';
import { harder } from './scenarios';

/** Dozens of lives, each with a handshake and its fsyncs, on a machine that may be busy. */
const longMs = 180_000;

describe('killed at every boundary in a world that is less kind', () => {
  it.each(harder)(
    'I3 I4 I5 I9 I15 $name',
    async (scenario) => {
      const { findings, killedAt } = await sweep(scenario);
      expect(findings).toEqual([]);
      expect([...killedAt]).toEqual(expect.arrayContaining(['before sendCall', 'the tool started', 'after sendCall']));
    },
    longMs,
  );
});
