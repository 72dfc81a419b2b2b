import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { textOf } from '@/tests/e2e/support/agent';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage, sessionRows } from '@/tests/e2e/support/session-page';
import { heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';
import type { RecordOf, ServerRecord } from '@/tests/servers/records';

let stage: Stage;
let folder: string;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-stdio-'));
  const env = { KITCHEN_RECORDS: path.join(folder, 'records.jsonl') };
  const local = await kitchenSinkOnStdio(env);
  stage = await setStage({ servers: { local: { ...local, holdpoint: { trusted: true } } }, holdpoint: heldWrites });
  ({ page } = await stage.person('admin'));
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test('a session is listed as it starts, waits for a person, then a server, then nobody, and ends', async () => {
  await page.goto('/sessions');
  await see(page.getByRole('heading', { name: 'Sessions', level: 1 }));
  const agent = await stage.agent({ name: 'verdict-agent' });
  const row = sessionRows(page).first();
  await says(row, /Nobody/);
  const call = agent.call('kitchen__ask_simple', { message: 'Which cost center?' });
  await says(row, /With a person/);
  await says(row, /Which cost center\?/);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await see(page.getByRole('toolbar', { name: 'Selected sessions' }).getByText('1 selected'));
  await page.keyboard.press('Escape');
  await gone(page.getByRole('toolbar', { name: 'Selected sessions' }));
  await row.getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  const session = new SessionPage(page);
  await says(session.headline, /^Waiting on a person/);

  const colleague = await stage.person('approver');
  const request = await (await new QueuePage(colleague.page).open()).openRequest('Which cost center?');
  await request.form.getByLabel('Value').fill('CC-1');
  await see(page.getByText('Ana Ruiz is answering'));
  await request.button('Accept and send').click();
  await call.result;
  await says(session.headline, /^Waiting on nobody/);

  const slow = agent.call('kitchen__slow');
  await says(session.headline, /^Server at work/);
  stage.kitchen.release();
  await slow.result;
  await says(session.headline, /^Waiting on nobody/);

  await agent.close();
  await says(session.headline, /^Ended closed by the agent/);
  await page.goto('/sessions');
  await says(sessionRows(page).first(), /Closed by agent/);
  expect(await sessionRows(page).count()).toBe(1);
});

test('calls are lanes with time, progress, log messages and outcomes', async () => {
  const agent = await stage.agent();
  const session = await SessionPage.openFromList(page, /Nobody/);
  await agent.call('kitchen__progress', { steps: 3 }).result;
  await agent.call('kitchen__progress_no_total', { steps: 2 }).result;
  await agent.call('kitchen__logs').result;
  const failing = agent.call('kitchen__throws');
  await failing.result.catch(() => undefined);
  const progress = session.lane('progress').first();
  await see(progress.and(page.locator('[aria-label*="completed"]')));
  expect(await progress.getAttribute('aria-label')).toMatch(/completed.*at work/);
  await see(session.lane('logs').and(page.locator('[aria-label*="completed"]')));
  await see(session.lane('throws').and(page.locator('[aria-label*="failed"]')));
  await see(session.event(/Progress 2 of 3: Step 2 of 3/));
  await see(session.event(/Progress 20/));
  await see(session.event(/this is critical/));
  await see(session.event(/a bare string, no logger/));
  await see(session.event(/Completed, result/));

  await session.lane('logs').click();
  await becomes(() => session.event(/Step 2 of 3/).count(), 0);
  await page.getByRole('button', { name: 'Show events of all calls' }).click();
  await see(session.event(/Step 2 of 3/));
  await session.event(/this is critical/).click();
  await see(session.details.getByText('kitchen', { exact: false }));
  await page.getByRole('button', { name: 'Close details' }).click();
  await page.getByRole('tab', { name: /^Calls/ }).click();
  await see(page.getByRole('list', { name: 'Calls, newest first' }).getByText('throws'));
  await agent.close();
});

test('I14 raw JSON-RPC is shown in the order it went, with secrets masked', async () => {
  const agent = await stage.agent();
  agent
    .call('kitchen__ask_simple', { message: 'no', password: 'hunter2-raw', api_key: 'sk-raw-secret' })
    .cancel('enough');
  const session = await SessionPage.openFromList(page, /kitchen/);
  await session.openRaw();
  const call = session.messages
    .getByRole('button')
    .filter({ hasText: 'tools/call' })
    .filter({ hasText: 'from the agent' });
  await see(call);
  await call.first().click();
  await see(session.details.getByText('ask_simple', { exact: false }));
  const shown = await session.details.innerText();
  expect(shown).toContain('password');
  expect(shown).not.toContain('hunter2-raw');
  expect(shown).not.toContain('sk-raw-secret');
  await page.getByRole('group', { name: 'Side' }).getByRole('button', { name: 'Servers' }).click();
  await see(session.messages.getByRole('button').filter({ hasText: 'to kitchen' }));
  await becomes(() => session.messages.getByRole('button').filter({ hasText: 'from the agent' }).count(), 0);
  expect(await page.locator('body').innerText()).not.toContain('hunter2-raw');
  await agent.close();
});

test('I10 an admin ends a session: preview, reason, proof in order; agent and server are told at once', async () => {
  const agent = await stage.agent();
  const { records } = stage.kitchen;
  const [cancels, deletes] = [records.of('cancel_received').length, records.of('delete_received').length];
  const asked = agent.call('kitchen__ask_simple', { message: 'Never answered' });
  const slow = agent.call('kitchen__slow');
  const held = agent.call('kitchen__write', { note: 'held to the end' });
  const session = await SessionPage.openFromList(page, /3 of 3/);
  await session.endButton.click();
  await see(session.dialog.getByText('Nothing has happened yet. Ending cannot be undone.', { exact: false }));
  for (const words of ['ask_simple', 'slow', 'write', 'Never answered', 'no effect', 'effects unknown']) {
    await see(session.dialog.getByText(words, { exact: false }));
  }
  await session.dialog.getByRole('button', { name: 'End session' }).click();
  await see(session.dialog.getByText('Say why this session ends.'));
  await session.dialog.getByLabel(/^Reason/).fill('It asks the wrong people');
  await see(session.dialog.getByText(/will be told/).or(session.dialog.getByText('It asks the wrong people')));
  await session.dialog.getByRole('button', { name: 'End session' }).click();
  await see(session.dialog.getByRole('heading', { name: /^Session ended/ }));
  for (const call of [asked, slow, held]) {
    const told = await call.result;
    expect(told.isError).toBe(true);
    expect(textOf(told)).toContain('Session ended by an admin: “It asks the wrong people”');
  }

  const steps = await session.proof();
  expect(steps[0]).toBe('Session set to ending');
  expect(steps.at(-1)).toBe('Session ended');
  const order = [
    'Held call rejected',
    'Cancel sent',
    'Request withdrawn',
    'Agent told',
    'Servers asked to stop',
    'DELETE sent',
  ];
  expect(steps.filter((step) => order.includes(step)).length).toBe(steps.length - 2);
  expect(new Set(steps.slice(1, -1))).toEqual(new Set(order));
  expect(steps.lastIndexOf('Agent told')).toBeLessThan(steps.indexOf('DELETE sent'));
  await records.waitFor('cancel_received', () => records.of('cancel_received').length > cancels);
  await records.waitFor('delete_received', () => records.of('delete_received').length > deletes);
  expect(records.of('delete_received').at(-1)?.status).toBe(200);
  expect(records.executions('write')).toEqual([]);
  await session.dialog.getByRole('button', { name: 'See the timeline' }).click();
  await says(session.headline, /^Ended by an admin/);
  await see(page.getByText('“It asks the wrong people”', { exact: false }));
  await see(session.event('DELETE sent'));
});

test('I10 ending a session ends its stdio server, and the process that one had started', async () => {
  const agent = await stage.agent();
  const spawned = (await agent.call('local__spawn_grandchild').result).structuredContent as { readonly pid: number };
  const started = await processStarted();
  const pids = [started.pid, spawned.pid];
  expect(pids.map(isAlive)).toEqual([true, true]);
  const session = await SessionPage.openFromList(page, /local/);
  await session.endButton.click();
  await session.dialog.getByLabel(/^Reason/).fill('Done with it');
  await session.dialog.getByRole('button', { name: 'End session' }).click();
  await see(session.dialog.getByText('Process ended'));
  await becomes(() => pids.map(isAlive), [false, false]);
  await see(session.dialog.getByText(`pid ${started.pid}`, { exact: false }));
});

test('I11 who may not end a session sees why; an unknown session is not here', async () => {
  const agent = await stage.agent();
  const desk = await stage.person('approver');
  const session = await SessionPage.openFromList(desk.page, /Nobody/);
  expect(await session.endButton.isDisabled()).toBe(true);
  await see(desk.page.getByText('Only admins can end sessions. You are signed in as approver.'));
  for (const id of ['ses_000000000000', 'nonsense']) {
    await desk.page.goto(`/sessions/${id}`);
    await see(desk.page.getByRole('heading', { name: 'This session is not here' }));
  }
  await agent.close();
});

async function processStarted(): Promise<RecordOf<'process_started'>> {
  const lines = (await readFile(path.join(folder, 'records.jsonl'), 'utf8')).trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as ServerRecord);
  const found = records.findLast((record) => record.kind === 'process_started');
  if (found === undefined) throw new Error('no process was started');
  return found;
}
