import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Log } from '@/server/engine/ports/log';
import type { PolicyDb } from '@/server/policy/tables';
import { openStore } from '@/server/store/open-store';
import { auditFindings, choiceActFindings } from './audit-findings';
import { findingsOf } from './findings';
import type { KillAt } from './gate';
import { isAboutChoices, live } from './life';
import type { Scenario } from './scenarios';
import { makeTemplate, type Template, World } from './world';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
/** Worlds at once; each is mostly waiting. */
const abreast = 6;
/** More than any call here has. */
const boundariesMost = 400;
/** So many say enough. */
const findingsMost = 3;

export interface Run {
  /** Where each life but the last was killed. */
  readonly kills: readonly string[];
  /** The boundaries that each life passed. */
  readonly passed: readonly (readonly string[])[];
  readonly findings: readonly string[];
}

/** One call's whole life, killed at the given boundaries in turn, and judged when everything has come to rest. */
export async function runWorld(scenario: Scenario, template: Template, kills: readonly KillAt[]): Promise<Run> {
  return runThrough(await World.create(scenario, template), kills);
}

/** The same for a world that is made already. */
export async function runThrough(world: World, kills: readonly KillAt[]): Promise<Run> {
  try {
    const passed: (readonly string[])[] = [];
    for (const killAt of [...kills, null]) {
      const end = await live(world, killAt);
      passed.push(end.passed);
      if (end.killedAt === null) break;
    }
    const opening = await openStore({ databaseUrl: world.databaseUrl, log: silent });
    if (!opening.ok) throw new Error(opening.message);
    const { store, audit, db } = opening;
    const found = [...(await findingsOf(world, store)), ...(await auditFindings(audit, store))];
    // The store's handle knows only its own tables; these are in the same database.
    if (isAboutChoices(world)) found.push(...(await choiceActFindings(audit, db as unknown as PolicyDb)));
    await opening.store.close();
    const where = `${world.scenario.name}, killed ${world.kills.join(', then ')}`;
    return { kills: world.kills, passed, findings: found.map((finding) => `${where}: ${finding}`) };
  } finally {
    await world.close();
  }
}

export interface Sweep {
  /** The boundaries that the life was killed at. */
  readonly killedAt: ReadonlySet<string>;
  readonly findings: readonly string[];
}

/**
 * Kills a life at each of its boundaries in turn: the first life, or the one that follows a death at `first`. What
 * lies at which place differs a little from run to run, so boundaries go by their names, and one that no run showed
 * before is gone to as well.
 */
export async function sweep(
  scenario: Scenario,
  first: string | null = null,
  isSwept: (boundary: string) => boolean = () => true,
): Promise<Sweep> {
  const before = first === null ? [] : [first];
  return withTemplate(async (template) => {
    const unharmed = await runWorld(scenario, template, before);
    const findings = [...unharmed.findings];
    const known = new Set(unharmed.passed[before.length]);
    const killedAt = new Set<string>();
    const left = [...known].filter(isSwept);
    while (left.length > 0 && killedAt.size < boundariesMost && findings.length < findingsMost) {
      const batch = left.splice(0, abreast);
      const runs = await Promise.all(batch.map((name) => runWorld(scenario, template, [...before, name])));
      for (const run of runs) {
        findings.push(...run.findings);
        for (const name of run.kills.slice(before.length)) killedAt.add(name);
        const others = (run.passed[before.length] ?? []).filter((name) => !known.has(name));
        for (const name of others) known.add(name);
        left.push(...others.filter(isSwept));
      }
    }
    return { killedAt, findings };
  });
}

/** Many worlds, some at a time, in order. */
export async function runAll<T>(
  items: readonly T[],
  run: (item: T, template: Template) => Promise<Run>,
): Promise<readonly Run[]> {
  return withTemplate(async (template) => {
    const runs: Run[] = [];
    for (let next = 0; next < items.length; next += abreast) {
      const batch = items.slice(next, next + abreast);
      runs.push(...(await Promise.all(batch.map((item) => run(item, template)))));
    }
    return runs;
  });
}

/** A process that dies takes nothing with it that the kernel has: memory will do for a disk, and is quick to fsync. */
function fastFolder(): string {
  const memory = '/dev/shm';
  return existsSync(memory) ? memory : tmpdir();
}

export async function withTemplate<T>(work: (template: Template) => Promise<T>): Promise<T> {
  const template = await makeTemplate(fastFolder());
  try {
    return await work(template);
  } finally {
    await rm(template.folder, { recursive: true, force: true });
  }
}
