import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { connectAgent } from '@/tests/e2e/support/agent';
import { emailOf, password } from '@/tests/e2e/support/product';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

let stage: Stage;
let admin: Page;

beforeAll(async () => {
  stage = await setStage({
    // A used link and a wrong password.
    expectedInConsole: /Failed to load resource: the server responded with a status of (401|409)/,
    holdpoint: {
      rules: [
        { id: 'no-drops', decision: 'deny', tool: 'drop_*', reason: 'Nobody drops tables from here.' },
        { id: 'reads', decision: 'allow', server: 'kitchen', annotations: { readOnly: true } },
        { id: 'writes', decision: 'hold', tool: 'write*', deadline: '20m' },
      ],
    },
  });
  admin = (await stage.stranger()).page;
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('the printed link makes the first admin, and works once', async () => {
  const link = await stage.product.welcomeLink();
  await admin.goto(link);
  await see(admin.getByRole('heading', { name: 'Welcome to Holdpoint' }));
  await admin.getByLabel('Your name').fill('Mika Laine');
  await admin.getByLabel('E-mail').fill('mika.laine@example.com');
  await admin.getByLabel('Password', { exact: true }).fill('short');
  await admin.getByRole('button', { name: 'Make me the admin' }).click();
  await becomes(
    () => admin.getByLabel('Password', { exact: true }).evaluate((input: HTMLInputElement) => input.validity.valid),
    false,
  );
  await admin.getByLabel('Password', { exact: true }).fill(password);
  await admin.getByRole('button', { name: 'Make me the admin' }).click();
  await admin.waitForURL('/queue');
  await see(admin.getByRole('heading', { name: 'Nothing waits for anyone' }));
  await see(admin.getByRole('button', { name: 'Mika Laine, your menu' }));
  const { page } = await stage.stranger();
  await page.goto(link);
  await see(page.getByRole('heading', { name: 'This link does not work' }));
  expect(await page.getByLabel('Password').count()).toBe(0);
});

test('I11 signed out, every page leads to the door, and back after signing in', async () => {
  const { page } = await stage.stranger();
  for (const path of [
    '/queue',
    '/queue/req_000000000000',
    '/sessions',
    '/sessions/ses_000000000000',
    '/servers',
    '/agents',
    '/people',
    '/',
  ]) {
    await page.goto(path);
    await becomes(() => new URL(page.url()).pathname, '/sign-in');
  }
  await page.goto('/sessions');
  await page.getByLabel('E-mail').fill('mika.laine@example.com');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const alert = page.getByRole('alert').filter({ hasText: /./ });
  await see(alert);
  expect(await alert.first().innerText()).toMatch(/e-mail|password/i);
  expect(await alert.first().innerText()).not.toMatch(/mika/i);
  expect(await page.getByLabel('E-mail').inputValue()).toBe('mika.laine@example.com');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('/sessions');
  await see(page.getByRole('heading', { name: 'Sessions', level: 1 }));
  await page.getByRole('button', { name: 'Mika Laine, your menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto('/queue');
  await page.waitForURL(/\/sign-in\?next=/);
});

test('an admin invites, the invited joins with their role, and the role can be changed', async () => {
  await admin.goto('/people');
  await see(admin.getByRole('button', { name: 'Invite' }));
  await admin.keyboard.press('n');
  const dialog = admin.getByRole('dialog');
  await becomes(() => dialog.getByLabel('E-mail').and(admin.locator(':focus')).count(), 1);
  await admin.keyboard.type('nobody');
  await admin.keyboard.press('Enter');
  await see(dialog.getByText('Give an e-mail address such as', { exact: false }));
  await dialog.getByLabel('E-mail').fill(emailOf('Olu Ade'));
  await dialog.getByLabel('Observer').check();
  await dialog.getByRole('button', { name: 'Make link' }).click();
  const link = await dialog.getByText('/join?token=', { exact: false }).innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await see(admin.getByRole('region', { name: 'Open invitations' }).getByText(emailOf('Olu Ade')));

  const { page } = await stage.stranger();
  await page.goto(link);
  await see(page.getByText('Mika Laine invited you as an observer', { exact: false }));
  expect(await page.getByLabel('E-mail').inputValue()).toBe(emailOf('Olu Ade'));
  await page.getByLabel('Your name').fill('Olu Ade');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('/queue');
  await see(page.getByRole('heading', { name: 'Nothing waits for anyone' }));
  await gone(page.getByRole('link', { name: 'People' }));
  await page.goto('/people');
  await see(page.getByRole('heading', { name: 'People are for admins' }));

  await admin.goto('/people');
  await admin.getByRole('button', { name: 'Role of Olu Ade: Observer' }).click();
  await admin.getByRole('menuitemradio', { name: /^Approver/ }).click();
  await see(admin.getByRole('button', { name: 'Role of Olu Ade: Approver' }));
  await admin.getByRole('button', { name: 'Disable Olu Ade' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.waitForURL(/\/sign-in/);
  await says(admin.getByRole('row').filter({ hasText: 'Olu Ade' }), /disabled/);
});

test('the last admin stays one', async () => {
  await admin.goto('/people');
  await admin.getByRole('button', { name: 'Role of Mika Laine: Admin' }).click();
  await admin.getByRole('menuitemradio', { name: /^Observer/ }).click();
  await see(admin.getByRole('alert').filter({ hasText: /admin/i }));
  expect(await admin.getByRole('button', { name: 'Role of Mika Laine: Admin' }).count()).toBe(1);
});

test('an agent’s key is shown once, opens /mcp, and is refused at once when revoked', async () => {
  await admin.goto('/agents');
  await see(admin.getByRole('button', { name: 'New agent' }));
  await admin.keyboard.press('n');
  const dialog = admin.getByRole('dialog');
  await becomes(() => dialog.getByLabel('Name').and(admin.locator(':focus')).count(), 1);
  await admin.keyboard.press('Enter');
  await see(dialog.getByText('Give the agent a name', { exact: false }));
  await admin.keyboard.type('release-bot');
  await admin.keyboard.press('Enter');
  // A key that is held closes nothing: what is shown once is there to be copied first.
  await becomes(() => dialog.getByRole('button', { name: 'Copy key' }).and(admin.locator(':focus')).count(), 1);
  const key = await dialog.getByText(/^hp_/).first().innerText();
  await see(dialog.getByText('This key is shown once', { exact: false }));
  await dialog.getByRole('tab', { name: /Cursor/ }).click();
  expect(await dialog.locator('pre').innerText()).toContain(key);
  await dialog.getByRole('button', { name: 'I have stored the key' }).click();
  await admin.reload();
  const row = admin.getByRole('row').filter({ hasText: 'release-bot' });
  await says(row, /active/);
  expect(await admin.locator('body').innerText()).not.toContain(key);

  const agent = await connectAgent(stage.product, { key });
  expect((await agent.client.listTools()).tools.length).toBeGreaterThan(10);
  await row.getByRole('button', { name: 'Revoke the key of release-bot' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await says(row, /revoked/);
  await expect(agent.client.listTools()).rejects.toThrow(/key|401|unauthorized/i);
  await expect(connectAgent(stage.product, { key })).rejects.toThrow(/key|401|unauthorized/i);
  const bare = await fetch(stage.product.mcpUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
  expect(bare.status).toBe(401);
  await agent.client.close();
});

test('the servers page shows every server and rule of the configuration, in words', async () => {
  await admin.goto('/servers');
  await says(admin.getByRole('row').filter({ hasText: 'kitchen' }), /Streamable HTTP[\s\S]*trusted/);
  await admin.getByRole('link', { name: 'rules', exact: true }).click();
  await admin.waitForURL('/rules');
  const rules = admin.locator('tr[data-rule]');
  await see(rules);
  const said = await rules.allInnerTexts();
  expect(said).toMatchObject([
    expect.stringMatching(/deny[\s\S]*no-drops[\s\S]*glob\(tool\.name, "drop_\*"\)/),
    expect.stringMatching(/allow[\s\S]*reads[\s\S]*server\.name == "kitchen" && tool\.readOnly/),
    expect.stringMatching(/hold[\s\S]*writes[\s\S]*glob\(tool\.name, "write\*"\)[\s\S]*20 min/),
  ]);
});
