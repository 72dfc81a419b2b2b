import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { becomes, see } from '@/tests/e2e/support/see';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

const hostile = '<img src=x onerror="document.title=\'owned\'"> "quoted" & \u202Egnirts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const servers = { everything: { command: process.execPath, args: [everything], holdpoint: { trusted: true } } };
  stage = await setStage({ servers, holdpoint: { rules: [{ id: 'all', decision: 'allow' }] } });
  ({ page } = await stage.person('admin'));
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('follows now until it is moved, goes on taking events in, and follows again', async () => {
  const agent = await stage.agent();
  await agent.call('kitchen__progress', { steps: 2 }).result;
  const slow = agent.call('kitchen__slow');
  const session = await SessionPage.openFromList(page, /kitchen/);
  await see(page.getByText('Following now'));
  await session.lane('slow').focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.keyboard.press('Shift+ArrowLeft');
  const follow = page.getByRole('button', { name: 'Follow now' });
  await see(follow);
  const before = Number(await session.events.getByRole('listitem').nth(1).getAttribute('aria-setsize'));
  await agent.call('kitchen__progress', { steps: 3 }).result;
  await becomes(
    async () => Number(await session.events.getByRole('listitem').nth(1).getAttribute('aria-setsize')) > before,
    true,
  );
  await see(follow);
  await follow.click();
  await see(page.getByText('Following now'));
  expect(await follow.count()).toBe(0);
  stage.kitchen.release();
  await slow.result;
  await agent.close();
});

test('hostile words are words, in the lanes, the list and the report', async () => {
  const agent = await stage.agent();
  const asked = agent.call('kitchen__ask_simple', { message: hostile });
  const session = await SessionPage.openFromList(page, /With a person/);
  await see(session.event(/onerror=/));
  expect(await session.events.innerText()).not.toContain('\u202E');
  const report = await page.context().newPage();
  await report.goto(`/api/v1/sessions/${page.url().split('/').pop() ?? ''}/report`);
  await see(report.getByText('<img src=x onerror=', { exact: false }).first());
  expect(await report.locator('img').count()).toBe(0);
  for (const each of [page, report]) expect(await each.title()).not.toBe('owned');
  await report.close();
  asked.cancel('enough');
  await agent.close();
});

test('progress and logs of the reference server become ticks, a curve and named stages', async () => {
  const agent = await stage.agent({ name: 'everything-agent' });
  const running = agent.call('everything__trigger-long-running-operation', { duration: 4, steps: 8 });
  const session = await SessionPage.openFromList(page, /everything/);
  await running.result;
  await see(session.lane('trigger-long-running-operation'));
  await see(session.event(/Progress 8 of 8/));
  await see(page.locator('.lane .tk'));
  await see(page.locator('.lane .curve polyline'));
  expect(await page.locator('.lane .sg').count()).toBeLessThanOrEqual(1);
  await agent.close();
});
