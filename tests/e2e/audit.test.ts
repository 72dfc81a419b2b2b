import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import LibsqlDatabase from 'libsql';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { graveFindings } from '@/tests/e2e/support/axe';
import { pageSize } from '@/components/admin/audit/audit-known';
import { Looks, lookOver } from '@/tests/e2e/support/looks';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { becomes, gone, patienceMs, see } from '@/tests/e2e/support/see';
import { cutOff, heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';
import { draftOf } from '@/tests/store/contract/audit';
import { opened } from '@/tests/store/opened';
import { commitOf, newSessionId } from '@/tests/store/samples';
import { desktop } from '@/tests/support/browser';
import { auditEntriesIn } from '@/tests/support/audit-entries';

const secret = 's'.repeat(43);
/** Thirty a day, the last of them yesterday. */
const seeded = 3_000;
const dayMs = 86_400_000;
const nowAt = Date.now();

let folder = '';
let stage: Stage;
let looks: Looks;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-audit-'));
  const databaseUrl = `sqlite:${path.join(folder, 'holdpoint.db')}`;
  const { store } = await opened(databaseUrl);
  const audit = Array.from({ length: seeded }, (_one, at) =>
    draftOf(`team-${at + 1}`, {
      at: nowAt - Math.ceil((seeded - at) / 30) * dayMs,
      about: { kind: 'team', id: `team-${at + 1}`, name: `Team ${at + 1}` },
    }),
  );
  const written = await store.commit([commitOf(newSessionId(), { audit })]);
  if (!written.ok) throw new Error('the log could not be seeded');
  await store.close();
  stage = await setStage({
    holdpoint: heldWrites,
    env: { DATABASE_URL: databaseUrl, HOLDPOINT_SECRET: secret },
    // One test stops the server under the pages of the others.
    expectedInConsole: cutOff,
  });
  looks = new Looks(stage);
});
afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

async function openAudit(page: Page, query = ''): Promise<Locator> {
  await page.goto(`/audit${query}`);
  await see(page.getByRole('heading', { name: 'Audit', exact: true }));
  await see(page.getByText('Verified up to'));
  return page.getByRole('list', { name: 'Entries, newest first' });
}

