import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { type RunningProcess, startProcess } from './process';

/** Holdpoint under measurement: the real server in its own process, on an empty data folder. */
export interface Holdpoint {
  readonly origin: string;
  readonly apiKey: string;
  /** The cookie of a person who is signed in. */
  readonly cookie: string;
  stop(): Promise<void>;
}

export interface HoldpointOrder {
  readonly serverFile: string;
  /** An empty folder, on a disk: a commit is not done before it is there. */
  readonly folder: string;
  readonly mcpUrl: string;
}

export async function startHoldpoint({ serverFile, folder, mcpUrl }: HoldpointOrder): Promise<Holdpoint> {
  const configFile = path.join(folder, 'mcp.json');
  const config = {
    mcpServers: { bench: { url: mcpUrl } },
    holdpoint: { rules: [{ decision: 'allow', server: 'bench' }], limits: { sessionsPerAgent: 200 } },
  };
  await writeFile(configFile, JSON.stringify(config));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const apiKey = `hp_${randomBytes(32).toString('base64url')}`;
  const running = startProcess({
    words: 'Holdpoint',
    args: ['--enable-source-maps', serverFile],
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      BASE_URL: origin,
      DATABASE_URL: `sqlite:${path.join(folder, 'data', 'holdpoint.db')}`,
      HOLDPOINT_CONFIG: configFile,
      HOLDPOINT_BOOTSTRAP_AGENT: 'bench',
      HOLDPOINT_BOOTSTRAP_AGENT_KEY: apiKey,
      HOLDPOINT_SECRET: randomBytes(32).toString('base64url'),
      LOG_LEVEL: 'warn',
    },
  });
  try {
    return { origin, apiKey, cookie: await signIn(running, origin), stop: () => running.stop() };
  } catch (error) {
    await running.stop();
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
