import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { acceptOrder, requestAt } from '@/tests/e2e/support/orders';
import { freePort } from '@/tests/e2e/support/product';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived, RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, see } from '@/tests/e2e/support/see';
import { cutOff, type PersonAtDesk, setStage, type Stage } from '@/tests/e2e/support/stage';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

let network: TcpProxy;
let stage: Stage;
let agent: Agent;
let desk: PersonAtDesk;
let queue: QueuePage;

beforeAll(async () => {
  const port = await freePort();
  network = await startTcpProxy(`http://localhost:${port}`);
  stage = await setStage({
    port,
    baseUrl: new URL(network.url).origin,
    expectedInConsole: cutOff,
  });
  agent = await stage.agent();
  desk = await stage.person('approver');
  queue = await new QueuePage(desk.page).open();
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await network.close();
});

test('I12 the network drops while a form is half-typed: the text stays, and what happened meanwhile is shown', async () => {
  const first = agent.call('kitchen__ask_simple', { message: 'Asked before' });
  const other = agent.call('kitchen__ask_simple', { message: 'Answered by someone else' });
  await see(queue.rows('Asked before'));
  await queue.openRequest('Answered by someone else');
  const otherId = requestAt(desk.page.url());
  const request = await queue.openRequest('Asked before');
  await request.form.getByLabel('Value').fill('half of the ans');
  network.cut();
  await see(lost(desk.page));
  await see(request.article.getByText('Sends when online'));
  expect(await request.form.getByLabel('Value').inputValue()).toBe('half of the ans');
  await request.form.getByLabel('Value').pressSequentially('wer');

  const colleague = await stage.product.connect('admin');
  await colleague.say(acceptOrder(otherId, { value: 'by Mika' }));
  await other.result;
  const later = agent.call('kitchen__ask_simple', { message: 'Asked meanwhile' });
  await stage.kitchen.records.waitFor('execution_started', ({ args }) => args['message'] === 'Asked meanwhile');
  network.restore();
  await gone(lost(desk.page));
  await becomes(() => openRows(queue), ['Asked before', 'Asked meanwhile']);
  expect(await request.form.getByLabel('Value').inputValue()).toBe('half of the answer');

  await request.button('Accept and send').click();
  expect((await first.result).structuredContent).toMatchObject({ content: { value: 'half of the answer' } });
  await (await queue.openRequest('Asked meanwhile')).decline('Not needed');
  await later.result;
});

test('I1 an answer given while offline is kept, sent once when online, and can be taken back before', async () => {
  const before = stage.kitchen.records.of('answer_received').length;
  const call = agent.call('kitchen__ask_simple', { message: 'Answer me offline' });
  const request = await queue.openRequest('Answer me offline');
  await request.form.getByLabel('Value').fill('first thought');
  network.cut();
  await see(lost(desk.page));
  await request.button('Accept when online').click();
  await request.says('Kept here, sent once when online');
  // What is shown is what will be sent.
  expect(await request.form.getByLabel('Value').isDisabled()).toBe(true);
  await request.button('Take back').click();
  await request.form.getByLabel('Value').fill('second thought');
  await request.button('Accept when online').click();
  await request.says('Kept here, sent once when online');
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(before);
  network.restore();
  expect((await call.result).structuredContent).toEqual({ action: 'accept', content: { value: 'second thought' } });
  await request.receiptBecomes(arrived);
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(before + 1);
});

