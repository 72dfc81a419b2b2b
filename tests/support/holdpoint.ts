import { randomBytes } from 'node:crypto';
import { noTracing } from '@/server/engine/ports/tracing';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { AnswerAction, RequestKind } from '@/lib/domain/event';
import { type AgentId, mintId, type PersonId, type RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person, Role } from '@/lib/domain/permission';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { HoldRequest } from '@/lib/domain/request';
import type { SessionSummary } from '@/lib/domain/summary';
import { OfferedTools } from '@/server/servers/tool-offers';
import { createAgentEndpoint } from '@/server/downstream/endpoint';
import { createEngine, type Engine } from '@/server/engine/engine';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { Change } from '@/server/engine/ports/publisher';
import type { ServerEntry, ServerLimits, Settings } from '@/server/engine/ports/servers';
import type { Store } from '@/server/engine/ports/store';
import { openStore } from '@/server/store/open-store';
import { createUpstream } from '@/server/upstream/upstream';
import { deskPorts, noTeams, plainAnswer, ruleOf } from '@/tests/support/desk';
import { learnedPace, type PaceSettings } from '@/server/engine/ports/servers';

export interface TestServer {
  readonly name: string;
  /** Over Streamable HTTP… */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** …or as a command on stdio. */
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  readonly repeatable?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  readonly pace?: Partial<PaceSettings>;
}

export interface HoldpointOptions {
  readonly servers: readonly TestServer[];
  /** All is allowed unless given; `[]` leaves the product's default. */
  readonly rules?: readonly PolicyRule[];
  readonly settings?: Partial<Omit<Settings, 'servers' | 'rules'>>;
}

export interface TestAgent {
  readonly key: string;
  readonly identity: AgentIdentity;
}

export interface Holdpoint {
  readonly origin: string;
  readonly mcpUrl: string;
  readonly agentKey: string;
  readonly engine: Engine;
  readonly store: Store;
  readonly http: Server;
  /** What was published so far, in order. */
  readonly changes: readonly Change[];
  /** What was logged as a warning or an error. */
  readonly complaints: readonly string[];
  /** `/mcp/{server}`. */
  urlOf(server: string): string;
  addAgent(name: string, servers?: readonly string[] | null): TestAgent;
  revoke(key: string): void;
  person(role: Role): Person;
  /** The next open request of this kind that was not waited for yet. */
  waitForRequest(kind: RequestKind): Promise<QueueItem>;
  /** Waits for it and answers it as an approver; throws when the answer is refused. */
  answerNext(kind: RequestKind, action: AnswerAction, content?: JsonObject | null): Promise<QueueItem>;
  /** Answers as an approver; throws when the answer is refused. */
  answer(request: HoldRequest, action: AnswerAction, content?: JsonObject | null): Promise<void>;
  /** The first change that matches, past or future. */
  waitForChange<C extends Change>(matches: (change: Change) => change is C, timeoutMs?: number): Promise<C>;
  waitForSession(matches: (summary: SessionSummary) => boolean): Promise<SessionSummary>;
  /** An SDK client connected to `/mcp`, or to one server alone; closed with the rest. */
  connect(options?: { readonly server?: string; readonly key?: string }): Promise<ConnectedAgent>;
  close(): Promise<void>;
}

export interface ConnectedAgent {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
}

const allowAll = ruleOf({ id: 'allow-all', decision: 'allow' });

