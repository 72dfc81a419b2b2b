import { noFaults } from '@/tests/chaos/plan';
import type { FaultKind, World } from '@/tests/chaos/world';

/** A run in figures. */
export interface Counts {
  readonly rounds: number;
  readonly calls: number;
  readonly executions: number;
  readonly requests: number;
  readonly answersSaved: number;
  readonly answersHeard: number;
  readonly undelivered: number;
  readonly tickets: number;
  readonly recoveries: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** How agents' waits ended. */
  readonly tellings: Readonly<Record<string, number>>;
}

export function countWorld(world: World, rounds: number): Counts {
  const faults = { ...noFaults };
  for (const { kind } of world.faults) faults[kind] += 1;
  const tellings: Record<string, number> = {};
  for (const { heard } of world.tellings) {
    const how = heard.as === 'outcome' ? heard.outcome : heard.as;
    tellings[how] = (tellings[how] ?? 0) + 1;
  }
  return {
    rounds,
    calls: new Set(world.sends.map(({ mark }) => mark)).size,
    executions: world.effects.filter(({ kind }) => kind === 'executed').length,
    requests: world.questions.length,
    answersSaved: world.sayings.filter(({ reply }) => reply.kind === 'saved').length,
    answersHeard: world.effects.filter(({ kind }) => kind === 'answered').length,
    undelivered: world.questions.filter(({ state }) => state === 'undelivered').length,
    tickets: tellings['ticket'] ?? 0,
    recoveries: world.questions.filter(({ kind }) => kind === 'recovery').length,
    faults,
    tellings,
  };
}

export function summaryLines(counts: Counts): readonly string[] {
  const { faults, tellings, ...figures } = counts;
  return [listed(figures), `faults: ${listed(faults)}`, `agents were told: ${listed(tellings)}`];
}

function listed(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, count]) => `${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${count}`)
    .join(', ');
}
