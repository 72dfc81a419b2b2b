import { readFile } from 'node:fs/promises';
import path from 'node:path';
import LibsqlDatabase from 'libsql';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Looks } from '@/tests/e2e/support/looks';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { see } from '@/tests/e2e/support/see';
import { cutOff, heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';
import { auditEntriesIn } from '@/tests/support/audit-entries';

let stage: Stage;
let looks: Looks;

beforeAll(async () => {
  stage = await setStage({
    holdpoint: heldWrites,
    // One test stops the server under the pages of the others.
    expectedInConsole: cutOff,
  });
  looks = new Looks(stage);
});
afterEach((context) => stage.check(context));
afterAll(() => stage.close());

async function openAudit(page: Page): Promise<void> {
  await page.goto('/audit');
  await see(page.getByRole('heading', { name: 'Audit' }));
  await see(page.getByText('Verified up to'));
}

describe('the audit log', () => {
  test('shows who did what, narrows by address, and hands out what verifies (I15)', async () => {
    const { page } = await stage.person('admin');
    const agent = await stage.agent();
    await agent.call('kitchen__read_note', {}).result.catch(() => undefined);
    await new QueuePage(page).open();
    await openAudit(page);
    const list = page.getByRole('list', { name: 'Entries, newest first' });
    await see(list.getByText('made an agent').or(list.getByText('joined')).or(list.getByText('signed in')).first());
    await page.getByRole('combobox', { name: 'What was done' }).selectOption('person.signed_in');
    await page.waitForURL(/act=person\.signed_in/);
    const first = list.locator('details').first();
    await see(first);
    await first.locator('summary').focus();
    await page.keyboard.press('Enter');
    await see(first.getByText('Hash'));
    await see(first.getByText('127.0.0.1').first());
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

  test('is for admins (I11)', async () => {
    const { page } = await stage.person('observer');
    await page.goto('/audit');
    await see(page.getByText('The audit log is for admins'));
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await takeShot(page, 'audit-forbidden');
  });

  test('looks right, and has nothing grave', async () => {
    const open = async (page: Page): Promise<void> => {
      await openAudit(page);
      await page.locator('.au-row').first().locator('summary').click();
    };
    expect(await looks.findingsOf('audit', open, 'admin')).toEqual([]);
  });

  test('is said to be broken on every screen of an admin, at the entry that was changed (I15)', async () => {
    const { page } = await stage.person('admin');
    await openAudit(page);
    await stage.product.stop();
    const database = new LibsqlDatabase(path.join(stage.product.folder, 'holdpoint.db'));
    database.exec(`update hp_audit set body = replace(body, '"seq":2', '"seq": 2') where seq = 2`);
    database.close();
    await stage.product.start();
    await page.goto('/queue');
    await see(page.getByText('The audit log is broken at entry 2:'));
    await page.getByRole('link', { name: 'Look at it' }).click();
    await see(page.getByText('The chain is broken at entry 2:'));
    // All but the entry before it.
    expect(await page.locator('li[data-proven="yes"]').count()).toBe(1);
    await takeShot(page, 'audit-broken');
  });
});
