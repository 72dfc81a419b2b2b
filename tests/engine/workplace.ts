import { randomBytes } from 'node:crypto';
import { noTracing } from '@/server/engine/ports/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { AuditEntry } from '@/lib/domain/audit';
import type { AgentId, CallId, OperationId, PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import { mintId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person, Role } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { SessionEvent } from '@/lib/domain/event';
import type { RememberOrder } from '@/lib/domain/policy/choice';
import { type OpenServers, openServers } from '@/server/main/open-servers';
import { rosterWithHands } from '@/server/servers/by-hand';
import type { PolicyDb } from '@/server/policy/tables';
import { loseNextCommit } from '@/tests/policy/policy-place';
import type { ServersDesk } from '@/server/servers/servers-desk';
import type { Tried } from '@/lib/domain/server';
import { type Models, noModels } from '@/server/engine/ports/models';
import type { Choices, Policy } from '@/server/engine/ports/policy';
import type { Roster } from '@/server/engine/ports/roster';
import { auditEntries } from '@/tests/support/audit-entries';
import { noTeams, TestChoices, TestPolicy, TestRoster } from '@/tests/support/desk';
import { createEngine, type Engine } from '@/server/engine/engine';
import type { AgentIdentity, CallListener, CallOrder, CallOutcome } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import { type Keeping, plainKeeping } from '@/server/engine/ports/keeping';
import type { Log } from '@/server/engine/ports/log';
import type { Change } from '@/server/engine/ports/publisher';
import { learnedPace, type ServerEntry, type Settings } from '@/server/engine/ports/servers';
import type { Store } from '@/server/engine/ports/store';
import type { Upstream } from '@/server/engine/ports/upstream';
import { openStore } from '@/server/store/open-store';
import type { Database } from '@/server/store/schema';
import { createUpstream } from '@/server/upstream/upstream';

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** A clock whose time moves only when a test says so; what is due then runs. */
export class MovableClock implements Clock {
  private at = 1_764_000_000_000;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.at;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.at + delayMs, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  move(ms: number): void {
    this.at += ms;
    for (const timer of [...this.timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.at || !this.timers.delete(timer)) continue;
      timer.run();
    }
  }
}

const secret = 's'.repeat(43);

export interface WorkplaceOptions {
  readonly servers: readonly (Pick<ServerEntry, 'name' | 'transport'> & Partial<ServerEntry>)[];
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  /** A folder of an earlier workplace, to go on with what it left. */
  readonly folder?: string;
  /** Hears what is published, as a gateway does. */
  readonly publish?: (change: Change) => void;
  /** In place of real connections, for what no real server can be made to do on time. */
  readonly upstream?: Upstream;
  /** Whom a session taken up again is of; every agent it was opened for, unless given. */
  readonly identify?: (id: AgentId) => Promise<AgentIdentity | null>;
  readonly policy?: Policy;
  readonly choices?: Choices;
  readonly roster?: Roster;
  readonly models?: Models;
  readonly keeping?: Keeping;
  readonly log?: Log;
  /** Stands before the real store, to break it. */
  readonly before?: (store: Store) => Store;
}

export interface Heard {
  readonly progress: { readonly progress: number; readonly total: number | null; readonly message: string | null }[];
  readonly waiting: string[];
}

export interface PlacedCall {
  readonly outcome: Promise<Result<CallOutcome>>;
  readonly heard: Heard;
  readonly received: Promise<CallId>;
  readonly listener: CallListener;
}

/** The engine with a real store and real connections; only the clock may be the test's. */
export class Workplace {
  private readonly seen: QueueItem[] = [];
  private readonly wakes = new Set<() => void>();

  private constructor(
    private readonly made: {
      readonly servers: OpenServers;
      readonly desk: ServersDesk;
      readonly told: readonly Tried[];
      readonly engine: Engine;
      readonly store: Store;
      readonly db: Kysely<Database>;
      readonly folder: string;
      readonly stop: () => Promise<void>;
    },
  ) {}

  get engine(): Engine {
    return this.made.engine;
  }

  get store(): Store {
    return this.made.store;
  }

  get db(): Kysely<Database> {
    return this.made.db;
  }

  /** The next transaction of a part beside the store is committed, and that is not heard. */
  loseNextCommit(): void {
    loseNextCommit(this.made.db as unknown as PolicyDb);
  }

  /** What the audit log holds of it. */
  acts(): Promise<readonly AuditEntry[]> {
    return auditEntries(this.made.db);
  }

  /** What people may do with servers. */
  get servers(): ServersDesk {
    return this.made.desk;
  }

  get serverParts(): OpenServers {
    return this.made.servers;
  }

  /** What was told of tools tried by hand, in order. */
  get told(): readonly Tried[] {
    return this.made.told;
  }

  get folder(): string {
    return this.made.folder;
  }

  static async open(options: WorkplaceOptions): Promise<Workplace> {
    const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'holdpoint-engine-')));
    const opened = await openStore({
      databaseUrl: `sqlite:${path.join(folder, 'holdpoint.db')}`,
      secret,
      log: silent,
    });
    if (!opened.ok) throw new Error(opened.message);
    const upstream = options.upstream ?? createUpstream({ log: options.log ?? silent, clientVersion: '0.0.0' });
    const store = options.before?.(opened.store) ?? opened.store;
    const timers = { now: () => Date.now(), after: realAfter };
    let place: Workplace | null = null;
    const settings = settingsOf(options);
    const publish = (change: Change): void => {
      options.publish?.(change);
      place?.hear(change);
    };
    const clock = options.clock ?? timers;
    const servers = await openServers(
      { opened, hub: { publish }, clock, log: options.log ?? silent },
      { secret, settings, environment: { browserServers: 'private' } },
    );
    const engine = createEngine({
      tracing: noTracing,
      store,
      audit: opened.audit,
      upstream,
      publisher: { publish },
      clock,
      log: options.log ?? silent,
      random: (count) => randomBytes(count),
      settings,
      policy: options.policy ?? new TestPolicy(settings.rules),
      choices: options.choices ?? new TestChoices(() => (options.clock ?? timers).now()),
      roster: rosterWithHands(options.roster ?? new TestRoster()),
      models: options.models ?? noModels,
      keeping: options.keeping ?? plainKeeping,
      register: servers.book,
      toolRecords: servers.tools,
      identify: options.identify ?? ((id) => Promise.resolve(agentOf(id.replace(/^agt_/, '')))),
    });
    const stop = async (): Promise<void> => {
      await engine.drain();
      await upstream.stop();
      await opened.store.close();
    };
    if (options.policy instanceof TestPolicy)
      options.policy.onSet = () => void engine.rulesChanged().catch(() => undefined);
    const told: Tried[] = [];
    const desk = servers.desk(engine, (_person, message) => {
      if (message.type === 'server.tried') told.push(message.tried);
      place?.wakeAll();
      return 1;
    });
    place = new Workplace({ engine, store: opened.store, db: opened.db, servers, desk, told, folder, stop });
    await engine.run();
    return place;
  }

  async session(agent = 'oncall-copilot', scope: string | null = null): Promise<SessionId> {
    const opened = await this.engine.agents.open(
      agentOf(agent),
      { client: { name: 'test', version: '1' }, scope, protocolVersion: '2025-11-25' },
      { listChanged() {}, notification() {}, log() {}, ended() {} },
    );
    return must(opened);
  }

  /** Starts a call of a tool, or `server/tool`; `outcome` settles when the agent would be told. */
  call(sessionId: SessionId, tool: string, given: JsonObject = {}): PlacedCall {
    const [server, name] = tool.includes('/') ? tool.split('/', 2) : ['kitchen', tool];
    return this.order(sessionId, { server: server ?? 'kitchen', tool: name ?? tool, arguments: given });
  }

  /** The same with a key, as a task, or of an agent with little patience. */
  order(
    sessionId: SessionId,
    order: Pick<CallOrder, 'server' | 'tool' | 'arguments'> & Partial<CallOrder>,
  ): PlacedCall {
    const { listener, heard, received } = listening();
    const outcome = this.engine.agents.call(
      sessionId,
      {
        meta: {},
        idempotencyKey: null,
        task: null,
        patienceMs: null,
        ...order,
      },
      listener,
    );
    return { outcome, heard, received, listener };
  }

  agent(name = 'oncall-copilot'): AgentIdentity {
    return agentOf(name);
  }

  /** Waits for a call as an agent that comes back does. */
  attach(callId: CallId, agent = 'oncall-copilot'): PlacedCall {
    const { listener, heard, received } = listening();
    return { outcome: this.engine.agents.attach(agentOf(agent), callId, listener), heard, received, listener };
  }

  /** The next request that is published as open and was not yet given out. */
  async opened(matches: (request: HoldRequest) => boolean = () => true): Promise<HoldRequest> {
    const item = await this.waitFor(() => {
      const at = this.seen.findIndex((candidate) => candidate.request.state === 'open' && matches(candidate.request));
      return at < 0 ? undefined : this.seen.splice(at, 1)[0];
    });
    return item.request;
  }

  /** Waits until a request, as the store has it, is as wanted. */
  async until(id: RequestId, matches: (request: HoldRequest) => boolean): Promise<HoldRequest> {
    for (;;) {
      const request = await this.store.request(id);
      if (request !== null && matches(request)) return request;
      await this.anything();
    }
  }

  async untilEvent(id: SessionId, matches: (event: SessionEvent) => boolean): Promise<SessionEvent> {
    for (;;) {
      const event = (await this.events(id)).find(matches);
      if (event !== undefined) return event;
      await this.anything();
    }
  }

  events(id: SessionId): Promise<readonly SessionEvent[]> {
    return this.store.events(id, { afterSeq: 0, limit: 10_000 });
  }

  answer(
    request: HoldRequest,
    action: 'accept' | 'decline' | 'cancel',
    more: AnswerMore = {},
  ): Promise<Result<HoldRequest>> {
    return this.engine.people.answer(more.person ?? person('approver'), {
      requestId: request.requestId,
      operationId: more.operationId ?? operation(),
      revision: more.revision ?? request.revision,
      action,
      reason: more.reason ?? null,
      content: more.content ?? null,
      tookMs: more.tookMs ?? null,
      remember: more.remember ?? null,
    });
  }

  /** Ends it as a process would; the folder stays. */
  stop(): Promise<void> {
    return this.made.stop();
  }

  async close(): Promise<void> {
    await this.made.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private hear(change: Change): void {
    if (change.change === 'request') this.seen.push(change.item);
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const wake of this.wakes) wake();
  }

  /** Waits until what was told of a tool tried by hand is as wanted. */
  async untilTold(matches: (tried: Tried) => boolean): Promise<Tried> {
    return this.waitFor(() => this.told.find(matches));
  }

  private async waitFor<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await this.anything();
    }
  }

  private anything(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.wakes.delete(wake);
        resolve();
      };
      this.wakes.add(wake);
    });
  }
}

