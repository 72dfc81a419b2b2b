import path from 'node:path';
import { Restarts } from '@/tests/chaos/faults/restarts';
import { JournalReader } from '@/tests/chaos/journal-reader';
import { Journal } from '@/tests/chaos/servers/journal';
import { RecordingProxy } from '@/tests/chaos/servers/recording-proxy';
import type { ServerFacts } from '@/tests/chaos/world';
import { commandFor } from '@/tests/servers/bundle-main';
import { isAlive, type RunningChild, startChild } from '@/tests/servers/child';
import { startEverything } from '@/tests/servers/everything';
import { freePort } from '@/tests/servers/free-port';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

/** A server under attack: a process of its own, with its own record. */
export interface Attacked {
  readonly facts: ServerFacts;
  /** Its entry in Holdpoint's configuration. */
  readonly entry: object;
  readonly journal: JournalReader;
  /** The way from Holdpoint to it; null on stdio. */
  readonly network: TcpProxy | null;
  /** kill -9, and started again where it was. On stdio Holdpoint does that. */
  readonly process: Restarts;
  /** It forgets its sessions, as one that expires them does. */
  endSessions(): Promise<void>;
  /** What runs of it now. */
  pids(): readonly number[];
  close(): Promise<void>;
}

const held = ['held_write', 'held_ask'];

/** All servers of a run; `folder` gets their records. */
export async function startAttacked(folder: string): Promise<readonly Attacked[]> {
  return Promise.all([
    startOwn(folder, {
      main: 'tests/chaos/servers/attacked-http.ts',
      env: { EVENTS: 'kept' },
      facts: { name: 'kept', resumable: true, answerable: true, repeatable: ['ask_reading', 'ask_repeatable'], held },
      settings: { trusted: true },
    }),
    startOwn(folder, {
      main: 'tests/chaos/servers/attacked-http.ts',
      env: { EVENTS: 'none' },
      facts: { name: 'bare', resumable: false, answerable: true, repeatable: ['ask_repeatable'], held },
      settings: { repeatable: ['ask_repeat*'] },
    }),
    startOwn(folder, {
      main: 'tests/chaos/servers/attacked-fastmcp.ts',
      env: {},
      facts: { name: 'fast', resumable: true, answerable: true, repeatable: [], held },
      settings: {},
    }),
    startEverythingAttacked(folder),
    startStdio(folder),
  ]);
}

interface OwnServer {
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly facts: ServerFacts;
  /** The entry's `holdpoint` key. */
  readonly settings: object;
}

async function startOwn(folder: string, { main, env, facts, settings }: OwnServer): Promise<Attacked> {
  const port = await freePort();
  const file = path.join(folder, `${facts.name}.jsonl`);
  const command = await commandFor(main, { ...env, PORT: String(port), JOURNAL: file });
  let lastPid = 0;
  const start = async (): Promise<RunningChild> => {
    const started = startChild(command);
    lastPid = started.pid;
    await started.untilOutput(/listening/);
    return started;
  };
  let child = start();
  await child;
  const network = await startTcpProxy(`http://127.0.0.1:${port}/mcp`);
  return {
    facts,
    entry: { url: network.url, holdpoint: settings },
    journal: new JournalReader(facts.name, file),
    network,
    process: new Restarts({
      end: async () => (await child).close(),
      start: () => {
        child = start();
        return child;
      },
    }),
    endSessions: async () => {
      const { pid } = await child;
      if (isAlive(pid)) process.kill(pid, 'SIGUSR2');
    },
    pids: () => [lastPid],
    close: async () => {
      await network.close();
      await (await child).close();
    },
  };
}

async function startEverythingAttacked(folder: string): Promise<Attacked> {
  const file = path.join(folder, 'everything.jsonl');
  let server = startEverything();
  const { url, child } = await server;
  let lastPid = child.pid;
  const recorder = await RecordingProxy.start(url, new Journal(file));
  const network = await startTcpProxy(recorder.url);
  return {
    facts: { name: 'everything', resumable: true, answerable: true, repeatable: [], held: [] },
    entry: { url: network.url },
    journal: new JournalReader('everything', file),
    network,
    process: new Restarts({
      end: async () => (await server).close(),
      start: async () => {
        server = startEverything(Number(new URL(url).port));
        lastPid = (await server).child.pid;
      },
    }),
    endSessions: () => recorder.endSessions(),
    pids: () => [lastPid],
    close: async () => {
      await network.close();
      await recorder.close();
      await (await server).close();
    },
  };
}

async function startStdio(folder: string): Promise<Attacked> {
  const file = path.join(folder, 'pipe.jsonl');
  const command = await commandFor('tests/chaos/servers/attacked-stdio.ts', { JOURNAL: file });
  const journal = new JournalReader('pipe', file);
  const pids = (): readonly number[] => {
    journal.read();
    return journal.pids.filter(isAlive);
  };
  const kill = (): Promise<void> => {
    for (const pid of pids()) process.kill(pid, 'SIGKILL');
    return Promise.resolve();
  };
  return {
    facts: { name: 'pipe', resumable: false, answerable: false, repeatable: ['ask_reading', 'ask_repeatable'], held },
    entry: { ...command, holdpoint: { trusted: true } },
    journal,
    network: null,
    process: new Restarts({ end: kill, start: () => Promise.resolve() }),
    endSessions: kill,
    pids,
    close: kill,
  };
}
