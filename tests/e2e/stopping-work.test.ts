import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { graveFindings } from '@/tests/e2e/support/axe';
import { textOf } from '@/tests/e2e/support/agent';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage, sessionRows } from '@/tests/e2e/support/session-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await setStage({ holdpoint: heldWrites });
  ({ page } = await stage.person('admin'));
});
afterEach((context) => stage.check(context));
afterAll(() => stage.close());

function dialog(): ReturnType<Page['getByRole']> {
  return page.getByRole('dialog');
}

test('several sessions are chosen, shown what ends with them, ended together, and the record is there', async () => {
  const agents = await Promise.all(['one', 'two', 'three'].map((name) => stage.agent({ name: `bulk-${name}` })));
  const calls = agents.slice(0, 2).map((agent) => agent.call('kitchen__slow'));
  await page.goto('/sessions');
  await becomes(() => sessionRows(page).filter({ hasText: 'Server busy' }).count(), 2);
  await page.getByRole('checkbox', { name: 'Select all live sessions shown' }).check();
  await see(page.getByRole('toolbar', { name: 'Selected sessions' }));
  await takeShot(page, 'sessions-bulk');
  await page.getByRole('button', { name: /^End 3 sessions/ }).click();
  await see(dialog().getByText(/2 effects unknown/));
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'end-many-preview');
  await dialog().getByRole('button', { name: 'End 3 sessions' }).click();
  await see(dialog().getByText('Say why these sessions end.'));
  await dialog()
    .getByLabel(/^Reason/)
    .fill('Wrong account');
  await dialog().getByRole('button', { name: 'End 3 sessions' }).click();
  await says(dialog(), /3 sessions ended, 2 outcomes unknown/);
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'end-many-done');
  for (const call of calls) expect(textOf(await call.result)).toContain('Wrong account');
  await dialog().getByRole('button', { name: 'Done' }).click();
  // The button that began it is gone with what was selected: the keyboard goes on from the page.
  await becomes(() => page.evaluate(() => document.activeElement?.id), 'main');
  await says(sessionRows(page).first(), /Ended by admin/);
  expect(stage.kitchen.records.of('delete_received').length).toBeGreaterThanOrEqual(2);
  // Only what is over is shown: there is nothing to end of it.
  await see(page.getByRole('button', { name: 'Live' }));
  await page.getByRole('button', { name: 'Ended', exact: true }).click();
  await becomes(() => page.getByRole('button', { name: 'End all found…' }).count(), 0);
});

test('I10 the order stands under Endings with what became of each session, its audit entry and a link to each', async () => {
  await page.goto('/sessions');
  await page.getByRole('link', { name: 'Endings' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Wrong account' });
  await says(row, /3 selected/);
  await says(row, /2 outcomes unknown/);
  await row.getByRole('link').click();
  await see(page.getByRole('heading', { name: '3 sessions ended, 2 outcomes unknown' }));
  await becomes(() => page.getByRole('row').count(), 4);
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'ending-of-three');
  await page.getByRole('button', { name: 'With unknown outcomes' }).click();
  await becomes(() => page.getByRole('row').count(), 3);
  expect(page.url()).toContain('show=unknown');
  const order = page.url();
  await page.getByRole('row').nth(1).getByRole('link').click();
  await page.waitForURL(/\/sessions\/ses_/);
  await page.goto(order);
  await page.getByRole('link', { name: 'Its audit entry' }).click();
  await page
    .getByRole('button', { name: /ended sessions/ })
    .first()
    .click();
  await page.locator('a[href^="/sessions/endings/"]').first().click();
  await see(page.getByRole('heading', { name: '3 sessions ended, 2 outcomes unknown' }));
  const observer = await stage.person('observer');
  await observer.page.goto('/sessions/endings');
  await see(observer.page.getByText('Endings are for admins'));
});

test('one call is cancelled from its session, which goes on', async () => {
  const agent = await stage.agent({ name: 'cancel-agent' });
  const held = agent.call('kitchen__write', { note: 'never' });
  const session = await SessionPage.openFromList(page, /With a person/);
  await see(session.lane('write'));
  await session.lane('write').click();
  await page.getByRole('button', { name: 'Cancel call…' }).click();
  await see(dialog().getByText('It was never sent'));
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'cancel-call');
  await dialog()
    .getByLabel(/^Reason/)
    .fill('Not this one');
  await dialog().getByRole('button', { name: 'Cancel call' }).click();
  await gone(dialog());
  expect(textOf(await held.result)).toMatch(/was not run: .* cancelled it: “Not this one”/);
  await see(session.event(/Cancelled by an admin: Not this one/));
  await says(session.headline, /^Waiting on nobody/);
  expect(textOf(await agent.call('kitchen__echo', { message: 'still here' }).result)).toContain('still here');
  expect(stage.kitchen.records.executions('write')).toEqual([]);
});

