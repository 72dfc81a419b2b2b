import { describe, expect, it } from 'vitest';
import { sweep } from './enumerate';
import { desks } from './scenarios';

/** Dozens of lives, each with a handshake and its fsyncs, on a machine that may be busy. */
const longMs = 180_000;

const landmarks: { readonly [name: string]: readonly string[] } = {
  'two people approve': ['before the commit of request.voted', 'after the commit of request.answered + call.allowed'],
  'an edit between two votes': ['before the commit of request.edited', 'after the commit of request.edited'],
  'an escalation that is due while nobody is there': ['before the commit of request.escalated'],
  'a deadline that allows, due while nobody is there': ['before the commit of request.expired + call.allowed'],
  'a model writes': ['before the model writes', 'after the model wrote'],
  'a remembered choice, and the same call again': [
    'before a choice is kept',
    'before a choice is on record',
    'after a choice is kept',
  ],
};

/** How a session begins and raw messages are written is swept with every other kind of call. */
const isOfDesk = (boundary: string): boolean => !/session\.|connection\.|open$|raw messages/.test(boundary);

describe('killed at every boundary of what the desk does', () => {
  it.each(desks)(
    'I2 I3 I5 I6 I15 $name',
    async (scenario) => {
      const { findings, killedAt } = await sweep(scenario, null, isOfDesk);
      expect(findings).toEqual([]);
      expect([...killedAt]).toEqual(expect.arrayContaining([...(landmarks[scenario.name] ?? ['unknown scenario'])]));
    },
    longMs,
  );
});
