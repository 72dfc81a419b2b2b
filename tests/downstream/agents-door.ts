import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintId } from '@/lib/domain/ids';
import { wholeOffers } from '@/server/engine/ports/tool-offers';
import { type AgentEndpoint, createAgentEndpoint } from '@/server/downstream/endpoint';
import type { AgentDesk, AgentIdentity } from '@/server/engine/ports/agents';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { AgentSettings, Settings } from '@/server/engine/ports/servers';

export interface AgentsDoor {
  readonly url: string;
  readonly http: Server;
  readonly complaints: readonly string[];
  addAgent(name: string): { readonly key: string; readonly identity: AgentIdentity };
  /** The endpoint forgets all it holds, as a kill does; the port stays, its connections are cut. */
  kill(): void;
  /** The endpoint stops as on SIGTERM; requests get 503 until `start`. */
  stop(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** The agents' endpoint on a port of its own, over any desk; it can be stopped and started as often as a test likes. */
export async function openDoor(desk: AgentDesk, agents: Partial<AgentSettings> = {}): Promise<AgentsDoor> {
  const complaints: string[] = [];
  const known = new Map<string, AgentIdentity>();
  const log = complainingLog(complaints);
  const start = (): AgentEndpoint =>
    createAgentEndpoint({
      desk,
      offers: wholeOffers,
      agentOf: (key) => Promise.resolve(known.get(key) ?? null),
      settings: settingsOf(agents),
      log,
      clock,
      version: '0.0.0',
    });
  let endpoint = start();
  const http = createServer({ requestTimeout: 0 }, (req, res) => {
    // No connection outlives its response: none that is cut could be taken for a fresh one.
    res.shouldKeepAlive = false;
    void endpoint.handle(req, res);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    http,
    complaints,
    addAgent(name) {
      const key = `hp_${randomBytes(12).toString('hex')}`;
      const identity: AgentIdentity = { id: mintId('agent', randomBytes), name, servers: null };
      known.set(key, identity);
      return { key, identity };
    },
    kill() {
      endpoint = start();
      http.closeAllConnections();
    },
    stop: () => endpoint.stop(),
    start() {
      endpoint = start();
    },
    async close() {
      await endpoint.stop();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

function settingsOf(agents: Partial<AgentSettings>): Settings {
  return {
    servers: [],
    rules: [],
    idleSessionMs: 60_000,
    requestDeadlineMs: 60_000,
    heartbeatMs: 10_000,
    endingGraceMs: 2_000,
    agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: null, clients: [], ...agents },
    models: [],
    mail: null,
    keeping: { masking: [], retention: null },
    limits: { sessionsPerAgent: 50, openCallsPerSession: 100, requestsPerSecond: 10_000, argumentsBytes: 1024 * 1024 },
  };
}

function complainingLog(complaints: string[]): Log {
  const complain = (fields: object, message: string): void =>
    void complaints.push(`${message} ${JSON.stringify(fields)}`);
  const silent = (): void => undefined;
  const log: Log = { debug: silent, info: silent, warn: complain, error: complain, child: () => log };
  return log;
}
