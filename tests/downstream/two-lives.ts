import { randomBytes } from 'node:crypto';
import { noTracing } from '@/server/engine/ports/tracing';
import { openLook } from '@/lib/domain/queue-query';
import { deskPorts, noTeams, plainAnswer, ruleOf } from '@/tests/support/desk';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person } from '@/lib/domain/permission';
import type { HoldRequest } from '@/lib/domain/request';
import { OfferedTools } from '@/server/servers/tool-offers';
import { createAgentEndpoint } from '@/server/downstream/endpoint';
import { createEngine, type Engine } from '@/server/engine/engine';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { AgentSettings, Settings } from '@/server/engine/ports/servers';
import { openStore } from '@/server/store/open-store';
import { createUpstream } from '@/server/upstream/upstream';
import { learnedPace } from '@/server/engine/ports/servers';

/** Holdpoint on one port and one database, over as many lives as a test wants. */
export interface TwoLives {
  readonly mcpUrl: string;
  readonly key: string;
  /** The open request of the present life. */
  openRequest(): Promise<HoldRequest>;
  accept(request: HoldRequest, content: JsonObject | null): Promise<void>;
  /** Stops as on SIGTERM and starts again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Life {
  readonly engine: Engine;
  readonly listener: RequestListener;
  stop(): Promise<void>;
}

const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

export async function startLives(serverUrl: string, holdMs: number | null): Promise<TwoLives> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-lives-'));
  const agent: AgentIdentity = { id: mintId('agent', randomBytes), name: 'tester', servers: null };
  const key = `hp_${randomBytes(12).toString('hex')}`;
  const settings = settingsOf(serverUrl, { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs, clients: [] });
  const begin = (): Promise<Life> => beginLife({ folder, settings, agent, key });
  let life = await begin();
  const http = createServer({ requestTimeout: 0 }, (req, res) => life.listener(req, res));
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const person: Person = {
    id: mintId('person', randomBytes),
    name: 'Ann',
    email: 'ann@example.com',
    role: 'approver',
    ...noTeams,
  };
  return {
    mcpUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    key,
    async openRequest() {
      for (;;) {
        const queue = await life.engine.people.queue(person, { look: openLook, after: null, limit: 1 });
        const [item] = queue.ok ? queue.value.items : [];
        if (item !== undefined) return item.request;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async accept({ requestId, revision }, content) {
      const operationId = mintId('operation', randomBytes);
      const order = {
        requestId,
        revision,
        operationId,
        action: 'accept' as const,
        reason: null,
        content,
        ...plainAnswer,
      };
      const answered = await life.engine.people.answer(person, order);
      if (!answered.ok) throw new Error(answered.message);
    },
    async restart() {
      await life.stop();
      life = await begin();
    },
    async close() {
      await life.stop();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function beginLife(of: {
  readonly folder: string;
  readonly settings: Settings;
  readonly agent: AgentIdentity;
  readonly key: string;
}): Promise<Life> {
  const { folder, settings, agent, key } = of;
  const opening = await openStore({ databaseUrl: `sqlite:${join(folder, 'holdpoint.db')}`, log });
  if (!opening.ok) throw new Error(opening.message);
  const upstream = createUpstream({ log, clientVersion: '0.0.0' });
  const engine = createEngine({
    tracing: noTracing,
    store: opening.store,
    audit: opening.audit,
    upstream,
    publisher: { publish: silent },
    clock,
    log,
    random: randomBytes,
    settings,
    ...deskPorts(settings.rules),
    identify: (id) => Promise.resolve(id === agent.id ? agent : null),
  });
  await engine.run();
  const endpoint = createAgentEndpoint({
    desk: engine.agents,
    offers: new OfferedTools({ clock, log }),
    agentOf: (given) => Promise.resolve(given === key ? agent : null),
    settings,
    log,
    clock,
    version: '0.0.0',
  });
  return {
    engine,
    listener: (req, res) => void endpoint.handle(req, res),
    async stop() {
      await endpoint.stop();
      await engine.drain();
      await upstream.stop();
      await opening.store.close();
    },
  };
}

function settingsOf(url: string, agents: AgentSettings): Settings {
  return {
    servers: [
      {
        name: 'kitchen',
        transport: { kind: 'http', url, headers: {}, sign: null },
        trusted: true,
        repeatable: [],
        limits: { requestMs: null, idleMs: null, lifetimeMs: null, streamMs: null },
        pace: learnedPace,
      },
    ],
    rules: [ruleOf({ id: 'all', decision: 'allow' })],
    idleSessionMs: 15 * 60_000,
    requestDeadlineMs: 60 * 60_000,
    heartbeatMs: 10_000,
    endingGraceMs: 2_000,
    agents,
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 50, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1024 * 1024 },
  };
}
