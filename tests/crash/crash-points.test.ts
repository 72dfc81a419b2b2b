import { describe, expect, it } from 'vitest';
import { sweep } from './enumerate';
import { approvals, kinds, recoveries } from './scenarios';

/** Each call's life has at least these; fewer would mean that the gate does not stand where it should. */
const landmarks = [
  'after the commit of session.started',
  'before open',
  'after open',
  'before sendCall',
  'the tool started',
  'after sendCall',
];

/** Dozens of lives, each with a handshake and its fsyncs, on a machine that may be busy. */
const longMs = 180_000;

describe('killed at every commit, every send and every sign of the server, and started again', () => {
  it.each([...kinds, ...approvals, ...recoveries])(
    'I2 I3 I4 I5 I15 $name',
    async (scenario) => {
      const { findings, killedAt } = await sweep(scenario);
      expect(findings).toEqual([]);
      expect([...killedAt]).toEqual(expect.arrayContaining(landmarks));
    },
    longMs,
  );
});