/** The numbers of the teams in the lines that are drawn. */
async function teamsIn(list: Locator): Promise<readonly number[]> {
  const lines = await list.getByRole('button').allInnerTexts();
  return lines.map((line) => Number(/Team (\d+)/.exec(line)?.[1]));
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

describe('the audit log', () => {
  test('shows who did what, narrows by address, and hands out what verifies (I15)', async () => {
    const { page } = await stage.person('admin');
    const agent = await stage.agent();
    await agent.call('kitchen__read_note', {}).result.catch(() => undefined);
    const list = await openAudit(page);
    await see(list.getByText('signed in').or(list.getByText('joined')).first());
    await page.getByRole('combobox', { name: 'What was done' }).selectOption('person.signed_in');
    await page.waitForURL(/act=person\.signed_in/);
    await list.getByRole('button').first().click();
    const pane = page.getByRole('complementary', { name: /^Entry / });
    await see(pane.getByText('Hash'));
    await see(pane.getByText('127.0.0.1').first());
    await page.waitForURL(/act=person\.signed_in&entry=\d+/);
    await pane.getByRole('button', { name: 'Close' }).click();
    await gone(pane);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export all' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(auditEntriesIn(lines).at(-1)).toMatchObject({ act: 'audit.exported', from: { by: 'browser' } });
    await page.getByRole('searchbox', { name: 'Search the audit log' }).fill('nothing has these words');
    await see(page.getByText('No entry fits'));
    await takeShot(page, 'audit-none');
    await page.getByRole('button', { name: 'Show all' }).last().click();
    await page.waitForURL(/\/audit$/);
  });

  test('draws what is in sight of a long log, and goes to any place of it by keys, by date and by address', async () => {
    const { page } = await stage.person('admin');
    const list = await openAudit(page, '?entry=1500');
    // Hundreds of pages away, and read where it is.
    await see(list.getByText('Team 1500', { exact: false }));
    expect(await list.getByRole('button').count()).toBeLessThan(80);
    const pane = page.getByRole('complementary');
    await see(pane.getByText('team.created'));
    await page.keyboard.press('j');
    await see(page.getByRole('complementary', { name: 'Entry 1,499' }));
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await see(page.getByRole('complementary', { name: 'Entry 1,501' }));
    await page.keyboard.press('Enter');
    await becomes(() => page.evaluate(() => document.activeElement?.textContent), 'Entry 1,501');
    await page.keyboard.press('Escape');
    await gone(pane);
    await page.waitForURL(/\/audit$/);
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await see(list.getByText('Team 1', { exact: true }).or(list.getByText('· Team 1')).last());
    await see(list.getByText('Nothing older is kept.'));
    // The last entry of ten days ago is the last of its thirty.
    await page.getByLabel('Go to', { exact: true }).fill(dayOf(nowAt - 10 * dayMs));
    await page.getByRole('button', { name: 'Go to that day' }).click();
    await see(page.getByRole('complementary', { name: `Entry ${(seeded - 9 * 30).toLocaleString('en-US')}` }));
    await page.getByLabel('Go to', { exact: true }).fill('2001-01-01');
    await page.getByRole('button', { name: 'Go to that day' }).click();
    await see(page.getByText('Nothing was recorded until the end of 2001-01-01.'));
  });

  test('goes to a day among what a filter finds, which stays as it is; from there to newer ones and back to the newest', async () => {
    const { page } = await stage.person('admin');
    const list = await openAudit(page, '?act=team.created');
    const wanted = seeded - 49 * 30;
    await page.getByLabel('Go to', { exact: true }).fill(dayOf(nowAt - 50 * dayMs));
    await page.getByRole('button', { name: 'Go to that day' }).click();
    const pane = page.getByRole('complementary', { name: `Entry ${wanted.toLocaleString('en-US')}` });
    await see(pane.getByText('team.created'));
    expect(new URL(page.url()).search).toBe(`?act=team.created&entry=${wanted}`);
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('');
    const chosen = list.getByRole('button', { pressed: true });
    await see(chosen);
    // It stands among its neighbours, and stays where it is while those above are read.
    await see(list.getByText(`Team ${wanted + 1}`, { exact: false }));
    await see(list.getByText(`Team ${wanted - 1}`, { exact: false }));
    // A page of newer ones came with it; each time its end is reached one more comes above.
    for (const pages of [1, 2]) {
      await list.evaluate((element) => element.scrollTo({ top: 0 }));
      const newest = wanted + pages * pageSize;
      await expect.poll(async () => (await teamsIn(list))[0], { timeout: patienceMs }).toBeGreaterThan(newest);
    }
    const teams = await teamsIn(list);
    expect(teams).toEqual(teams.map((_one, at) => (teams[0] ?? 0) - at));
    expect(await page.getByText(/new entries/).count()).toBe(0);
    await page.getByRole('button', { name: 'To the newest' }).click();
    await see(list.getByText(`Team ${seeded}`, { exact: false }));
    await page.waitForURL(/\/audit\?act=team\.created$/);
    // A day before all that fits is said to be empty, not the log's.
    await page.goto('/audit?act=person.signed_in');
    await page.getByLabel('Go to', { exact: true }).fill(dayOf(nowAt - 50 * dayMs));
    await page.getByRole('button', { name: 'Go to that day' }).click();
    await see(page.getByText(/^Nothing that fits was recorded until the end of/));
  });

  test('what could not be read is said, takes the keyboard, and is asked for again', async () => {
    const { page } = await stage.person('admin');
    let answers: 'all' | 'the newest' = 'all';
    let asked = 0;
    await page.routeWebSocket(/socket\.io/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const [, ack] = /^42(\d+)\["command",\{"type":"audit\.read"/.exec(String(message)) ?? [];
        if (ack === undefined || answers === 'all') return server.send(message);
        asked += 1;
        return socket.send(`43${ack}[{"ok":false,"code":"bad_input","message":"It was not understood."}]`);
      });
    });
    const list = await openAudit(page);
    await see(list.getByRole('button'));
    answers = 'the newest';
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    const alert = page.getByRole('alert').filter({ hasText: 'Some entries could not be read.' });
    await see(alert);
    expect(await graveFindings(page, 'everything')).toEqual([]);
    await list.focus();
    await becomes(() => page.evaluate(() => document.activeElement?.tagName), 'OL');
    // It stands still: what says that it failed does not have it asked for over and over.
    const before = asked;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    await see(alert);
    expect(asked - before).toBeLessThan(8);
    answers = 'all';
    await alert.getByRole('button', { name: 'Try again' }).click();
    await gone(alert);
    await see(list.getByRole('button'));
  });

  test('that it stopped working by a fault of ours is said in its place, and the way to other screens stays', async () => {
    const context = await stage.browser.openContext({ baseUrl: stage.product.baseUrl });
    await stage.product.signIn(context, 'admin');
    const page = await context.newPage();
    await page.routeWebSocket(/socket\.io/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        const [, ack] = /^42(\d+)\["command",\{"type":"audit\.read"/.exec(String(message)) ?? [];
        if (ack === undefined) return server.send(message);
        return socket.send(`43${ack}[{"ok":true,"value":{"entries":7,"next":null,"ends":{},"health":{}}}]`);
      });
    });
    await page.goto('/audit');
    await see(page.getByRole('heading', { name: 'This screen stopped working' }));
    expect(await lookOver(page, 'screen-stopped')).toEqual([]);
    await page.setViewportSize(desktop);
    await page
      .getByRole('link', { name: /^Sessions/ })
      .first()
      .click();
    await see(page.getByRole('heading', { name: 'Sessions', level: 1 }));
    await context.close();
  });

  test('is reached from a session and from a request, and leads back to them', async () => {
    const { page } = await stage.person('admin');
    const agent = await stage.agent();
    agent.call('kitchen__write', { key: 'k', note: 'n' }).result.catch(() => undefined);
    const queue = await new QueuePage(page).open();
    await queue.showAll('write', 1);
    await queue.openRows('write').click();
    await page.waitForURL(/\/queue\/req_/);
    const request = new URL(page.url()).pathname;
    await page.getByText('History', { exact: true }).click();
    await page.getByRole('link', { name: 'What the audit log keeps of it' }).click();
    await page.waitForURL(/\/audit\?about=req_/);
    await see(page.getByText('No entry fits'));
    await page.goto(request);
    await page
      .getByRole('link', { name: /^ses_|…/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Audit entries of this session' }).click();
    await page.waitForURL(/\/audit\?about=ses_/);
    expect(new URL(page.url()).searchParams.get('about')).toMatch(/^ses_/);
  });

  test('is for admins, as is its card on the overview (I11)', async () => {
    const { page } = await stage.person('observer');
    await page.goto('/audit');
    await see(page.getByText('The audit log is for admins'));
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await takeShot(page, 'audit-forbidden');
    await page.goto('/overview');
    await see(page.getByRole('group', { name: 'Figures' }).or(page.getByRole('region', { name: 'Figures' })));
    expect(await page.getByRole('heading', { name: 'Audit log' }).count()).toBe(0);
  });

  test('looks right, and has nothing grave', async () => {
    const open = async (page: Page): Promise<void> => {
      const list = await openAudit(page);
      await list.getByRole('button').first().click();
      await see(page.getByRole('complementary', { name: /^Entry / }));
    };
    expect(await looks.findingsOf('audit-entry', open, 'admin')).toEqual([]);
    expect(await looks.findingsOf('audit', (page) => openAudit(page), 'admin')).toEqual([]);
  });

  test('is said to be broken on every screen of an admin, at the entry that was changed (I15)', async () => {
    const { page } = await stage.person('admin');
    await openAudit(page);
    await stage.product.stop();
    await takeShot(page, 'audit-offline');
    const database = new LibsqlDatabase(path.join(folder, 'holdpoint.db'));
    database.exec(`update hp_audit set body = replace(body, '"seq":20,', '"seq": 20,') where seq = 20`);
    database.exec('delete from hp_audit where seq = 31');
    database.close();
    await stage.product.start();
    await page.goto('/overview');
    await see(page.getByText('The audit log is broken at entry 20:'));
    await see(page.getByRole('link', { name: 'broken at entry 20' }));
    await takeShot(page, 'overview-audit-broken');
    await page.getByRole('link', { name: 'Look at it' }).click();
    await see(page.getByText('The chain is broken at entry 20:'));
    await see(page.getByText('From the break on nothing is proven'));
    await see(page.getByText('Entry 31 is not there, or cannot be read.'));
    // All but the entries before it.
    expect(await page.locator('[data-proven="yes"]').count()).toBe(19);
    await takeShot(page, 'audit-broken');
  });
});