test('an agent is paused from its row; its calls are refused in words, everyone sees why, and it is lifted', async () => {
  await page.goto('/agents');
  const row = page.getByRole('row').nth(1);
  await row.getByRole('button', { name: /^Pause agent/ }).click();
  await dialog()
    .getByLabel(/^Reason/)
    .fill('Looking into it');
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'pause-agent');
  await dialog()
    .getByRole('button', { name: /^Pause agent/ })
    .click();
  await gone(dialog());
  await says(row, /paused by/);
  const watcher = await stage.person('observer');
  await watcher.page.goto('/queue');
  await see(watcher.page.getByText(/Paused: agent/));
  await watcher.page.getByRole('button', { name: 'Show' }).click();
  await see(watcher.page.getByRole('dialog').getByText(/Looking into it/));
  expect(await watcher.page.getByRole('dialog').getByRole('button', { name: /^Lift/ }).count()).toBe(0);
  const agent = await stage.agent({ name: 'paused-agent' });
  expect(textOf(await agent.call('kitchen__echo', { message: 'x' }).result)).toMatch(
    /paused agent .*“Looking into it”/,
  );
  await row.getByRole('button', { name: /^Lift/ }).click();
  await gone(watcher.page.getByText(/Paused: agent/));
  expect(textOf(await agent.call('kitchen__echo', { message: 'again' }).result)).toContain('again');
});

test('everything is stopped from the palette: typed, reasoned, paused, then the sessions with their preview', async () => {
  const agent = await stage.agent({ name: 'last-agent' });
  const slow = agent.call('kitchen__slow');
  await page.goto('/queue');
  await see(page.getByRole('heading').first());
  await page.keyboard.press('Control+k');
  await see(page.getByPlaceholder('Where to, or what to do'));
  await page.keyboard.type('stop everything');
  await see(page.getByText('Stop everything…'));
  await page.keyboard.press('Enter');
  const arm = dialog().getByRole('button', { name: /^Pause everything/ });
  await see(arm);
  expect(await arm.isDisabled()).toBe(true);
  await dialog().getByRole('checkbox').check();
  await dialog()
    .getByLabel(/^Reason/)
    .fill('Leak');
  await dialog()
    .getByLabel(/^Type stop/)
    .fill('stop');
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'stop-everything');
  await arm.click();
  await see(dialog().getByRole('button', { name: /^End \d+ session/ }));
  await see(page.getByText('Everything is paused.'));
  await takeShot(page, 'stop-everything-preview');
  await dialog().getByRole('checkbox').check();
  await dialog()
    .getByRole('button', { name: /^End \d+ session/ })
    .click();
  await says(dialog(), /sessions? ended/);
  expect(textOf(await slow.result)).toContain('Leak');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await takeShot(page, 'paused-banner');
  await page.getByRole('button', { name: 'Show' }).click();
  await dialog().getByRole('button', { name: /^Lift/ }).click();
  await gone(page.getByText('Everything is paused.'));
  await gone(dialog());
});
