import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type SeparateServer, startSeparateServer } from '@/tests/e2e/support/separate-server';
import { becomes, says, see } from '@/tests/e2e/support/see';
import { SessionPage, sessionRows } from '@/tests/e2e/support/session-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';

/** The ceilings are small, so that what would take minutes takes seconds. */
const pace = { trusted: true, slowAfter: '2s', stalledAfter: '6s', limits: { request: '10m' } };

let depot: KitchenSink;
let mortal: SeparateServer;
let stage: Stage;
let page: Page;

beforeAll(async () => {
  [depot, mortal] = await Promise.all([startKitchenSink(), startSeparateServer()]);
  const servers = {
    depot: { url: depot.url, holdpoint: pace },
    mortal: { url: mortal.url, holdpoint: { ...pace, stalledAfter: '1h' } },
  };
  stage = await setStage({ servers, holdpoint: heldWrites });
  ({ page } = await stage.person('admin'));
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await Promise.all([depot.close(), mortal.close()]);
});

const head = (): ReturnType<Page['locator']> => page.locator('.s-head');

/** The page of the one session that lives. */
async function openSession(): Promise<SessionPage> {
  await page.goto('/sessions');
  const row = sessionRows(page).filter({ hasNotText: /Closed|Ended/ });
  await see(row);
  await row.first().getByRole('link').first().click();
  await page.waitForURL(/\/sessions\/ses_/);
  const session = new SessionPage(page);
  await see(session.headline);
  return session;
}

test('a server that is heard from is busy, however long it works', async () => {
  const agent = await stage.agent({ name: 'busy-agent' });
  const call = agent.call('depot__ticking');
  const session = await openSession();
  await says(session.headline, /^Server at work, heard from (just now|\d s ago)/);
  // Forty ticks take longer than its server may be quiet.
  await see(session.event(/Tick 40/));
  await says(session.headline, /^Server at work/);
  await takeShot(page, 'verdict-busy');
  depot.release();
  expect((await call.result).isError ?? false).toBe(false);
  await says(session.headline, /^Waiting on nobody/);
  await agent.close();
});

test('one that falls silent is slow, then stalled, with what is usual for its tool; list and page agree', async () => {
  const agent = await stage.agent({ name: 'quiet-agent' });
  for (let call = 0; call < 5; call += 1) await agent.call('depot__progress', { steps: 20 }).result;
  const call = agent.call('depot__progress', { steps: 3, hold: true });
  const session = await openSession();
  await says(session.headline, /^Server slow, quiet for [2-5] s/);
  await says(head(), /this tool is usually heard from every \d+ m?s/);
  await says(head(), /progress on depot, sent \d+ s ago/);
  await says(head(), /depot keeps a request 10 min/);
  await takeShot(page, 'verdict-slow');
  await says(session.headline, /^Server stalled, quiet for \d+ s/);
  const lane = session.lane('progress').last();
  await becomes(async () => (await lane.getAttribute('aria-label'))?.includes('stalled'), true);
  await takeShot(page, 'verdict-stalled');
  await page.goto('/sessions');
  await says(sessionRows(page).first(), /Server stalled/);
  await takeShot(page, 'verdict-list');
  depot.release();
  expect((await call.result).isError ?? false).toBe(false);
  await says(sessionRows(page).first(), /Nobody/);
  await agent.close();
});

test('time with people is never a server’s silence', async () => {
  const agent = await stage.agent({ name: 'asking-agent' });
  const quiet = agent.call('depot__slow');
  const session = await openSession();
  await says(session.headline, /^Server stalled/);
  depot.release();
  expect((await quiet.result).isError ?? false).toBe(false);
  const asking = agent.call('depot__ask_simple', { message: 'Which dock?' });
  // It is asked for longer than its server may be quiet.
  await says(session.headline, /^Waiting on a person since ([7-9]|1\d) s/);
  asking.result.catch(() => undefined);
  asking.cancel('enough was seen');
  await agent.close();
});

test('one that died is being taken up again, and then a person is asked', async () => {
  const agent = await stage.agent({ name: 'bereft-agent' });
  const call = agent.call('mortal__slow');
  const session = await openSession();
  await see(session.event(/waiting/));
  await mortal.kill();
  await says(head(), /Reattaching to mortal since/);
  await takeShot(page, 'verdict-dead');
  await mortal.start();
  await says(session.headline, /^Waiting on a person/);
  await says(head(), /Run again\?/);
  await takeShot(page, 'verdict-recovery');
  call.result.catch(() => undefined);
  await agent.close();
  expect(await mortal.executions('')).toBeGreaterThan(0);
});

test('who watches over sessions is told of the stall, once', async () => {
  await page.goto('/settings?tab=deliveries');
  const told = page.getByRole('row').filter({ hasText: 'A server stalled during a call' });
  await see(told);
  await becomes(() => told.count(), 2);
  expect(await told.first().getByRole('link').count()).toBe(1);
  await told.first().getByRole('link').click();
  await page.waitForURL(/\/sessions\/ses_/);
});
