import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import LibsqlDatabase from 'libsql';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { graveFindings } from '@/tests/e2e/support/axe';
import { lookOver } from '@/tests/e2e/support/looks';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { desktop } from '@/tests/support/browser';
import { heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';

const secretKey = 'PATIENT-77-0199';

let stage: Stage;
let folder: string;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-keeping-'));
  const env = { DATABASE_URL: `sqlite:${path.join(folder, 'holdpoint.db')}` };
  stage = await setStage({ env, holdpoint: heldWrites });
  ({ page } = await stage.person('admin'));
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test('raw messages are paired, filtered, found by their event, and copied as curl without secrets', async () => {
  const agent = await stage.agent();
  await agent.call('kitchen__progress', { steps: 2 }).result;
  const session = await SessionPage.openFromList(page, /kitchen/);
  await session.openRaw();
  const sent = session.messages.getByRole('button').filter({ hasText: 'tools/call' }).filter({ hasText: 'to kitchen' });
  await see(sent);
  expect(await sent.first().innerText()).toMatch(/\d ms|\d s/);
  await sent.first().click();
  await see(session.details.getByText(/^Answered after/));
  await takeShot(page, 'keeping-raw-desktop');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await session.details.getByRole('button', { name: 'Copy as curl' }).click();
  await see(session.details.getByRole('button', { name: 'Copied' }).first());
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('curl ');
  expect(copied).toContain('$TOKEN');
  expect(copied).not.toMatch(/ses_|con_|hp_|127\.0\.0\.1/);

  await session.details.getByRole('button', { name: /^Its answer: message/ }).click();
  await see(session.details.getByText(/^The answer, after/));
  await session.details.getByRole('button', { name: /^Its event/ }).click();
  await see(session.details.getByText('call.completed', { exact: false }).first());
  await session.details.getByRole('button', { name: /^Its raw message/ }).click();
  await see(session.details.getByText(/^The answer, after/));

  await page.getByRole('button', { name: /^Filter messages/ }).click();
  await page.getByRole('menuitemradio', { name: 'tools/call' }).click();
  await becomes(() => session.messages.getByRole('button').filter({ hasText: 'notifications/progress' }).count(), 0);
  await see(sent);
  await page.getByRole('button', { name: /^Filter messages/ }).click();
  await page.getByRole('menuitemradio', { name: 'Errors only' }).click();
  await see(page.getByText(/loaded messages matches/));
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await see(sent);
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await agent.close();
});

test('I14 a masking rule is tried while it is written, saved, and masks; who judges reveals in place, on record', async () => {
  const agent = await stage.agent();
  await agent.call('kitchen__progress', { steps: 1, key: secretKey }).result.catch(() => undefined);
  await page.goto('/settings?tab=keeping');
  await see(page.getByRole('heading', { name: 'What is masked' }));
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByLabel('What it is for').fill('Patients');
  await page.getByLabel('JSON path').fill('$.key[');
  await see(page.getByText(/This is not a JSON path/));
  expect(await page.getByRole('button', { name: 'Save masking' }).isDisabled()).toBe(true);
  await page.getByLabel('JSON path').fill('$.key');
  await see(page.getByText(/^This would mask \d+ values? in the last/));
  await takeShot(page, 'keeping-settings-desktop');
  await page.getByRole('button', { name: 'Save masking' }).click();
  await see(page.getByText('Saved, and in force.'));
  expect(await graveFindings(page, 'everything')).toEqual([]);

  const colleague = await stage.person('approver');
  const call = agent.call('kitchen__write', { key: secretKey, note: 'small' });
  const request = await (await new QueuePage(colleague.page).open()).openRequest(/write/i);
  expect(await colleague.page.locator('body').innerText()).not.toContain(secretKey);
  await takeShot(colleague.page, 'keeping-request-desktop');
  const answer = colleague.page.locator('footer[aria-label="Answer"]');
  await see(colleague.page.getByText('2 values, 1 masked'));
  await see(answer.getByText('Masked, and not seen by you: key.'));
  await answer.getByRole('button', { name: /^Accept/ }).click();
  await see(answer.getByText('You have not seen key.'));
  await see(answer.getByRole('button', { name: 'Approve unseen?' }));
  await takeShot(colleague.page, 'keeping-masked-armed-desktop');
  await colleague.page.keyboard.press('Escape');
  await colleague.page.getByRole('button', { name: 'Reveal' }).first().click();
  await see(colleague.page.getByText(secretKey).first());
  await gone(answer.getByText('not seen'));
  void request;
  call.cancel('enough');

  const session = await SessionPage.openFromList(page, /kitchen/);
  await session.openRaw();
  expect(await page.locator('body').innerText()).not.toContain(secretKey);
  await agent.close();
});

test('I14 an admin reveals one value of a call, with a reason that is kept', async () => {
  const agent = await stage.agent({ name: 'reveal-agent' });
  await agent.call('kitchen__progress', { steps: 1, key: secretKey }).result.catch(() => undefined);
  const session = await SessionPage.openFromList(page, /kitchen/);
  await session
    .event(/Completed|Failed/i)
    .first()
    .click();
  await session.details.getByRole('button', { name: 'Arguments and result' }).click();
  await see(session.details.getByRole('heading', { name: 'Arguments' }));
  expect(await page.locator('body').innerText()).not.toContain(secretKey);
  await session.details.getByRole('button', { name: 'Reveal a masked value' }).first().click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Reveal' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Why you need to see it').fill('A patient asked for their record.');
  await takeShot(page, 'keeping-reveal-desktop');
  await dialog.getByRole('button', { name: 'Reveal' }).click();
  await see(session.details.getByText(secretKey));
  const db = new LibsqlDatabase(path.join(folder, 'holdpoint.db'));
  const rows = db.prepare("select body from hp_audit where act = 'value.revealed' order by seq").all([]) as {
    body: string;
  }[];
  db.close();
  expect(rows.at(-1)?.body).toContain('A patient asked for their record.');
  expect(JSON.stringify(rows)).not.toContain(secretKey);
  await agent.close();
});

