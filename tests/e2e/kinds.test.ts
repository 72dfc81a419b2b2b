import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { acceptOrder, requestAt } from '@/tests/e2e/support/orders';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived, type RequestPage } from '@/tests/e2e/support/request-page';
import { gone, patienceMs, see } from '@/tests/e2e/support/see';
import { type PersonAtDesk, setStage, type Stage } from '@/tests/e2e/support/stage';

const outside = 'https://accounts.example.com/connect?team=payments';

let stage: Stage;
let agent: Agent;
let desk: PersonAtDesk;
let queue: QueuePage;

beforeAll(async () => {
  stage = await setStage();
  agent = await stage.agent();
  desk = await stage.person('approver');
  await desk.context.route(/accounts\.example\.com/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Accounts</title><h1>Connect</h1>' }),
  );
  queue = await new QueuePage(desk.page).open();
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('a page to visit opens on a click, apart from ours, and its completion moves the tool on', async () => {
  const asked: string[] = [];
  desk.context.on('request', (request) => asked.push(request.url()));
  const call = agent.call('kitchen__ask_url', { url: outside, elicitationId: 'connect-1' });
  const request = await queue.openRequest('Please connect your account.');
  await see(request.article.getByText(outside));
  await see(request.article.getByText('encrypted, no address tricks found'));
  expect(await request.button('I have finished').isDisabled()).toBe(true);
  await request.says('Open the page first');
  expect(asked.filter((url) => url.includes('accounts.example.com'))).toEqual([]);

  const [tab] = await Promise.all([desk.context.waitForEvent('page'), request.button('Open in a new tab').click()]);
  await tab.waitForURL(outside);
  expect(await tab.evaluate(() => `${String(window.opener)} ${document.referrer}`)).toBe('null ');
  await tab.close();

  await request.button('I have finished').click();
  await request.receiptBecomes(['saved', 'sent', 'accepted', 'tool moved on, waiting']);
  await stage.kitchen.completeElicitation('connect-1');
  await request.receiptBecomes(arrived);
  expect((await call.result).structuredContent).toEqual({ action: 'accept', completed: true });
});

test('I6 a page before its call: that was not run, and goes once more, approved as it was, when its pages are done', async () => {
  const call = agent.call('kitchen__write_after_pages', { key: 'sign-in', pages: 2 });
  await (await queue.openRequest('write_after_pages')).approve();
  const request = await queue.openRequest('Allow sign-in-1-1.');
  await request.says('write_after_pages was not run');
  await request.says('wants this page and 1 more visited first');
  await see(request.article.getByText('https://accounts.example.com/allow/sign-in-1-1'));
  const [tab] = await Promise.all([desk.context.waitForEvent('page'), request.button('Open in a new tab').click()]);
  await tab.close();
  await request.button('I have finished').click();
  await request.says('The call waits for 1 more page. Then it is sent again.');
  expect(stage.kitchen.records.executions('write_after_pages')).toHaveLength(1);
  await stage.kitchen.completeElicitation('sign-in-1-2');
  await request.receiptBecomes(['saved', 'call sent again', 'accepted', 'tool moved on']);
  expect((await call.result).structuredContent).toEqual({ written: 2 });
});

test.each([
  ['http://intranet.example.com/form', ['Not encrypted']],
  ['https://accounts.example.com@evil.example.net/', ['has a name before an @ sign']],
  ['https://xn--pple-43d.com/', ['letters from other alphabets']],
  ['http://127.0.0.1:8080/', ['Not encrypted', 'names a machine by number', 'this computer', 'unusual port']],
])('%s is shown with its warnings', async (url, warnings) => {
  const call = agent.call('kitchen__ask_url', { url });
  const request = await queue.openRequest('Please connect your account.');
  const list = request.article.getByRole('list', { name: 'Warnings' });
  await see(list);
  const said = (await list.getByRole('listitem').allInnerTexts()).join('\n');
  for (const warning of warnings) expect(said).toContain(warning);
  expect(await request.article.getByRole('region', { name: 'The page to visit' }).innerText()).toContain(url);
  await request.decline('I do not trust this address');
  expect((await call.result).structuredContent).toMatchObject({ action: 'decline', completed: false });
});

test.each(['javascript:alert(document.cookie)', 'data:text/html,<script>alert(1)</script>', 'file:///etc/passwd'])(
  '%s cannot be opened or accepted, in the page or past it',
  async (url) => {
    const call = agent.call('kitchen__ask_url', { url });
    const request = await queue.openRequest('Please connect your account.');
    await request.says('This address cannot be opened from here');
    expect(await request.button('I have finished').isDisabled()).toBe(true);
    await gone(desk.page.locator(`[href^="${url.slice(0, 5)}"]`));
    await gone(request.article.getByRole('button', { name: /^Open/ }));
    const past = await stage.product.connect('approver');
    const answered = await past.say(acceptOrder(requestAt(desk.page.url()), null));
    expect(answered).toMatchObject({ ok: false, code: 'invalid_answer' });
    await request.decline('Not an address');
    expect((await call.result).structuredContent).toMatchObject({ action: 'decline' });
  },
);

test('a model reply: everything the server sent is shown, and the reply goes back word for word', async () => {
  const call = agent.call('kitchen__sample');
  const request = await queue.openRequest('Write the summary');
  const sent = request.article.getByRole('region', { name: 'What the server sent' });
  for (const words of [
    'You write incident summaries. Use only the facts given.',
    'p99 rose from 310 ms to 2.4 s. <script>alert(1)</script>',
    'Do slow requests wait before or after payments?',
    'Before. Write the summary.',
  ]) {
    await see(sent.getByText(words, { exact: true }));
  }
  const wishes = await request.article.getByRole('region', { name: 'What the server wishes of the model' }).innerText();
  for (const words of ['0.8', '0.5', '0.3', 'claude-sonnet, claude', '120', '0.4', 'END'])
    expect(wishes).toContain(words);
  await request.button('Accept reply').click();
  await request.says('Write the reply first');
  const reply = 'p99 rose eightfold; requests wait before payments.\n\n“Cause unknown.”';
  await request.article.getByRole('textbox', { name: /^Reply/ }).fill(reply);
  await request.button('Accept reply').click();
  expect((await call.result).structuredContent).toMatchObject({
    role: 'assistant',
    content: { type: 'text', text: reply },
  });
  await request.receiptBecomes(arrived);
});

test('I13 a model reply can be declined, and the server hears why', async () => {
  const call = agent.call('kitchen__sample');
  const request = await queue.openRequest('Write the summary');
  await request.decline('Not enough facts');
  // The tool gets an error, as MCP has it for sampling, and this one passes it on.
  await expect(call.result).rejects.toThrow('A person declined the sampling request: Not enough facts');
  await request.says('You declined this');
});

test('I6 an approval takes two presses of a key, and shows its risk and arguments first', async () => {
  const call = agent.call('kitchen__write', { note: 'drop the staging tables' });
  const request = await queue.openRequest('drop the staging tables');
  await see(request.article.getByText('destructive', { exact: true }));
  await request.says('Writes need a second look.');
  await request.says('hold-writes');
  await see(request.article.getByRole('region', { name: 'Arguments' }).getByText('drop the staging tables'));
  expect(stage.kitchen.records.executions('write')).toHaveLength(0);
  await pressUntil('a', request, 'Approve?');
  expect(stage.kitchen.records.executions('write')).toHaveLength(0);
  await see(request.button('Not yet'));
  await desk.page.keyboard.press('Escape');
  await see(request.button('Accept'));
  await pressUntil('a', request, 'Approve?');
  await pressUntil('a', request, null);
  expect((await call.result).structuredContent).toEqual({ written: 1 });
  await request.says('You accepted this');
  await request.receiptBecomes(['saved', 'call sent', 'accepted', 'tool moved on']);
  expect(stage.kitchen.records.executions('write')).toHaveLength(1);
});

test('a declined approval is never sent, and the agent reads why', async () => {
  const before = stage.kitchen.records.executions('write').length;
  const call = agent.call('kitchen__write', { note: 'the wrong database' });
  const request = await queue.openRequest('the wrong database');
  await pressUntil('d', request, 'Back');
  const box = request.article.getByRole('dialog', { name: 'Decline' });
  await box.getByRole('button', { name: 'Wrong target' }).click();
  await box.getByRole('button', { name: 'Decline' }).click();
  const result = await call.result.catch((error: unknown) => String(error));
  expect(typeof result === 'string' ? result : textOf(result)).toContain('Wrong target');
  await request.says('You declined this');
  await request.receiptBecomes(['saved', 'agent told']);
  expect(stage.kitchen.records.executions('write')).toHaveLength(before);
});

/** Keys rest for a moment after something new was opened; a person presses again. */
async function pressUntil(key: string, request: RequestPage, button: string | null): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    // Asked once more where it was opened only just now.
    const armed = request.button('Approve?').or(request.button('Approve anyway'));
    const approve = button === null ? armed : request.button(button);
    if ((await approve.count()) === (button === null ? 0 : 1)) return true;
    await desk.page.keyboard.press(key);
    return false;
  };
  await expect.poll(isThere, { timeout: patienceMs, interval: 200 }).toBe(true);
}
