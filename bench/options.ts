import type { Quiet } from './rss';

/** How much is measured of a long queue and a short one. */
export interface QueueAmount {
  /** Open requests of either. */
  readonly few: number;
  readonly many: number;
  /** How often each command is said. */
  readonly commands: number;
  /** Pages opened, each in a browser with nothing in its cache. */
  readonly openings: number;
  /** Keys pressed with the first pages read, and again with the whole list read. */
  readonly presses: number;
  readonly wholePresses: number;
  readonly betweenPressesMs: number;
  readonly scroll: { readonly px: number; readonly rounds: number; readonly pxPerSecond: number };
  readonly arrivalsPerSecond: number;
  /** While someone scrolls and presses keys, and then while nobody does. */
  readonly arrivingMs: number;
  readonly leftAloneMs: number;
}

/** How much is measured of a long past and a short one. */
export interface PastAmount {
  /** Past sessions of either. */
  readonly few: number;
  readonly many: number;
  /** How often each question is asked. */
  readonly questions: number;
}

/** How much is measured of sessions. */
export interface SessionsAmount {
  /** Events of the recorded ones, each compared with the one before it. */
  readonly sizes: readonly number[];
  /** Pages opened of each, in a browser with nothing in its cache. */
  readonly openings: number;
  readonly scroll: { readonly px: number; readonly rounds: number; readonly pxPerSecond: number };
  readonly zoomTurns: number;
  /** Events that come in while keys are pressed. */
  readonly perSecond: number;
  readonly ingestMs: number;
  readonly presses: number;
}

/** How much is measured. Counts are round trips where nothing else is said. */
export interface Amount {
  /** Rounds of each side; the sides take turns. */
  readonly rounds: number;
  readonly warmUp: number;
  readonly oneAtATime: number;
  readonly fiftyAtOnce: number;
  /** Single commits measured alone. */
  readonly commits: number;
  /** Calls that wait for people while Holdpoint is killed, or its memory is measured. */
  readonly parked: number;
  /** How many of them are answered after the new start. */
  readonly answered: number;
  /** Before memory is measured for the first time. */
  readonly memoryWarmUp: number;
  readonly quiet: Quiet;
  /** Sessions that are over, in the database of a start that is measured. */
  readonly pastSessions: number;
  /** Starts of each of the two databases; they take turns. */
  readonly starts: number;
  readonly queue: QueueAmount;
  readonly sessions: SessionsAmount;
  readonly past: PastAmount;
  /** Sessions ended one after the other while their call waits for a person. */
  readonly endings: number;
  /** The whole run ends by then, with whatever error. */
  readonly limitMs: number;
}

export interface Options {
  readonly jsonFile: string | null;
  readonly amount: Amount;
  /** Another bundle of the server to measure; null for the one built beside this. */
  readonly serverFile: string | null;
  /** Only the load or other measurement of this name; null for all. */
  readonly load: string | null;
}

const full: Amount = {
  rounds: 5,
  warmUp: 400,
  oneAtATime: 150,
  fiftyAtOnce: 400,
  commits: 300,
  parked: 1_000,
  answered: 50,
  memoryWarmUp: 20,
  quiet: { quietMs: 10_000, readings: 5 },
  pastSessions: 100_000,
  starts: 5,
  queue: {
    few: 100,
    many: 10_000,
    commands: 50,
    openings: 4,
    presses: 200,
    wholePresses: 100,
    betweenPressesMs: 30,
    scroll: { px: 4_000, rounds: 2, pxPerSecond: 5_000 },
    arrivalsPerSecond: 50,
    arrivingMs: 20_000,
    leftAloneMs: 10_000,
  },
  sessions: {
    sizes: [200, 2_000, 20_000],
    openings: 5,
    scroll: { px: 6_000, rounds: 2, pxPerSecond: 6_000 },
    zoomTurns: 20,
    perSecond: 200,
    ingestMs: 20_000,
    presses: 150,
  },
  past: { few: 1_000, many: 100_000, questions: 20 },
  endings: 150,
  limitMs: 25 * 60_000,
};
export const quick: Amount = {
  rounds: 1,
  warmUp: 5,
  oneAtATime: 10,
  fiftyAtOnce: 50,
  commits: 5,
  parked: 40,
  answered: 5,
  memoryWarmUp: 5,
  quiet: { quietMs: 500, readings: 2 },
  pastSessions: 1_000,
  starts: 1,
  queue: {
    few: 30,
    many: 300,
    commands: 5,
    openings: 1,
    presses: 10,
    wholePresses: 10,
    betweenPressesMs: 20,
    scroll: { px: 2_000, rounds: 1, pxPerSecond: 4_000 },
    arrivalsPerSecond: 20,
    arrivingMs: 1_500,
    leftAloneMs: 1_000,
  },
  sessions: {
    sizes: [60, 200, 600],
    openings: 1,
    scroll: { px: 1_000, rounds: 1, pxPerSecond: 4_000 },
    zoomTurns: 4,
    perSecond: 100,
    ingestMs: 1_500,
    presses: 15,
  },
  past: { few: 100, many: 600, questions: 1 },
  endings: 5,
  limitMs: 3 * 60_000,
};

const names = 'at_1|at_50|at_50_one_session|reattach|memory|start_up|queue|sessions|past|endings';
export const usage = `npm run bench -- [--quick] [--json FILE] [--server FILE] [--load ${names}]`;

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
