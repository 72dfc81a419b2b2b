import { randomBytes } from 'node:crypto';
import { faultWeights } from '@/tests/chaos/plan';
import type { FaultKind } from '@/tests/chaos/world';

export interface Options {
  readonly seed: string;
  readonly from: number;
  readonly rounds: number;
  readonly faults: readonly FaultKind[] | null;
  readonly verbosity: 'brief' | 'verbose';
}

export const usage =
  'npm run chaos -- [--seed S] [--rounds N] [--from N] [--faults kill_holdpoint,cut_network,…] [--verbose]';

/** Reads the command line; null when it says something unknown. Without a seed a new one is made, and printed. */
export function readOptions(args: readonly string[]): Options | null {
  let options: Options = {
    seed: randomBytes(4).toString('hex'),
    from: 1,
    rounds: 25,
    faults: null,
    verbosity: 'brief',
  };
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--verbose') {
      options = { ...options, verbosity: 'verbose' };
      continue;
    }
    const value = rest.shift();
    if (value === undefined) return null;
    const changed = readValue(options, word, value);
    if (changed === null) return null;
    options = changed;
  }
  return options;
}

function readValue(options: Options, word: string, value: string): Options | null {
  switch (word) {
    case '--seed':
      return { ...options, seed: value };
    case '--rounds':
    case '--from': {
      const number = Number(value);
      if (!Number.isInteger(number) || number < 1) return null;
      return word === '--rounds' ? { ...options, rounds: number } : { ...options, from: number };
    }
    case '--faults': {
      const kinds = value.split(',').filter((kind) => kind !== '');
      return kinds.every(isFaultKind) ? { ...options, faults: kinds } : null;
    }
    default:
      return null;
  }
}

function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultWeights, text);
}
