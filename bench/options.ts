/** How much is measured. Counts are round trips. */
export interface Amount {
  /** Rounds of each side; the sides take turns. */
  readonly rounds: number;
  readonly warmUp: number;
  readonly oneAtATime: number;
  readonly fiftyAtOnce: number;
  /** Single commits measured alone. */
  readonly commits: number;
  /** The whole run ends by then, with whatever error. */
  readonly limitMs: number;
}

export interface Options {
  readonly jsonFile: string | null;
  readonly amount: Amount;
  /** Another bundle of the server to measure; null for the one built beside this. */
  readonly serverFile: string | null;
  /** Only the load of this name; null for all. */
  readonly load: string | null;
}

const full: Amount = { rounds: 5, warmUp: 400, oneAtATime: 150, fiftyAtOnce: 400, commits: 300, limitMs: 10 * 60_000 };
const quick: Amount = { rounds: 1, warmUp: 5, oneAtATime: 10, fiftyAtOnce: 50, commits: 5, limitMs: 2 * 60_000 };

export const usage = 'npm run bench -- [--quick] [--json FILE] [--server FILE] [--load at_1|at_50|at_50_one_session]';

/** Reads the command line; null when it says something unknown. */
export function readOptions(args: readonly string[]): Options | null {
  let options: Options = { jsonFile: null, amount: full, serverFile: null, load: null };
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--quick') {
      options = { ...options, amount: quick };
      continue;
    }
    const value = rest.shift();
    if (value === undefined) return null;
    if (word === '--json') options = { ...options, jsonFile: value };
    else if (word === '--server') options = { ...options, serverFile: value };
    else if (word === '--load') options = { ...options, load: value };
    else return null;
  }
  return options;
}
