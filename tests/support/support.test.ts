import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '@/tests/support/browser';
import type { TestBrowser } from '@/tests/support/browser';
import { isReachableByAll } from '@/tests/support/postgres-files';
import { startPostgres } from '@/tests/support/postgres';
import type { TestPostgres } from '@/tests/support/postgres';

let postgres: TestPostgres;
let browser: TestBrowser;

beforeAll(async () => {
  [postgres, browser] = await Promise.all([startPostgres(), startBrowser()]);
});

afterAll(async () => {
  await Promise.all([postgres.stop(), browser.stop()]);
});

test('two databases of one PostgreSQL do not see each other', async () => {
  const [first, second] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
  const tables = await Promise.all(
    [first, second].map(async (name, index) => {
      const client = new Client({ connectionString: postgres.url(name) });
      await client.connect();
      if (index === 0) await client.query('CREATE TABLE seen (id int)');
      const found = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
      await client.end();
      return found.rowCount;
    }),
  );
  expect(tables).toEqual([1, 0]);
});

test('the password is needed', async () => {
  const address = new URL(postgres.url('postgres'));
  address.password = 'wrong';
  const client = new Client({ connectionString: address.href });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
});

test('a context has the asked size and theme, and cookies of its own', async () => {
  const dark = await browser.openContext({ theme: 'dark', viewport: { width: 390, height: 844 } });
  const light = await browser.openContext();
  const [darkPage, lightPage] = await Promise.all([dark.newPage(), light.newPage()]);
  const measure = '[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]';
  expect(await darkPage.evaluate(measure)).toEqual([390, true]);
  expect(await lightPage.evaluate(measure)).toEqual([1440, false]);
  await dark.addCookies([{ name: 'who', value: 'ana', url: 'http://localhost' }]);
  expect(await light.cookies('http://localhost')).toEqual([]);
});

test('a folder closed to others is not reachable by all', async () => {
  const closed = await mkdtemp(path.join(tmpdir(), 'holdpoint-closed-'));
  await mkdir(path.join(closed, 'open'), { mode: 0o755 });
  expect(isReachableByAll('/usr/bin')).toBe(true);
  expect(isReachableByAll(path.join(closed, 'open'))).toBe(false);
  await rm(closed, { recursive: true });
});
