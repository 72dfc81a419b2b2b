import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { check } from '@/tests/chaos/checker/check';
import { type Violation, wordsOf } from '@/tests/chaos/checker/violation';
import { faultWeights, planRound, type RoundPlan } from '@/tests/chaos/plan';
import { Random } from '@/tests/chaos/random';
import { playRound, type RoundReport } from '@/tests/chaos/round';
import { countWorld, type Counts } from '@/tests/chaos/counts';
import { setStage, type Stage } from '@/tests/chaos/stage';
import type { FaultKind, World } from '@/tests/chaos/world';

export interface RunOptions {
  readonly seed: string;
  /** The first round's number, from 1. */
  readonly from: number;
  readonly rounds: number;
  /** Only these kinds of fault; null for all. */
  readonly faults: readonly FaultKind[] | null;
  readonly print: (line: string) => void;
  readonly verbosity: 'brief' | 'verbose';
}

export interface RunReport {
  readonly counts: Counts;
  readonly violations: readonly Violation[];
  /** What had not settled when its round was given up. */
  readonly unsettled: readonly string[];
  /** Where the records of rounds with a violation lie. */
  readonly folder: string;
}

/** How many rounds back a late effect is looked for at once; the last check looks at all of them. */
const lookBack = 2;
const outputKept = 40_000;

export async function runChaos(options: RunOptions): Promise<RunReport> {
  const { seed, from, rounds, print } = options;
  const stage = await setStage();
  const found = new Map<string, Violation>();
  const begins: number[] = [];
  const unsettled: string[] = [];
  let ageing: readonly number[] = [];
  try {
    for (let round = from; round < from + rounds; round += 1) {
      begins.push(Date.now());
      const random = new Random(`${seed}/round ${round}`);
      const plan = planRound(random.fork('plan'), round, weightsOf(options.faults));
      const report = await playRound(stage, plan, random);
      unsettled.push(...report.unsettled);
      ageing = findOrphans(stage, ageing);
      const window = since(stage.ledger.world(), begins.at(-1 - lookBack) ?? begins[0] ?? 0);
      const fresh = remember(check(window), found);
      print(roundLine(options, { round, plan, report, fresh }));
      if (fresh.length > 0) keepEvidence(stage, { round, seed, plan, report, fresh, window });
    }
    const world = stage.ledger.world();
    for (const violation of remember(check(world), found)) print(`  at the end: ${wordsOf(violation)}`);
    return { counts: countWorld(world, rounds), violations: [...found.values()], unsettled, folder: stage.folder };
  } finally {
    await stage.close();
  }
}

function weightsOf(faults: readonly FaultKind[] | null): Partial<Record<FaultKind, number>> {
  if (faults === null) return faultWeights;
  const entries = Object.entries(faultWeights) as [FaultKind, number][];
  return Object.fromEntries(entries.map(([kind, weight]) => [kind, faults.includes(kind) ? weight : 0]));
}

/** A stdio server is there for one session, and every session ends with its round. */
function findOrphans({ servers, ledger }: Stage, old: readonly number[]): readonly number[] {
  const stdio = servers.filter(({ network }) => network === null);
  return stdio.flatMap((server) => {
    const pids = server.pids();
    for (const pid of pids.filter((each) => old.includes(each)))
      ledger.orphans.push({ server: server.facts.name, pid, seenAt: Date.now() });
    return pids;
  });
}

/** What happened from an instant on, whole rounds of it. */
function since(world: World, at: number): World {
  return {
    servers: world.servers,
    effects: world.effects.filter((effect) => effect.at >= at),
    sends: world.sends.filter((send) => send.at >= at),
    tellings: world.tellings.filter((telling) => telling.at >= at),
    questions: world.questions.filter((question) => question.openedAt >= at),
    sayings: world.sayings.filter((saying) => saying.saidAt >= at),
    faults: world.faults.filter((fault) => fault.healedAt >= at),
    stops: world.stops.filter((stop) => stop.at >= at),
    cancels: world.cancels.filter((cancel) => cancel.at >= at),
    orphans: world.orphans.filter((orphan) => orphan.seenAt >= at),
  };
}

/** Those not found before. */
function remember(violations: readonly Violation[], found: Map<string, Violation>): readonly Violation[] {
  return violations.filter((violation) => {
    const key = `${violation.kind} ${violation.subject}`;
    if (found.has(key)) return false;
    found.set(key, violation);
    return true;
  });
}

interface Played {
  readonly round: number;
  readonly plan: RoundPlan;
  readonly report: RoundReport;
  readonly fresh: readonly Violation[];
}

function roundLine({ seed, verbosity }: RunOptions, { round, plan, report, fresh }: Played): string {
  const faults = plan.faults.map((fault) => fault.kind).join(' ');
  const head = `seed ${seed} round ${round}: ${plan.calls.length} calls, ${faults === '' ? 'no fault' : faults}; healed after ${seconds(report.healedAfterMs)}, over after ${seconds(report.tookMs)}`;
  const details =
    verbosity === 'verbose' ? [...plan.calls, ...plan.faults].map((each) => `  ${JSON.stringify(each)}`) : [];
  const unsettled = report.unsettled.map((each) => `  not settled: ${each}`);
  return [head, ...details, ...unsettled, ...fresh.map((violation) => `  VIOLATION ${wordsOf(violation)}`)].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function keepEvidence(stage: Stage, evidence: Played & { readonly seed: string; readonly window: World }): void {
  const file = path.join(stage.folder, `round-${evidence.round}.json`);
  const output = stage.product.output().slice(-outputKept).split('\n');
  writeFileSync(file, JSON.stringify({ ...evidence, output }, null, 2));
}
