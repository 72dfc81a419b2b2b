import { randomBytes } from 'node:crypto';
import type { ChoiceId } from '@/lib/domain/ids';
import type { AuditDue } from '@/server/engine/ports/audit';
import { noTracing } from '@/server/engine/ports/tracing';
import { TestChoices, TestPolicy, TestRoster } from '@/tests/support/desk';
import { noRecords } from '@/server/engine/ports/tool-records';
import { createEngine, type Engine } from '@/server/engine/engine';
import type { Choices } from '@/server/engine/ports/policy';
import { plainKeeping } from '@/server/engine/ports/keeping';
import type { Log } from '@/server/engine/ports/log';
import type { Settings } from '@/server/engine/ports/servers';
import type { Store } from '@/server/engine/ports/store';
import type { Upstream } from '@/server/engine/ports/upstream';
import { ChoiceBook } from '@/server/policy/choice-book';
import { migratePolicy, type PolicyDb } from '@/server/policy/tables';
import { openStore, type StoreOpening } from '@/server/store/open-store';
import { createUpstream } from '@/server/upstream/upstream';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';
import { Gate, type KillAt } from './gate';
import { gatedAudit, gatedChoices, gatedClock, gatedModels, gatedStore, gatedUpstream } from './gated-ports';
import { leads, nobodys } from './scenarios';
import { identity } from './scripted-agent';
import { staff } from './scripted-person';
import type { World } from './world';
import { learnedPace } from '@/server/engine/ports/servers';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const lookEveryMs = 50;
/** What waits for a slow network waits for nothing here. */
const timing = { resumeFirstMs: 10, resumeMaxMs: 50, repollFirstMs: 50, repollMaxMs: 200, unreachableMs: 4_000 };

/** What a life is made of. */
interface Parts {
  readonly gate: Gate;
  readonly engine: Engine;
  readonly store: Store;
  readonly upstream: Upstream;
  readonly proxy: TcpProxy;
  /** Wakes who waits for something to happen in this life. */
  readonly changed: Set<() => void>;
}

export interface LifeEnd {
  /** The boundary it was killed at; null when it came to rest. */
  readonly killedAt: string | null;
  /** The boundaries it passed. */
  readonly passed: readonly string[];
}

/** Lives until everything has come to rest, or until it is killed; the database file is what remains. */
export async function live(world: World, killAt: KillAt): Promise<LifeEnd> {
  const parts = await begin(world, killAt);
  const { gate } = parts;
  world.gate = gate;
  const story = tell(world, parts);
  // A life that is over may fail at whatever it was about to do.
  story.catch(() => undefined);
  await Promise.race([gate.died, story]);
  world.gate = null;
  if (gate.isDead) {
    if (world.disk.isVulnerable) world.wasVulnerable = true;
    world.kills.push(gate.killedAt ?? '');
    await bury(parts);
    await world.meanwhile();
  } else await end(parts);
  return { killedAt: gate.killedAt, passed: gate.passed };
}

async function begin(world: World, killAt: KillAt): Promise<Parts> {
  const gate = new Gate(killAt);
  const log = logOf(world, gate);
  const opening = await openStore({ databaseUrl: world.databaseUrl, secret: 's'.repeat(43), log });
  if (!opening.ok) throw new Error(opening.message);
  const proxy = await startTcpProxy(world.kitchen.url);
  const isBack = comeBackLater(proxy, world.kills.length === 0 ? 0 : world.scenario.awayMs);
  gate.onDeath(() => {
    clearTimeout(isBack);
    proxy.cut();
  });
  const upstream = createUpstream({ log, clientVersion: '0.0.0', timing });
  const changed = new Set<() => void>();
  const keep = (choiceId: ChoiceId): void => {
    if (!world.choices.some((one) => one.choiceId === choiceId))
      world.choices.push({ choiceId, life: world.kills.length });
  };
  const choices = await choicesOf(world, opening, gatedAudit(opening.audit, gate, keep));
  const outlets = world.tamper({ store: opening.store, upstream, choices, models: world.model.models });
  const engine = createEngine({
    audit: opening.audit,
    tracing: noTracing,
    store: gatedStore(outlets.store, gate, (batch) => world.committed(batch)),
    upstream: gatedUpstream(outlets.upstream, gate),
    publisher: {
      publish: (change) => {
        if (gate.isDead) return;
        const unsaved = change.change === 'events' ? change.events.find((event) => !world.disk.has(event)) : undefined;
        if (unsaved !== undefined) world.complaints.push(`I2: ${unsaved.type} was published before it was on the disk`);
        for (const wake of changed) wake();
      },
    },
    clock: gatedClock(gate),
    log,
    random: (count) => randomBytes(count),
    settings: settingsOf(world, proxy.url),
    policy: new TestPolicy(world.scenario.rules),
    choices: gatedChoices(outlets.choices, gate, ({ choiceId }) => keep(choiceId)),
    models: gatedModels(outlets.models, gate),
    register: null,
    toolRecords: noRecords,
    roster: rosterOf(),
    keeping: plainKeeping,
    identify: (id) => gate.shield(Promise.resolve(id === identity.id ? identity : null)),
  });
  return { gate, engine, store: opening.store, upstream, proxy, changed };
}

