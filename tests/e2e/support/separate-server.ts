import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandFor } from '@/tests/servers/bundle-main';
import { isAlive, type RunningChild, startChild } from '@/tests/servers/child';
import { freePort } from '@/tests/servers/free-port';
import type { ServerRecord } from '@/tests/servers/records';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

/** The kitchen sink in a process of its own, behind a network of its own, with its own record of what it did. */
export interface SeparateServer {
  /** Its address, past the network that can be cut. */
  readonly url: string;
  readonly network: TcpProxy;
  /** How often a tool ran with these words in its arguments, over all lives of the server. */
  executions(words: string): Promise<number>;
  /** The results of the answers it received, in their order, over all its lives. */
  answers(): Promise<readonly unknown[]>;
  /** kill -9: its sessions and events are gone with it. */
  kill(): Promise<void>;
  /** Where it was, knowing nothing. */
  start(): Promise<void>;
  /** Forgets its sessions, as a server does that expires them. */
  endSessions(): void;
  close(): Promise<void>;
}

export async function startSeparateServer(): Promise<SeparateServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-server-'));
  const file = path.join(folder, 'records.jsonl');
  const port = await freePort();
  const env = { PORT: String(port), KITCHEN_RECORDS: file };
  const command = await commandFor('tests/e2e/support/kitchen-main.ts', env);
  const start = async (): Promise<RunningChild> => {
    const child = startChild(command);
    await child.untilOutput(/listening/);
    return child;
  };
  let child = await start();
  // A run that is cut short leaves no server behind.
  const killNow = (): void => {
    if (isAlive(child.pid)) process.kill(child.pid, 'SIGKILL');
  };
  process.once('exit', killNow);
  const network = await startTcpProxy(`http://127.0.0.1:${port}/mcp`);
  const records = async (): Promise<readonly ServerRecord[]> =>
    (await readFile(file, 'utf8')).split('\n').flatMap((line) => parse(line) ?? []);
  return {
    url: network.url,
    network,
    executions: async (words) =>
      (await records()).filter(
        (record) => record.kind === 'execution_started' && JSON.stringify(record.args).includes(words),
      ).length,
    answers: async () =>
      (await records()).flatMap((record) => (record.kind === 'answer_received' ? [record.result] : [])),
    kill: () => child.close(),
    async start() {
      child = await start();
    },
    endSessions: () => void process.kill(child.pid, 'SIGUSR2'),
    async close() {
      await network.close();
      await child.close();
      process.off('exit', killNow);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A process killed in the middle of a line leaves half of one. */
function parse(line: string): ServerRecord | null {
  try {
    return JSON.parse(line) as ServerRecord;
  } catch {
    return null;
  }
}
