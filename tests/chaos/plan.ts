import type { Random } from '@/tests/chaos/random';
import type { Moment } from '@/tests/chaos/moments';
import type { FaultKind } from '@/tests/chaos/world';

export interface CallPlan {
  readonly mark: string;
  readonly agent: number;
  readonly server: string;
  readonly tool: string;
  readonly startMs: number;
  readonly workMs: number;
  /** Where its idempotency key goes; null when it has none. */
  readonly key: 'meta' | 'header' | null;
  /** `progress`: heartbeats keep it waiting; `plain`: it may get a ticket. */
  readonly manner: 'progress' | 'plain';
  /** Once told, it asks again by its key, and must hear the same. */
  readonly asksAgain: boolean;
  /** Given a ticket, it gives the call up. */
  readonly cancels: boolean;
}

/** `atMs` into the round; or `delayMs` after the `count`th such moment, if that comes before `atMs`. */
export type When =
  | { readonly by: 'clock'; readonly atMs: number }
  | {
      readonly by: 'moment';
      readonly moment: Moment;
      readonly count: number;
      readonly delayMs: number;
      readonly atMs: number;
    };

/** What a dropped agent does next. */
export type ComeBack = 'same_session' | 'new_session' | 'never';

export type FaultPlan = { readonly when: When; readonly lastsMs: number } & (
  | { readonly kind: 'kill_holdpoint' | 'stop_holdpoint' }
  | { readonly kind: 'kill_server' | 'end_session' | 'cut_network'; readonly server: string }
  | { readonly kind: 'drop_agent'; readonly agent: number; readonly comeBack: ComeBack }
  | { readonly kind: 'cut_person'; readonly person: 'first' | 'second' }
);

export interface RoundPlan {
  readonly calls: readonly CallPlan[];
  readonly faults: readonly FaultPlan[];
}

export const agentsPerRound = 3;
const startWithinMs = 700;
const faultWithinMs = 2_200;

/** Tools by server, by how often they are called. */
const tools: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  kept: {
    ask: 4,
    ask_two: 3,
    ask_reading: 2,
    ask_repeatable: 2,
    sample: 2,
    ask_link: 1,
    work: 1,
    after_page: 1,
    held_write: 2,
    held_ask: 2,
  },
  bare: { ask: 4, ask_repeatable: 2, sample: 1, work: 2, held_write: 2 },
  fast: { ask: 4, work: 1 },
  everything: { 'trigger-elicitation-request': 4, echo: 1 },
  pipe: { ask: 3, ask_two: 1, ask_reading: 2, work: 1, held_write: 2 },
};
const serverWeights: Readonly<Record<string, number>> = { kept: 8, bare: 3, fast: 3, everything: 3, pipe: 3 };

export const noFaults: Readonly<Record<FaultKind, number>> = {
  kill_holdpoint: 0,
  stop_holdpoint: 0,
  kill_server: 0,
  end_session: 0,
  cut_network: 0,
  drop_agent: 0,
  cut_person: 0,
};

export const faultWeights: Readonly<Record<FaultKind, number>> = {
  kill_holdpoint: 6,
  stop_holdpoint: 2,
  kill_server: 3,
  end_session: 2,
  cut_network: 3,
  drop_agent: 4,
  cut_person: 4,
};

/** What will be tried in round `round`: a pure function of the generator. */
export function planRound(
  random: Random,
  round: number,
  weights: Readonly<Partial<Record<FaultKind, number>>> = faultWeights,
): RoundPlan {
  // Most rounds have a server where most happens: what strikes one that nobody uses proves nothing.
  const focus = random.chance(0.7) ? random.weighted(serverWeights) : null;
  const serverOf = (): string => (focus !== null && random.chance(0.65) ? focus : random.weighted(serverWeights));
  const calls = Array.from({ length: random.between(4, 9) }, (_none, index) =>
    planCall(random, `r${round}c${index}`, serverOf()),
  );
  const weighed = { ...noFaults, ...weights };
  if (Object.values(weighed).every((weight) => weight === 0)) return { calls, faults: [] };
  if (weighed.cut_network > 0 && weighed.kill_holdpoint > 0 && random.chance(0.2)) {
    return { calls, faults: killedWithAnswersUnsent(random, onNetwork(focus ?? 'kept')) };
  }
  const faults = Array.from({ length: random.between(1, 4) }, () =>
    planFault(random, random.weighted(weighed), serverOf),
  );
  // Each of its starts costs seconds; two show all that more would.
  const ends = faults.filter(endsHoldpoint);
  return { calls, faults: faults.filter((fault) => !endsHoldpoint(fault) || ends.indexOf(fault) < 2) };
}