const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Engine, store, upstream and agents' endpoint, all real, on a free port; people answer through the engine. */
export async function startHoldpoint(options: HoldpointOptions): Promise<Holdpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-'));
  const { log, complaints } = complainingLog();
  const opening = await openStore({ databaseUrl: `sqlite:${join(folder, 'holdpoint.db')}`, log });
  if (!opening.ok) throw new Error(opening.message);
  const { store } = opening;
  const settings = settingsOf(options);
  const agents = new Map<string, AgentIdentity>();
  const watched = new Watched();
  const upstream = createUpstream({ log, clientVersion: '0.0.0' });
  const engine = createEngine({
    tracing: noTracing,
    store,
    audit: opening.audit,
    upstream,
    publisher: { publish: (change) => watched.add(change) },
    clock,
    log,
    random: randomBytes,
    settings,
    ...deskPorts(settings.rules),
    identify: (id) => Promise.resolve([...agents.values()].find((agent) => agent.id === id) ?? null),
  });
  await engine.run();
  const endpoint = createAgentEndpoint({
    desk: engine.agents,
    offers: new OfferedTools({ clock, log }),
    agentOf: (key) => Promise.resolve(agents.get(key) ?? null),
    settings,
    log,
    clock,
    version: '0.0.0',
  });
  const http = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, (req, res) => {
    void endpoint.handle(req, res);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const addAgent = (name: string, servers: readonly string[] | null = null): TestAgent => {
    const id = mintId('agent', randomBytes) satisfies AgentId;
    const agent = { key: `hp_${randomBytes(18).toString('hex')}`, identity: { id, name, servers } };
    agents.set(agent.key, agent.identity);
    return agent;
  };
  const agentKey = addAgent('tester').key;
  const clients: Client[] = [];
  const people = new Map<Role, Person>();
  const person = (role: Role): Person => {
    const known = people.get(role) ?? personOf(role);
    people.set(role, known);
    return known;
  };
  const answer = async (
    { requestId, revision }: HoldRequest,
    action: AnswerAction,
    content: JsonObject | null,
  ): Promise<void> => {
    const operationId = mintId('operation', randomBytes);
    const reason = action === 'accept' ? null : 'not today';
    const answered = await engine.people.answer(person('approver'), {
      requestId,
      revision,
      operationId,
      action,
      reason,
      content,
      ...plainAnswer,
    });
    if (!answered.ok)
      throw new Error(`The answer was refused: ${answered.message} ${JSON.stringify(answered.details)}`);
  };

  return {
    origin,
    mcpUrl: `${origin}/mcp`,
    agentKey,
    engine,
    store,
    http,
    changes: watched.changes,
    complaints,
    urlOf: (server) => `${origin}/mcp/${encodeURIComponent(server)}`,
    addAgent,
    revoke: (key) => void agents.delete(key),
    person,
    waitForRequest: (kind) => watched.nextRequest(kind),
    async answerNext(kind, action, content = null) {
      const item = await watched.nextRequest(kind);
      await answer(item.request, action, content);
      return item;
    },
    answer: (request, action, content = null) => answer(request, action, content),
    waitForChange: (matches, timeoutMs) => watched.waitFor(matches, timeoutMs),
    async waitForSession(matches) {
      type SessionChange = Extract<Change, { change: 'session' }>;
      const found = await watched.waitFor(
        (change): change is SessionChange => change.change === 'session' && matches(change.summary),
      );
      return found.summary;
    },
    async connect({ server, key } = {}) {
      const client = new Client({ name: 'test-agent', version: '1.2.3' });
      const url = server === undefined ? `${origin}/mcp` : `${origin}/mcp/${encodeURIComponent(server)}`;
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        requestInit: { headers: { authorization: `Bearer ${key ?? agentKey}` } },
        reconnectionOptions: {
          initialReconnectionDelay: 20,
          maxReconnectionDelay: 200,
          reconnectionDelayGrowFactor: 2,
          maxRetries: 5,
        },
      });
      clients.push(client);
      // The SDK's classes disagree with its interface under exactOptionalPropertyTypes.
      await client.connect(transport as Parameters<Client['connect']>[0]);
      return { client, transport };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await endpoint.stop();
      await engine.drain();
      await upstream.stop();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf({ servers, rules, settings }: HoldpointOptions): Settings {
  return {
    servers: servers.map(entryOf),
    rules: rules ?? [allowAll],
    idleSessionMs: 15 * 60_000,
    requestDeadlineMs: 60 * 60_000,
    heartbeatMs: 10_000,
    endingGraceMs: 2_000,
    agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: null, clients: [] },
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: {
      sessionsPerAgent: 50,
      openCallsPerSession: 100,
      requestsPerSecond: 10_000,
      argumentsBytes: 4 * 1024 * 1024,
    },
    ...settings,
  };
}

function entryOf(server: TestServer): ServerEntry {
  const { name, url, headers, command, args, env, trusted, repeatable, limits, pace } = server;
  return {
    name,
    transport:
      command === undefined
        ? { kind: 'http', url: url ?? '', headers: headers ?? {}, sign: null }
        : { kind: 'stdio', command, args: args ?? [], env: env ?? {}, cwd: null },
    trusted: trusted ?? true,
    repeatable: repeatable ?? [],
    limits: { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null, ...limits },
    pace: { ...learnedPace, ...pace },
  };
}

function personOf(role: Role): Person {
  const id: PersonId = mintId('person', randomBytes);
  return { id, name: `Test ${role}`, email: `${role}@example.com`, role, ...noTeams };
}

function complainingLog(): { readonly log: Log; readonly complaints: readonly string[] } {
  const complaints: string[] = [];
  const silent = (): void => undefined;
  const complain = (fields: object, message: string): void => {
    const { error, ...rest } = fields as { readonly error?: unknown };
    complaints.push(
      `${message} ${error instanceof Error ? String(error.stack) : JSON.stringify(error)} ${JSON.stringify(rest)}`,
    );
  };
  const log: Log = { debug: silent, info: silent, warn: complain, error: complain, child: () => log };
  return { log, complaints };
}

/** What the engine published, and who waits for what of it. */
class Watched {
  readonly changes: Change[] = [];
  private readonly items = new Map<RequestId, QueueItem>();
  private readonly taken = new Set<RequestId>();
  private readonly looks = new Set<() => void>();

  add(change: Change): void {
    this.changes.push(change);
    if (change.change === 'request') this.items.set(change.item.request.requestId, change.item);
    for (const look of [...this.looks]) look();
  }

  async nextRequest(kind: RequestKind): Promise<QueueItem> {
    const item = await this.until(`an open request of kind ${kind}`, () =>
      [...this.items.values()].find(
        ({ request }) => request.kind === kind && request.state === 'open' && !this.taken.has(request.requestId),
      ),
    );
    this.taken.add(item.request.requestId);
    return item;
  }

  waitFor<C extends Change>(matches: (change: Change) => change is C, timeoutMs?: number): Promise<C> {
    return this.until('a change', () => this.changes.find(matches), timeoutMs);
  }

  private until<T>(what: string, find: () => T | undefined, timeoutMs = 15_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.looks.delete(look);
        act();
      };
      const look = (): void => {
        try {
          const found = find();
          if (found !== undefined) settle(() => resolve(found));
        } catch (error) {
          // A test's mistake is the test's to hear, not the engine's.
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${what} did not come within ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.looks.add(look);
      look();
    });
  }
}