export function isAboutChoices({ scenario }: World): boolean {
  return (scenario.desk?.again ?? null) !== null;
}

/** On the disk where the scenario is about them; elsewhere nothing is remembered. */
async function choicesOf(
  world: World,
  opening: Extract<StoreOpening, { ok: true }>,
  audit: AuditDue,
): Promise<Choices> {
  if (!isAboutChoices(world)) return new TestChoices();
  // The store's handle knows only its own tables; these are in the same database.
  const db = opening.db as unknown as PolicyDb;
  await migratePolicy(db);
  return ChoiceBook.open({
    db,
    clock: { now: () => Date.now(), after: () => () => undefined },
    log: quiet,
    isLive: () => true,
    audit,
  });
}

function rosterOf(): TestRoster {
  const roster = new TestRoster(staff);
  roster.addTeam(nobodys, 'Nobody’s');
  roster.addTeam(leads, 'Leads');
  return roster;
}

/** The network is not there at first. */
function comeBackLater(proxy: TcpProxy, awayMs: number): NodeJS.Timeout {
  if (awayMs > 0) proxy.cut();
  return setTimeout(() => proxy.restore(), awayMs);
}

/** The life's story: the engine takes up what the last one left, then the person and the agent come back. */
async function tell(world: World, parts: Parts): Promise<void> {
  const { engine, gate } = parts;
  const { agent, people } = world;
  const peopleDesk = gate.mortal(engine.people);
  await gate.shield(engine.run());
  const look = (): void => {
    for (const person of people)
      person.look(peopleDesk, gate).catch((error: unknown) => {
        world.complaints.push(`the queue could not be read: ${String(error)}`);
      });
  };
  parts.changed.add(look);
  for (const person of people) person.begin(peopleDesk, gate);
  look();
  const desk = gate.mortal(engine.agents);
  const deadlineAt = Date.now() + world.restWithinMs;
  const acted = agent.act(desk, { gate, disk: world.disk }).then(() => true);
  const isTold = await Promise.race([acted, untilTime(deadlineAt)]);
  if (!isTold && !gate.isDead) world.complaints.push('the agent hears nothing');
  const unrest = await gate.shield(rest(world, parts, deadlineAt));
  if (unrest !== null) world.complaints.push(`no rest: ${unrest}`);
  else await Promise.race([agent.confirm(desk), untilTime(Date.now() + world.restWithinMs)]);
}

function untilTime(at: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), Math.max(0, at - Date.now())).unref();
  });
}

/** Waits until nothing is open any more; else says what is. */
async function rest(world: World, parts: Parts, deadlineAt: number): Promise<string | null> {
  for (;;) {
    const unrest = await unrestOf(world, parts.store);
    if (unrest === null || parts.gate.isDead || Date.now() > deadlineAt) return unrest;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        parts.changed.delete(wake);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, lookEveryMs);
      parts.changed.add(wake);
    });
  }
}

async function unrestOf(world: World, store: Store): Promise<string | null> {
  const requests = await store.requests({ states: ['open', 'answered'], before: null, limit: 100 });
  const waiting = requests.map(({ kind, state }) => `${kind} request ${state}`);
  if (world.people.some(({ isDone }) => !isDone)) waiting.push('an answer is not acknowledged');
  if (!world.agent.isDone) waiting.push('the agent was not told');
  for (const saved of await store.loadLive()) {
    for (const call of saved.calls) if (!('endedAt' in call)) waiting.push(`call ${call.state}`);
  }
  return waiting.length === 0 ? null : waiting.join(', ');
}

/** It came to rest: it stops as a process is stopped. */
async function end({ engine, upstream, store, proxy }: Parts): Promise<void> {
  await engine.drain();
  await upstream.stop();
  await proxy.close();
  await store.close();
}

/** It was killed: its sockets are cut already, and nothing of it may wait for what never returns. */
async function bury({ upstream, store, proxy }: Parts): Promise<void> {
  upstream.stop().catch(() => undefined);
  await proxy.close();
  await store.close();
}

function settingsOf({ scenario }: World, url: string): Settings {
  const limits = { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null };
  const transport = { kind: 'http' as const, url, headers: {}, sign: null };
  return {
    servers: [
      {
        name: 'kitchen',
        transport,
        trusted: true,
        repeatable: scenario.repeatable ? [scenario.tool] : [],
        limits,
        pace: learnedPace,
      },
    ],
    rules: scenario.rules,
    idleSessionMs: 900_000,
    requestDeadlineMs: 1_800_000,
    heartbeatMs: 10_000,
    endingGraceMs: 500,
    agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: null, clients: [] },
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 10, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1_000_000 },
  };
}

/** Whatever is logged as an error is a fault, for here nothing is broken but our own process. */
function logOf(world: World, gate: Gate): Log {
  const ignore = (): void => undefined;
  const error = (fields: object, message: string): void => {
    const { err, error: other } = fields as { readonly err?: unknown; readonly error?: unknown };
    const cause = err ?? other;
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : JSON.stringify(fields);
    if (!gate.isDead) world.complaints.push(`logged as an error: ${message} ${why}`);
  };
  const log: Log = { debug: ignore, info: ignore, warn: ignore, error, child: () => log };
  return log;
}
