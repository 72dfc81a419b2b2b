import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Looks, type Open } from '@/tests/e2e/support/looks';
import { becomes, gone, patienceMs, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { opened } from '@/tests/store/opened';
import { type PastAsk, pastAsks, seedPast } from '@/tests/support/past-ends';

let folder = '';
let stage: Stage;
let looks: Looks;
let asks: readonly PastAsk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-overview-'));
  const databaseUrl = `sqlite:${path.join(folder, 'holdpoint.db')}`;
  const { store } = await opened(databaseUrl);
  asks = pastAsks(1_000, { days: 14, now: Date.now() });
  await seedPast(store, asks);
  await store.close();
  stage = await setStage({
    env: { DATABASE_URL: databaseUrl },
    expectedInConsole: /net::ERR_|WebSocket connection/,
  });
  looks = new Looks(stage);
});
afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const overview: Open = async (page) => {
  await page.goto('/overview');
  await see(page.getByRole('heading', { name: 'Slowest first' }));
};

describe('the overview', () => {
  test.each<[string, Open]>([
    [
      'overview',
      async (page) => {
        await overview(page);
        await see(page.getByRole('list', { name: 'The last entries' }));
      },
    ],
    [
      'overview-tables',
      async (page) => {
        await page.goto('/overview?period=30d');
        for (const name of ['Time to answer', 'By day', 'Time with people, time at work'])
          await page.getByRole('button', { name: `${name} as a table` }).click();
        await page.getByRole('button', { name: 'By team' }).click();
        await see(page.getByRole('rowheader', { name: 'Everyone who may answer' }));
      },
    ],
    [
      'overview-empty',
      async (page) => {
        await page.goto('/overview?from=2001-01-01&until=2001-01-03');
        await see(page.getByRole('heading', { name: /^Nothing has ended/ }));
      },
    ],
    [
      'overview-dates-wrong',
      async (page) => {
        await overview(page);
        await page.getByRole('button', { name: 'Dates' }).click();
        await page.getByLabel('First day').fill('2026-11-09');
        await page.getByLabel('Last day').fill('2026-11-01');
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        await see(page.getByRole('alert').filter({ hasText: 'Swap them' }));
      },
    ],
  ])('%s', async (name, open) => expect(await looks.findingsOf(name, open, 'admin')).toEqual([]));

  test('is walked with the arrow keys, each bar said exactly, and is the same as a table', async () => {
    const { page } = await stage.person('observer');
    await overview(page);
    const plot = page.getByRole('slider', { name: /^Requests by day/ });
    await plot.focus();
    const said = (): Promise<string | null> => plot.getAttribute('aria-valuetext');
    await page.keyboard.press('End');
    const last = await said();
    await page.keyboard.press('ArrowLeft');
    const before = await said();
    expect(before).toMatch(/^\w{3} \d+ \w{3}: \d+ requests, \d+ accepted, \d+ declined, \d+ no one answered$/);
    expect(before).not.toBe(last);
    await see(page.getByRole('status').filter({ hasText: before ?? '' }));
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    const first = await said();
    await page.keyboard.press('Escape');
    expect(await said()).toBe('No bar is chosen.');
    await page.getByRole('button', { name: 'By day as a table' }).press('Enter');
    const table = page.getByRole('table', { name: 'By day' });
    await see(table);
    const rows = await table.locator('tbody tr').allInnerTexts();
    expect(rows).toHaveLength(7);
    // The last day stands first.
    const numbers = (text: string): readonly string[] => text.match(/\d+/g) ?? [];
    // The words also say the sum.
    expect(numbers(rows.at(-1) ?? '')).toEqual(numbers(first ?? '').toSpliced(1, 1));
  });

  test('counts what is in the database, and moves to another period by its address and back', async () => {
    const { page } = await stage.person('observer');
    await page.goto('/overview?period=30d');
    const answered = asks.filter(({ became }) => became !== 'expired').length;
    const tile = (name: string) =>
      page.locator('.tile', { has: page.getByText(name, { exact: true }) }).locator('dd.num');
    await becomes(() => tile('Answered').innerText(), String(answered));
    await becomes(() => tile('No one answered').innerText(), String(asks.length - answered));
    await page.getByRole('button', { name: 'Today' }).click();
    await page.waitForURL('/overview?period=today');
    await expect.poll(() => tile('Answered').innerText(), { timeout: patienceMs }).not.toBe(String(answered));
    await page.goBack();
    await becomes(() => tile('Answered').innerText(), String(answered));
    // I11: an observer in no team sees no team's name.
    await page.getByRole('button', { name: 'By team' }).click();
    await see(page.getByRole('rowheader', { name: 'Other teams' }));
    await gone(page.getByRole('rowheader', { name: /payments|platform/i }));
  });

  test('leads on to the sessions, filtered by the server: agent, server, how they ended, by address', async () => {
    const { page } = await stage.person('observer');
    await page.goto('/sessions?show=ended');
    await see(page.getByRole('table'));
    const ended = (name: RegExp) => page.getByRole('group', { name: 'How it ended' }).getByRole('button', { name });
    const lost = asks.filter(({ end }) => end === 'lost');
    await see(ended(new RegExp(`^Lost ?${lost.length}$`)));
    await ended(/^Lost/).click();
    await page.getByRole('combobox', { name: 'Agent' }).selectOption('oncall-copilot');
    await page.getByRole('combobox', { name: 'Server' }).selectOption('payments');
    const wanted = lost.filter(({ server, agent }) => server === 'payments' && agent === 'oncall-copilot').length;
    await expect.poll(() => page.locator('table.ss tbody tr').count(), { timeout: patienceMs }).toBe(wanted);
    expect(page.url()).toMatch(/\/sessions\?end=lost&agent=agt_oncall-copilot&server=payments$/);
    await page.reload();
    await expect.poll(() => page.locator('table.ss tbody tr').count(), { timeout: patienceMs }).toBe(wanted);
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('no such name');
    await see(page.getByText(/None with/));
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL('/sessions');
    expect(
      await looks.findingsOf(
        'sessions-filtered',
        async (shown) => {
          await shown.goto('/sessions?show=ended&server=payments&period=7d');
          await see(shown.getByRole('table'));
        },
        'admin',
      ),
    ).toEqual([]);
  });

  test('says that it is offline and keeps its figures', async () => {
    const { page, context } = await stage.person('admin', { name: 'Al One' });
    await overview(page);
    const tiles = await page.locator('.tiles').innerText();
    await context.setOffline(true);
    await stage.product.kill();
    await see(page.getByText(/These are the figures of \d\d:\d\d:\d\d/));
    expect(await page.locator('.tiles').innerText()).toBe(tiles);
    await context.setOffline(false);
    await stage.product.start();
    await gone(page.getByText(/These are the figures of/));
  });
});
