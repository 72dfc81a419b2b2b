import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintId, type RequestId } from '@/lib/domain/ids';
import type { QueueItem } from '@/lib/domain/request-detail';
import { type Agent, connectAgent, textOf } from '@/tests/e2e/support/agent';
import { type Commander, type Product, startProduct } from '@/tests/e2e/support/product';
import { openItem } from '@/tests/e2e/support/waiting';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';
import { plainAnswer } from '@/tests/support/desk';

let postgres: TestPostgres;
let network: TcpProxy;
let kitchen: KitchenSink;
let product: Product;
let agent: Agent;
let desk: Commander;

beforeAll(async () => {
  postgres = await startPostgres();
  network = await startTcpProxy(postgres.url(await postgres.createDatabase()));
  kitchen = await startKitchenSink();
  product = await startProduct({
    servers: { kitchen: { url: kitchen.url, holdpoint: { trusted: true } } },
    holdpoint: { rules: [{ id: 'all', decision: 'allow' }] },
    env: { DATABASE_URL: network.url },
  });
  agent = await connectAgent(product);
  desk = await product.connect('approver');
});

afterAll(async () => {
  network.restore();
  await agent.close();
  await product.close();
  await kitchen.close();
  await network.close();
  await postgres.stop();
});

function nextOpen(): Promise<QueueItem> {
  return openItem(desk, () => true);
}

function accept(item: QueueItem): ReturnType<typeof desk.say<'request.answer'>> {
  return desk.say({
    type: 'request.answer',
    requestId: item.request.requestId as RequestId,
    operationId: mintId('operation', randomBytes),
    revision: item.request.revision,
    action: 'accept',
    reason: null,
    content: { value: 'blue' },
    ...plainAnswer,
  });
}

test('on PostgreSQL a call asks a person and gets the answer', async () => {
  const call = agent.call('kitchen__ask_simple');
  const answered = await accept(await nextOpen());
  expect(answered).toMatchObject({ ok: true });
  expect(textOf(await call.result)).toContain('blue');
});

test('I2 I5 while the database is away nothing is called saved, and when it is back the open call goes on', async () => {
  const call = agent.call('kitchen__ask_simple');
  const item = await nextOpen();
  const told = new Promise<unknown>((resolve) => {
    desk.socket.on('push', (push: { type: string }) => {
      if (push.type === 'storage.changed') resolve(push);
    });
  });
  network.cut();
  expect(await accept(item)).toMatchObject({ ok: false, code: 'cannot_save' });
  expect(await told).toMatchObject({ ok: false });
  expect((await fetch(`${product.baseUrl}/readyz`)).status).toBe(503);
  // Whoever calls now is told what is wrong, by a status that says to come back.
  const refused = await fetch(product.mcpUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer hp_${'x'.repeat(43)}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
  });
  expect(refused.status).toBe(503);
  expect(await refused.text()).toContain('database');
  // An agent that is known is told so in its own protocol, and nothing of its call went out.
  await expect(agent.client.callTool({ name: 'kitchen__write', arguments: {} })).rejects.toMatchObject({
    message: expect.stringMatching(/cannot be saved|cannot save/i) as string,
  });
  expect(kitchen.records.executions('write')).toEqual([]);
  const page = await fetch(`${product.baseUrl}/queue`, {
    headers: { cookie: await product.cookieOf('approver') },
    redirect: 'manual',
  });
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('database');

  network.restore();
  // Nobody has to try in vain for it to be noticed.
  await expect
    .poll(async () => (await fetch(`${product.baseUrl}/readyz`)).status, { timeout: 20_000, interval: 250 })
    .toBe(200);
  expect(await accept(item)).toMatchObject({ ok: true });
  expect(textOf(await call.result)).toContain('blue');
  expect(product.output()).not.toContain('not handled');
}, 60_000);
