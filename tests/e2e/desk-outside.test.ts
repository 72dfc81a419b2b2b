import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule, makeTeams, teamId } from '@/tests/e2e/support/desk-people';
import { focusIsOn } from '@/tests/e2e/support/focus';
import { requestAt } from '@/tests/e2e/support/orders';
import { gone, says } from '@/tests/e2e/support/see';
import { type PersonAtDesk, setStage, type Stage } from '@/tests/e2e/support/stage';
import { Receiver } from '@/tests/notify/receiver';

let stage: Stage;
let agent: Agent;
let admin: PersonAtDesk;
let ana: Desk;
let ben: Desk;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await Receiver.start();
  stage = await setStage({ env: { HOLDPOINT_ALLOW_LOCAL_WEBHOOKS: '1' } });
  await makeTeams(stage, { Payments: ['Ana Ruiz', 'Ben Okoro'] });
  await addRules(stage, holdRule('payments', 'tool.name == "write"', { team: teamId('Payments') }));
  agent = await stage.agent();
  admin = await stage.person('admin');
  [ana, ben] = await Promise.all([deskOf(stage, 'Ana Ruiz'), deskOf(stage, 'Ben Okoro')]);
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await receiver.stop();
});

test('I14 a webhook added in the browser is told of a request, signed, and never of its arguments', async () => {
  const { page } = admin;
  await page.goto('/settings?tab=places');
  await page
    .getByRole('button', { name: /^Add a/ })
    .first()
    .click();
  const form = page.getByRole('dialog', { name: 'Add a place' });
  await form.getByRole('radio', { name: /^Signed webhook/ }).check();
  await form.getByLabel('For', { exact: true }).selectOption({ label: 'Every request' });
  await form.getByLabel('Address').fill(`${receiver.url}/hook`);
  await form.getByRole('button', { name: 'Add place' }).click();
  const shown = page.getByRole('dialog', { name: 'Secret of the webhook' });
  const secret = await shown.locator('.secret code').innerText();
  await shown.getByRole('button', { name: 'I have stored the secret' }).click();

  const call = agent.call('kitchen__write', { note: 'pay 4711 to Initech', account: 'DE89-secret' });
  const request = await ana.openRequest('pay 4711');
  const requestId = requestAt(ana.page.url());
  const [delivery] = await receiver.until(1);
  if (delivery === undefined) throw new Error('nothing was delivered');
  const headers = signatureOf(delivery.headers);
  expect(new Webhook(secret).verify(delivery.body, headers)).toMatchObject({ data: { requestId } });
  expect(() => new Webhook(secret).verify(`${delivery.body} `, headers)).toThrow('No matching signature');
  const everything = JSON.stringify(delivery);
  for (const word of ['4711', 'Initech', 'DE89-secret', secret]) expect(everything).not.toContain(word);

  await page.goto('/settings?tab=deliveries');
  const row = page.getByRole('row').filter({ hasText: 'Webhook' }).filter({ hasText: requestId });
  await says(row, /sent/);
  await request.decline('Not now');
  await call.result.catch(() => undefined);
});

test('I11 a person’s token answers from outside: once, in their name, with their rights, until it is revoked', async () => {
  const { page } = ana;
  await page.goto('/settings?tab=tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  const form = page.getByRole('dialog', { name: 'New token' });
  await form.getByLabel('Name').fill('Chat bot');
  await form.getByRole('button', { name: 'Make token' }).click();
  const shown = page.getByRole('dialog', { name: 'Token Chat bot' });
  const token = await shown.locator('.secret code').innerText();
  await shown.getByRole('button', { name: 'I have stored the token' }).click();

  const call = agent.call('kitchen__write', { note: 'from the chat' });
  const request = await ben.openRequest('from the chat');
  const requestId = requestAt(ben.page.url());
  const listed = await ask(token, '/api/v1/requests');
  expect(listed.status).toBe(200);
  const { items } = (await listed.json()) as { readonly items: readonly ListedItem[] };
  const revision = items.find((item) => item.request.requestId === requestId)?.request.revision;
  const order = { operationId: 'chat-1', revision, action: 'accept' };
  const answers = [await answer(token, requestId, order), await answer(token, requestId, order)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  await call.result;
  await request.says('Ana accepted this');
  expect(ran('from the chat')).toBe(1);
  expect((await answer(token, requestId, { ...order, operationId: 'chat-2' })).status).toBe(409);

  await page.getByRole('button', { name: 'Revoke the token Chat bot' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
  await gone(page.getByRole('dialog'));
  await gone(page.getByRole('button', { name: 'Revoke the token Chat bot' }));
  await focusIsOn(page, /^DIV No token yet/);
  const other = agent.call('kitchen__write', { note: 'after the token' });
  const open = await ben.openRequest('after the token');
  const late = await answer(token, requestAt(ben.page.url()), { operationId: 'chat-3', revision: 1, action: 'accept' });
  expect(late.status).toBe(401);
  await open.decline('By hand');
  await other.result.catch(() => undefined);
  await gone(open.button('Decline'));
  expect(ran('after the token')).toBe(0);
});

interface ListedItem {
  readonly request: { readonly requestId: string; readonly revision: number };
}

function ask(token: string, path: string, body?: object): Promise<Response> {
  return fetch(`${stage.product.baseUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function answer(token: string, requestId: string, body: object): Promise<Response> {
  return ask(token, `/api/v1/requests/${requestId}/answer`, body);
}

function signatureOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

function ran(note: string): number {
  return stage.kitchen.records.executions('write').filter(({ args }) => args['note'] === note).length;
}
