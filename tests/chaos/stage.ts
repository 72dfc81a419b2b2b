import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueueItem } from '@/lib/domain/request-detail';
import { Restarts } from '@/tests/chaos/faults/restarts';
import { Ledger } from '@/tests/chaos/ledger';
import { Desk } from '@/tests/chaos/people/desk';
import { Person } from '@/tests/chaos/people/person';
import { type Attacked, startAttacked } from '@/tests/chaos/servers/attacked';
import { isAlive } from '@/tests/servers/child';
import { type Product, startProduct } from '@/tests/e2e/support/product';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

/** Everything that lives through all rounds. */
export interface Stage {
  /** Records of this run; kept when something was found. */
  readonly folder: string;
  readonly product: Product;
  readonly holdpoint: Restarts;
  /** SIGTERM; null when it is down or still starting, and so was killed. */
  readonly stop: () => Promise<{ readonly exitCode: number | null } | null>;
  readonly servers: readonly Attacked[];
  readonly first: Person;
  readonly second: Person;
  readonly watcher: Desk;
  readonly peopleNetworks: Readonly<Record<'first' | 'second', TcpProxy>>;
  readonly ledger: Ledger;
  /** Hears of every request that anyone is shown, in the round under way. */
  listen(onItem: (item: QueueItem) => void): void;
  close(): Promise<void>;
}

const names = { first: 'Ana Ruiz', second: 'Ben Okafor' } as const;

const settings = {
  rules: [
    { id: 'held', decision: 'hold', tool: 'held_*' },
    { id: 'all', decision: 'allow' },
  ],
  // Nothing may end by its deadline here: what does is a finding.
  requestDeadline: '2h',
  idleSession: '1h',
  agents: { hold: '1s' },
  limits: { sessionsPerAgent: 5_000, requestsPerSecond: 100_000 },
};

export async function setStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-chaos-'));
  const servers = await startAttacked(folder);
  const product = await startProduct({
    servers: Object.fromEntries(servers.map(({ facts, entry }) => [facts.name, entry])),
    holdpoint: settings,
  });
  const ledger = new Ledger(
    servers.map(({ facts }) => facts),
    servers.map(({ journal }) => journal),
  );
  let heard: (item: QueueItem) => void = () => undefined;
  const shown = (item: QueueItem): void => heard(item);
  const watcher = new Desk(product.baseUrl, await product.cookieOf('admin'), shown);
  const peopleNetworks = {
    first: await startTcpProxy(product.baseUrl),
    second: await startTcpProxy(product.baseUrl),
  };
  const seat = async (who: 'first' | 'second'): Promise<Person> => {
    const cookie = await product.cookieOf('approver', names[who]);
    return new Person(names[who], new Desk(peopleNetworks[who].url, cookie, shown), ledger);
  };
  const [first, second] = [await seat('first'), await seat('second')];
  // Ended in the middle, a run leaves no process behind.
  const killAll = (): void => {
    for (const pid of [product.pid(), ...servers.flatMap((server) => server.pids())])
      if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  };
  process.once('exit', killAll);
  await Promise.all([watcher.ready(), first.desk.ready(), second.desk.ready()]);
  return {
    folder,
    product,
    ...upAndDown(product),
    servers,
    first,
    second,
    watcher,
    peopleNetworks,
    ledger,
    listen: (onItem) => {
      heard = onItem;
    },
    close: async () => {
      for (const desk of [watcher, first.desk, second.desk]) desk.close();
      await Promise.all(Object.values(peopleNetworks).map((network) => network.close()));
      await product.close();
      await Promise.all(servers.map((server) => server.close()));
      process.off('exit', killAll);
    },
  };
}

function upAndDown(product: Product): Pick<Stage, 'holdpoint' | 'stop'> {
  let isReady = true;
  const holdpoint = new Restarts({
    end: () => {
      isReady = false;
      return product.kill();
    },
    start: async () => {
      await product.start();
      isReady = true;
    },
  });
  const stop = async (): Promise<{ readonly exitCode: number | null } | null> => {
    const wasReady = isReady;
    isReady = false;
    if (wasReady) return { exitCode: await product.stop() };
    await product.kill();
    return null;
  };
  return { holdpoint, stop };
}
