import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { type RunningProcess, startProcess } from './process';
import type { Seat } from './window';

export interface HomeOrder {
  readonly serverFile: string;
  /** A folder of its own, on a disk: a commit is not done before it is there. */
  readonly folder: string;
  readonly mcpUrl: string;
  /** Its own; without them every call of the benched server is let through. */
  readonly rules?: readonly object[];
  /** A SQLite file in its folder, unless given. */
  readonly databaseUrl?: string;
}

/** What stays from one start of a Holdpoint to the next: its data, its address, its secrets. */
export interface Home {
  readonly serverFile: string;
  readonly origin: string;
  readonly apiKey: string;
  readonly databaseUrl: string;
  readonly secret: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A life of it: the real server in its own process, its port open. */
export interface Life {
  readonly process: RunningProcess;
  /** Epoch milliseconds: when the process was started, and when it said that its port is open. */
  readonly startedAt: number;
  readonly openAt: number;
}

/** Holdpoint under measurement, with someone who may come in. */
export interface Holdpoint extends Seat {
  readonly home: Home;
  readonly life: Life;
  stop(): Promise<void>;
}

/** What the agents of this run call themselves. */
export const clientName = 'bench';

export async function makeHome({ serverFile, folder, mcpUrl, rules, ...given }: HomeOrder): Promise<Home> {
  await mkdir(folder, { recursive: true });
  const configFile = path.join(folder, 'mcp.json');
  const config = {
    mcpServers: { bench: { url: mcpUrl } },
    holdpoint: {
      rules: rules ?? [{ decision: 'allow', server: 'bench' }],
      // As patient as the bare SDK's client here: no ticket shortens what is measured.
      agents: { clients: [{ name: clientName, hold: 'unlimited' }] },
      limits: { sessionsPerAgent: 2_000, requestsPerSecond: 100_000 },
    },
  };
  await writeFile(configFile, JSON.stringify(config));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const apiKey = `hp_${randomBytes(32).toString('base64url')}`;
  const databaseUrl = given.databaseUrl ?? `sqlite:${path.join(folder, 'data', 'holdpoint.db')}`;
  const secret = randomBytes(32).toString('base64url');
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: origin,
    DATABASE_URL: databaseUrl,
    HOLDPOINT_CONFIG: configFile,
    HOLDPOINT_BOOTSTRAP_AGENT: clientName,
    HOLDPOINT_BOOTSTRAP_AGENT_KEY: apiKey,
    HOLDPOINT_SECRET: secret,
    LOG_LEVEL: 'warn',
  };
  return { serverFile, origin, apiKey, databaseUrl, secret, env };
}

/** Starts it, on whatever its last life left. Resolved when its port is open. */
export async function startLife({ serverFile, env }: Home): Promise<Life> {
  const startedAt = Date.now();
  const running = startProcess({ words: 'Holdpoint', args: ['--enable-source-maps', serverFile], env });
  try {
    await running.said(/Holdpoint is ready/);
    return { process: running, startedAt, openAt: Date.now() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The first start, on an empty folder, with its first admin signed in. */
export async function startHoldpoint(order: HomeOrder): Promise<Holdpoint> {
  const home = await makeHome(order);
  const life = await startLife(home);
  const stop = (): Promise<void> => life.process.stop();
  try {
    return { home, life, origin: home.origin, cookie: await signIn(life.process, home.origin), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Uses the first admin's link as a browser's page does. */
async function signIn(running: RunningProcess, origin: string): Promise<string> {
  const [, token] = await running.said(/\/welcome\?token=([\w-]+)/);
  const body = JSON.stringify({
    token,
    name: 'Bench',
    email: 'bench@example.com',
    password: randomBytes(24).toString('base64url'),
  });
  const reply = await fetch(`${origin}/api/door/welcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body,
  });
  if (!reply.ok) throw new Error(`The first admin could not come in: ${reply.status} ${await reply.text()}`);
  const cookies = reply.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  return cookies.join('; ');
}

/** BASE_URL has to name the port before the server has one. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