test('of two answers that wait for the line the newest has the key, whichever of them is shown', async () => {
  const calls = ['The older', 'The newer'].map((message) => agent.call('kitchen__ask_simple', { message }));
  // Both are read before the line goes.
  for (const words of ['The newer', 'The older']) await see((await queue.openRequest(words)).form.getByLabel('Value'));
  network.cut();
  await see(lost(desk.page));
  const answer = async (words: string): Promise<RequestPage> => {
    const request = await queue.openRequest(words);
    await request.form.getByLabel('Value').fill(words);
    await request.button('Accept when online').click();
    await request.says('Kept here, sent once when online');
    return request;
  };
  await answer('The older');
  const request = await answer('The newer');
  const keyed = desk.page.getByRole('button', { name: /^(Take back|Undo)/ }).filter({ hasText: /U$/ });
  const inBar = request.article.getByLabel('Answer', { exact: true }).locator(keyed);
  await becomes(() => Promise.all([keyed.count(), inBar.count()]), [1, 1]);
  await queue.openRequest('The older');
  await becomes(() => Promise.all([keyed.count(), inBar.count()]), [1, 0]);
  await desk.page.keyboard.press('u');
  await becomes(() => Promise.all([keyed.count(), inBar.count()]), [1, 1]);
  const newer = await queue.openRequest('The newer');
  await see(newer.button('Accept when online'));
  await newer.button('Accept when online').click();
  await newer.says('Kept here, sent once when online');
  // What was never fetched comes once there is a line, and nothing breaks before.
  await desk.page.keyboard.press('?');
  await see(keyed.first());
  network.restore();
  const keys = desk.page.getByRole('dialog', { name: 'Keys' });
  await see(keys);
  await desk.page.keyboard.press('Escape');
  await gone(keys);
  const sent = (await Promise.all(calls.map(({ result }) => result))).map((result) => result.structuredContent);
  expect(sent).toEqual(['The older', 'The newer'].map((value) => ({ action: 'accept', content: { value } })));
});

test('I1 the line breaks as an answer is on its way: it counts once, whichever way it went', async () => {
  const before = stage.kitchen.records.of('answer_received').length;
  const call = agent.call('kitchen__ask_simple', { message: 'Lost on the way?' });
  const request = await queue.openRequest('Lost on the way?');
  await request.form.getByLabel('Value').fill('only once');
  await Promise.all([request.button('Accept and send').click(), Promise.resolve().then(() => network.drop())]);
  expect((await call.result).structuredContent).toEqual({ action: 'accept', content: { value: 'only once' } });
  await request.receiptBecomes(arrived);
  await request.says('You accepted this');
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(before + 1);
});

test('a reload keeps what was half-typed, for the form and for a reply', async () => {
  const form = agent.call('kitchen__ask_simple', { message: 'Reload me' });
  const sample = agent.call('kitchen__sample');
  const request = await queue.openRequest('Reload me');
  await request.form.getByLabel('Value').fill('typed before');
  const reply = await queue.openRequest('Write the summary');
  await reply.article.getByRole('textbox', { name: /^Reply/ }).fill('p99 rose');
  await desk.page.reload();
  await becomes(() => reply.article.getByRole('textbox', { name: /^Reply/ }).inputValue(), 'p99 rose');
  const again = await queue.openRequest('Reload me');
  expect(await again.form.getByLabel('Value').inputValue()).toBe('typed before');
  await again.button('Accept and send').click();
  expect((await form.result).structuredContent).toMatchObject({ content: { value: 'typed before' } });
  const sampled = await queue.openRequest('Write the summary');
  await sampled.button('Accept reply').click();
  expect((await sample.result).structuredContent).toMatchObject({ content: { text: 'p99 rose' } });
});

test('I5 Holdpoint restarts: whoever comes anew finds the request and the live session, and who stayed hears of the answer', async () => {
  const call = agent.call('kitchen__write', { note: 'across a restart' });
  await queue.openRequest('across a restart');
  await stage.product.kill();
  await see(lost(desk.page));
  await stage.product.start();
  const newcomer = await stage.person('approver', { name: 'Ben Okoro' });
  const theirs = await (await new QueuePage(newcomer.page).open()).openRequest('across a restart');
  await see(newcomer.page.getByRole('link', { name: 'Sessions 1 live' }));
  expect(stage.kitchen.records.executions('write')).toEqual([]);
  await theirs.decline('Not after a restart');
  expect(textOf(await call.result)).toContain('Not after a restart');
  await gone(lost(desk.page));
  await new RequestPage(desk.page).says('Ben declined this');
  expect(stage.kitchen.records.executions('write')).toEqual([]);
});

function lost(page: Page): Locator {
  return page.getByText('Connection lost');
}

/** The titles of the rows that are open, in no order. */
async function openRows(queue: QueuePage): Promise<readonly string[]> {
  if (await queue.newOnes.isVisible()) await queue.newOnes.click();
  const texts = await queue.openRows().allInnerTexts();
  return texts.map((text) => /Asked \w+|Answered by someone else/.exec(text)?.[0] ?? text).sort();
}