function endsHoldpoint({ kind }: FaultPlan): boolean {
  return kind === 'kill_holdpoint' || kind === 'stop_holdpoint';
}

function planCall(random: Random, mark: string, server: string): CallPlan {
  const key = random.weighted({ meta: 4, header: 2, none: 4 });
  return {
    mark,
    agent: random.between(0, agentsPerRound - 1),
    server,
    tool: random.weighted(tools[server] ?? {}),
    startMs: random.between(0, startWithinMs),
    workMs: random.between(100, 1_500),
    key: key === 'none' ? null : key,
    manner: random.chance(0.5) ? 'progress' : 'plain',
    asksAgain: key !== 'none' && random.chance(0.4),
    cancels: random.chance(0.08),
  };
}

/** There is no network to the one on stdio. */
function onNetwork(server: string): string {
  return server === 'pipe' ? 'kept' : server;
}

function planFault(random: Random, kind: FaultKind, serverOf: () => string): FaultPlan {
  const when = planWhen(random);
  const lastsMs = random.between(0, 700);
  switch (kind) {
    case 'kill_holdpoint':
    case 'stop_holdpoint':
      return { kind, when, lastsMs };
    case 'kill_server':
    case 'end_session':
      return { kind, when, lastsMs, server: serverOf() };
    case 'cut_network':
      return { kind, when, lastsMs, server: onNetwork(serverOf()) };
    case 'drop_agent':
      return {
        kind,
        when,
        lastsMs,
        agent: random.between(0, agentsPerRound - 1),
        comeBack: random.weighted({ same_session: 4, new_session: 4, never: 2 }),
      };
    case 'cut_person':
      return { kind, when, lastsMs, person: random.chance(0.5) ? 'first' : 'second' };
  }
}

/** Answers are saved while their server cannot be reached, and then Holdpoint is killed. */
function killedWithAnswersUnsent(random: Random, server: string): readonly FaultPlan[] {
  const cut: When = { by: 'moment', moment: 'request_shown', count: random.between(1, 3), delayMs: 0, atMs: 1_500 };
  const kill: When = {
    by: 'moment',
    moment: 'answer_saved',
    count: random.between(1, 4),
    delayMs: random.between(0, 400),
    atMs: latestMomentMs,
  };
  return [
    { kind: 'cut_network', when: cut, lastsMs: random.between(600, 2_500), server },
    { kind: 'kill_holdpoint', when: kill, lastsMs: random.between(0, 300) },
  ];
}

const latestMomentMs = 3_000;

/** Half of the faults strike right where something is between two records, the others anywhere. */
function planWhen(random: Random): When {
  const where = random.weighted({ start: 1, under_way: 3, between_records: 4 });
  if (where === 'start') return { by: 'clock', atMs: random.between(0, startWithinMs) };
  if (where === 'under_way') {
    return {
      by: 'moment',
      moment: 'call_sent',
      count: 1,
      delayMs: random.between(0, faultWithinMs),
      atMs: latestMomentMs,
    };
  }
  return {
    by: 'moment',
    moment: random.weighted({ call_sent: 3, request_shown: 2, answer_said: 4, answer_saved: 3 }),
    count: random.between(1, 6),
    delayMs: random.between(0, 25),
    atMs: latestMomentMs,
  };
}