export interface AnswerMore {
  readonly person?: Person;
  readonly operationId?: OperationId;
  readonly revision?: number;
  readonly reason?: string;
  readonly content?: JsonObject;
  readonly tookMs?: number;
  readonly remember?: RememberOrder;
}

/** The agent whose sessions `Workplace.session` opens under this name. */
export function agentOf(name = 'oncall-copilot'): AgentIdentity {
  return { id: `agt_${name}` as AgentId, name, servers: null };
}

export function person(role: Role, name = 'Ana Ruiz'): Person {
  return { id: `per_${name.replaceAll(' ', '')}` as PersonId, name, email: 'someone@example.com', role, ...noTeams };
}

export function operation(): OperationId {
  return mintId('operation', (count) => randomBytes(count));
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

function realAfter(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function settingsOf(options: WorkplaceOptions): Settings {
  const none = { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null };
  return {
    servers: options.servers.map((server) => ({
      trusted: true,
      repeatable: [],
      limits: none,
      pace: learnedPace,
      ...server,
    })),
    rules: [],
    idleSessionMs: 900_000,
    requestDeadlineMs: 1_800_000,
    heartbeatMs: 10_000,
    endingGraceMs: 500,
    agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: null, clients: [] },
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 10, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1_000_000 },
    ...options.settings,
  };
}

function listening(): Omit<PlacedCall, 'outcome'> {
  const heard: Heard = { progress: [], waiting: [] };
  let told: (callId: CallId) => void = () => {};
  const received = new Promise<CallId>((resolve) => {
    told = resolve;
  });
  const listener: CallListener = {
    received: (callId) => told(callId),
    progress: (progress) => void heard.progress.push(progress),
    waiting: (message) => void heard.waiting.push(message),
  };
  return { listener, heard, received };
}