test('settings and a session read well in every theme and size', async () => {
  const { page: other, context } = await stage.person('admin');
  const seen = async (state: string): Promise<void> => {
    expect({ state, findings: await lookOver(other, state) }).toEqual({ state, findings: [] });
    await other.setViewportSize(desktop);
  };
  await other.goto('/settings?tab=keeping');
  await see(other.getByRole('heading', { name: 'What is masked' }));
  await seen('keeping-settings');
  const session = await SessionPage.openFromList(other, /kitchen/);
  await seen('session-timeline');
  await session
    .event(/Completed|Failed/i)
    .first()
    .click();
  await session.details.getByRole('button', { name: 'Arguments and result' }).click();
  await session.details.getByRole('button', { name: 'Reveal a masked value' }).first().click();
  await see(session.dialog);
  await seen('session-reveal');
  await other.keyboard.press('Escape');
  await other.getByLabel('Search events').fill('no such words');
  await see(other.getByText(/^None of/));
  await seen('session-find-none');
  await session.openRaw();
  await session.messages.getByRole('button').filter({ hasText: 'tools/call' }).first().click();
  await see(session.details);
  await seen('session-raw');
  await context.close();
});

test('what was kept long enough is purged, and its page says so', async () => {
  const agent = await stage.agent({ name: 'purge-agent' });
  await agent.call('kitchen__progress', { steps: 1 }).result;
  const session = await SessionPage.openFromList(page, /kitchen/);
  const address = page.url();
  await agent.close();
  await says(session.headline, /^Ended/);
  // Two days pass: only the clock of what is kept is moved.
  const db = new LibsqlDatabase(path.join(folder, 'holdpoint.db'));
  db.exec('pragma busy_timeout = 5000');
  db.prepare('update hp_session set last_event_at = last_event_at - ? where live = 0').run([2 * 86_400_000]);
  db.close();
  await page.goto('/settings?tab=keeping');
  for (const kind of ['Arguments, results and answers', 'Raw messages', 'Events of ended sessions'])
    await page.getByLabel(kind, { exact: true }).selectOption({ label: '1 day' });
  await see(page.getByText(/^Events of ended sessions: \d+ in \d+ session/));
  await takeShot(page, 'keeping-retention-desktop');
  await page.getByRole('button', { name: 'Save times' }).click();
  await see(page.getByText('Saved. What is old enough is being purged.'));
  const purged = page.getByRole('heading', { name: 'Purged after 1 day.' });
  await becomes(async () => {
    await page.goto(address);
    await see(purged.or(session.headline));
    return purged.count();
  }, 1);
  await takeShot(page, 'keeping-purged-desktop');
  expect(await graveFindings(page, 'everything')).toEqual([]);
});
