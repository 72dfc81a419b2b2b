import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { breakableLink } from './breakable-link';
import { lockHolders } from './lock-process';
import { opened } from './opened';

type Holders = Awaited<ReturnType<typeof lockHolders>>;

let holders: Holders | null = null;
let folder = '';
let server: TestPostgres | null = null;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-lock-'));
  [holders, server] = await Promise.all([lockHolders(), startPostgres()]);
});
afterAll(async () => {
  await holders?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(databaseUrl: string): ReturnType<Holders['start']> {
  if (holders === null) throw new Error('not started');
  return holders.start(databaseUrl);
}

const places = [
  {
    name: 'a SQLite folder',
    freshUrl: async () => `sqlite:${path.join(await mkdtemp(path.join(folder, 'data-')), 'holdpoint.db')}`,
  },
  {
    name: 'a PostgreSQL database',
    freshUrl: async () => {
      if (server === null) throw new Error('not started');
      return server.url(await server.createDatabase());
    },
  },
];

describe.each(places)('one process on $name', ({ freshUrl }) => {
  it('refuses the second, which is told the first one’s pid and what to do', async () => {
    const url = await freshUrl();
    const first = await start(url);
    expect(first.outcome).toEqual({ ok: true });
    const second = await start(url);
    expect(second.outcome.ok).toBe(false);
    expect(second.outcome.message).toContain(`process ${first.pid}`);
    expect(second.outcome.message).toContain('Stop it first');
    expect(second.outcome.message).not.toContain(new URL(url).password || 'no password in it');
    await first.kill();
  });

  it('lets the next in at once after kill -9 of the first (I5)', async () => {
    const url = await freshUrl();
    const first = await start(url);
    await first.kill();
    const second = await start(url);
    expect(second.outcome).toEqual({ ok: true });
    const third = await start(url);
    expect(third.outcome.message).toContain(`process ${second.pid}`);
    await second.kill();
  });

  it('lets the next in after a release', async () => {
    const url = await freshUrl();
    const first = await start(url);
    await first.release();
    const second = await start(url);
    expect(second.outcome).toEqual({ ok: true });
    await second.kill();
  });

  it('does not hinder the store it guards', async () => {
    const url = await freshUrl();
    const first = await start(url);
    const { store } = await opened(url);
    expect(await store.loadLive()).toEqual([]);
    await store.close();
    await first.kill();
  });
});

describe('the lock of a SQLite folder', () => {
  it('does not believe what a stale file says', async () => {
    const data = await mkdtemp(path.join(folder, 'stale-'));
    await writeFile(path.join(data, 'holdpoint.lock.json'), `{"pid":${process.pid},"host":"elsewhere"}`);
    const first = await start(`sqlite:${data}/holdpoint.db`);
    expect(first.outcome).toEqual({ ok: true });
    await writeFile(path.join(data, 'holdpoint.lock.json'), 'not JSON');
    const second = await start(`sqlite:${data}/holdpoint.db`);
    expect(second.outcome.message).toContain(`is using the data folder ${data}`);
    await first.kill();
    expect((await readdir(data)).sort()).toEqual(['holdpoint.lock', 'holdpoint.lock.json']);
  });

  it('guards the folder whatever the file is called', async () => {
    const data = await mkdtemp(path.join(folder, 'names-'));
    const first = await start(`sqlite:${data}/one.db`);
    const second = await start(`sqlite:${data}/../${path.basename(data)}/two.db`);
    expect(first.outcome.ok).toBe(true);
    expect(second.outcome.ok).toBe(false);
    await first.kill();
  });
});

describe('the lock of a PostgreSQL database', () => {
  it('is taken again by itself when its connection broke, and says so', async () => {
    if (server === null) throw new Error('not started');
    const url = new URL(server.url(await server.createDatabase()));
    const link = await breakableLink({ host: url.hostname, port: Number(url.port) });
    const viaLink = new URL(url);
    viaLink.port = String(link.port);
    const first = await start(viaLink.href);
    expect(first.outcome).toEqual({ ok: true });
    await link.cut();
    expect(await first.nextState()).toEqual({ state: 'lost' });
    await link.mend();
    expect(await first.nextState()).toEqual({ state: 'held' });
    expect((await start(url.href)).outcome.message).toContain(`process ${first.pid}`);
    await first.kill();
    await link.cut();
  });

  it('is reported as taken when another process was faster', async () => {
    if (server === null) throw new Error('not started');
    const url = new URL(server.url(await server.createDatabase()));
    const link = await breakableLink({ host: url.hostname, port: Number(url.port) });
    const viaLink = new URL(url);
    viaLink.port = String(link.port);
    const first = await start(viaLink.href);
    await link.cut();
    expect(await first.nextState()).toEqual({ state: 'lost' });
    await lockIsFree(url.href);
    const second = await start(url.href);
    expect(second.outcome).toEqual({ ok: true });
    await link.mend();
    expect(await first.nextState()).toEqual({ state: 'taken' });
    await second.kill();
    expect(await first.nextState()).toEqual({ state: 'held' });
    await first.kill();
    await link.cut();
  });
});

/** Resolves when PostgreSQL has noticed that the lock's connection is gone. */
async function lockIsFree(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (;;) {
    const { rows } = await client.query(
      "select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );
    if (rows.length === 0) break;
  }
  await client.end();
}
