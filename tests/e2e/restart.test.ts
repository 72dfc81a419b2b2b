import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, ticketOf } from '@/tests/e2e/support/agent';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived } from '@/tests/e2e/support/request-page';
import { becomes, gone, see } from '@/tests/e2e/support/see';
import { type SeparateServer, startSeparateServer } from '@/tests/e2e/support/separate-server';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { cutOff, type PersonAtDesk, setStage, type Stage } from '@/tests/e2e/support/stage';

let server: SeparateServer;
let stage: Stage;
let agent: Agent;
let desk: PersonAtDesk;
let queue: QueuePage;

beforeAll(async () => {
  server = await startSeparateServer();
  stage = await setStage({
    servers: { orders: { url: server.url } },
    holdpoint: {
      rules: [
        { id: 'hold-writes', decision: 'hold', tool: 'write', reason: 'Writes need a second look.' },
        { id: 'all', decision: 'allow' },
      ],
      agents: { hold: '1s' },
    },
    expectedInConsole: cutOff,
  });
  agent = await stage.agent();
  desk = await stage.person('approver');
  queue = await new QueuePage(desk.page).open();
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await server.close();
});

test('I5 Holdpoint is killed while a person types: request, deadline, claim and text are there again, and the stream goes on', async () => {
  const call = agent.call('orders__ask_simple', { message: 'Which cost center?' });
  const request = await queue.openRequest('Which cost center?');
  await request.form.getByLabel('Value').fill('half of the ans');
  await see(request.button('Release'));
  const ends = await request.deadline.locator('b').innerText();
  await stage.product.kill();
  await see(lost(desk.page));
  await see(request.article.getByText('Sends when online'));
  await stage.product.start();
  await gone(lost(desk.page));
  await see(queue.openRows('Which cost center?'));
  expect(await request.deadline.locator('b').innerText()).toBe(ends);
  await see(request.button('Release'));
  expect(await request.form.getByLabel('Value').inputValue()).toBe('half of the ans');
  await request.form.getByLabel('Value').pressSequentially('wer');
  await request.button('Accept and send').click();
  expect((await call.result).structuredContent).toMatchObject({
    action: 'accept',
    content: { value: 'half of the answer' },
  });
  await request.receiptBecomes(arrived);
  expect(await server.executions('Which cost center?')).toBe(1);
  const session = await SessionPage.openFromList(desk.page, /orders/);
  await see(session.event(/Connection dropped, reattaching: Holdpoint was restarted/));
  await see(session.event(/Reattached to kitchen-sink 1\.0\.0, its session lives on/));
  await queue.open();
});

test('I5 a ticket is good in the next life', async () => {
  const waiting = await agent.call('orders__ask_simple', { message: 'Which region?' }, 'plain').result;
  const ticket = ticketOf(waiting) ?? '';
  await see(queue.rows('Which region?'));
  await stage.product.kill();
  await see(lost(desk.page));
  await stage.product.start();
  await gone(lost(desk.page));
  const collected = agent.collect(ticket);
  const request = await queue.openRequest('Which region?');
  await request.form.getByLabel('Value').fill('for the ticket');
  await request.button('Accept and send').click();
  expect((await collected).structuredContent).toMatchObject({ content: { value: 'for the ticket' } });
  expect(await server.executions('Which region?')).toBe(1);
});

test('I2 I5 an answer saved before the kill is sent by the next life, without anyone’s hand', async () => {
  const call = agent.call('orders__ask_simple', { message: 'Who pays?' });
  const request = await queue.openRequest('Who pays?');
  await request.form.getByLabel('Value').fill('said once');
  server.network.cut();
  await request.button('Accept and send').click();
  await request.says('You accepted this');
  await stage.product.kill();
  await see(lost(desk.page));
  await stage.product.start();
  await gone(lost(desk.page));
  server.network.restore();
  await request.receiptBecomes(arrived);
  expect((await call.result).structuredContent).toMatchObject({ content: { value: 'said once' } });
  expect(await server.executions('Who pays?')).toBe(1);
  expect((await server.answers()).at(-1)).toEqual({ action: 'accept', content: { value: 'said once' } });
});

test('I5 I6 an approval waits across a kill, and lets the call go once', async () => {
  const call = agent.call('orders__write', { note: 'drop the staging tables' });
  const request = await queue.openRequest('drop the staging tables');
  await see(request.button('Accept'));
  await stage.product.kill();
  await see(lost(desk.page));
  await stage.product.start();
  await gone(lost(desk.page));
  await request.says('Writes need a second look.');
  expect(await server.executions('drop the staging tables')).toBe(0);
  await request.approve();
  expect((await call.result).structuredContent).toEqual({ written: 1 });
  await request.receiptBecomes(['saved', 'call sent', 'accepted', 'tool moved on']);
  expect(await server.executions('drop the staging tables')).toBe(1);
});

test('I5 a planned stop with calls parked: gone within 10 s, and the next start gives every agent its result', async () => {
  const other = await stage.agent({ name: 'other-agent' });
  const streamed = agent.call('orders__ask_simple', { message: 'Parked by stream' });
  const held = other.call('orders__write', { note: 'parked for approval' });
  const ticket =
    ticketOf(await other.call('orders__ask_simple', { message: 'Parked by ticket' }, 'plain').result) ?? '';
  await becomes(() => queue.rows('arked').count(), 3);
  const startedAt = performance.now();
  expect(await stage.product.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await see(lost(desk.page));
  await stage.product.start();
  await gone(lost(desk.page));
  for (const message of ['Parked by stream', 'Parked by ticket']) {
    const request = await queue.openRequest(message);
    await request.form.getByLabel('Value').fill(`To: ${message}`);
    await request.button('Accept and send').click();
    await request.receiptBecomes(arrived);
  }
  const approval = await queue.openRequest('parked for approval');
  await approval.approve();
  const results = await Promise.all([streamed.result, other.collect(ticket), held.result]);
  expect(results.map(({ structuredContent }) => structuredContent)).toMatchObject([
    { content: { value: 'To: Parked by stream' } },
    { content: { value: 'To: Parked by ticket' } },
    { written: 2 },
  ]);
  for (const words of ['Parked by stream', 'Parked by ticket', 'parked for approval'])
    expect(await server.executions(words)).toBe(1);
});

function lost(page: Page): Locator {
  return page.getByText('Connection lost');
}
