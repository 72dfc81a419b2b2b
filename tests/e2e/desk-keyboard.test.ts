import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule } from '@/tests/e2e/support/desk-people';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

let stage: Stage;
let agent: Agent;
let ana: Desk;

beforeAll(async () => {
  stage = await setStage();
  await addRules(
    stage,
    holdRule('reasons', 'tool.name == "write" && has(args.note) && args.note.startsWith("why")', {
      reasonRequired: true,
    }),
    holdRule('writes', 'tool.name == "write"', { editable: ['/note'] }),
  );
  agent = await stage.agent();
  ana = await deskOf(stage, 'Ana Ruiz');
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

/** A key until it did what it is for: for a second after something new was opened it does nothing. */
async function pressUntil(key: string, done: () => Promise<boolean>): Promise<void> {
  await becomes(async () => {
    if (!(await done())) await ana.page.keyboard.press(key);
    return done();
  }, true);
}

/** From a fresh queue the first `j` opens the only request that waits. */
async function openByKey(words: string): Promise<RequestPage> {
  await ana.open();
  await see(ana.openRows(words));
  const request = new RequestPage(ana.page);
  await ana.page.keyboard.press('j');
  await see(request.article.filter({ has: ana.page.getByRole('heading', { level: 1, name: words }) }));
  return request;
}

test('a form is answered from inside its field; Enter goes in, Ctrl and Enter sends', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'By keys alone?' });
  const request = await openByKey('By keys alone?');
  // Its server says nothing of the tool: that is not a claim that it destroys.
  await request.says('unknown, treated as destructive');
  await see(ana.openRows('By keys alone?').filter({ hasText: 'unknown' }));
  await pressUntil('Enter', async () => (await ana.page.locator('input:focus').count()) > 0);
  await ana.page.keyboard.type('yes');
  await see(ana.openRows('By keys alone?').filter({ hasText: 'begun' }));
  await says(request.beside, 'Ctrl Enter accepts');
  await ana.page.keyboard.press('Control+Enter');
  await request.says('You accepted this');
  expect((await call.result).structuredContent).toMatchObject({ content: { value: 'yes' } });
});

test('I6 Enter on an approval goes to it, not to the notes; edited by keys, it is saved and not sent', async () => {
  const call = agent.call('kitchen__write', { note: 'a first text' });
  const request = await openByKey('a first text');
  await pressUntil('Enter', async () => (await ana.page.locator('.r-title:focus').count()) > 0);
  await pressUntil('e', async () => (await request.editor.locator(':focus').count()) > 0);
  await ana.page.keyboard.press('Control+a');
  await ana.page.keyboard.type('a second text');
  await ana.page.keyboard.press('Control+Enter');
  await see(request.edited);
  await request.approve();
  await call.result;
  expect(stage.kitchen.records.executions('write').map(({ args }) => args)).toEqual([{ note: 'a second text' }]);
});

test('I6 the accepting key pressed twice writes nothing into a required reason; Enter goes in', async () => {
  const call = agent.call('kitchen__write', { note: 'why this one' });
  const request = await openByKey('why this one');
  const reason = request.article.getByLabel('Why do you approve?');
  await pressUntil('a', () => request.article.getByText('A reason is required.').isVisible());
  await says(request.beside, 'Give a reason first');
  await ana.page.keyboard.press('a');
  await ana.page.keyboard.press('a');
  expect(await reason.inputValue()).toBe('');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('asked and answered');
  expect(await reason.inputValue()).toBe('asked and answered');
  await ana.page.keyboard.press('Control+Enter');
  const armed = request.button('Approve?').or(request.button('Approve anyway'));
  await see(armed);
  await pressUntil('a', async () => (await armed.count()) === 0);
  await call.result;
  await request.says('asked and answered');
});

test('I6 who passes a request with begun arguments keeps the keys; one of them goes on with it', async () => {
  const calls = ['passed by', 'beyond it'].map((note) => agent.call('kitchen__write', { note }));
  await ana.open();
  const request = await ana.openRequest('passed by');
  await pressUntil('e', async () => (await request.editor.locator(':focus').count()) > 0);
  await ana.page.keyboard.type(' and on');
  await ana.page.keyboard.press('Escape');
  const next = await ana.openRequest('beyond it');
  await see(next.button('Accept'));
  await ana.page.keyboard.press('k');
  await see(request.editor);
  expect(await request.editor.locator(':focus').count()).toBe(0);
  await pressUntil('e', async () => (await request.editor.locator(':focus').count()) > 0);
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('n');
  await next.decline('Not needed');
  await next.says('You declined this');
  await (await ana.openRequest('passed by')).editor.getByRole('button', { name: 'Discard' }).click();
  await request.decline('Not needed');
  await Promise.all(calls.map(({ result }) => result));
});

test('what is typed ahead of a box that is still on its way does nothing else', async () => {
  agent.call('kitchen__ask_simple', { message: 'Typed ahead' });
  const request = await openByKey('Typed ahead');
  await pressUntil('Enter', async () => (await ana.page.locator('.rq input:focus').count()) > 0);
  await ana.page.keyboard.press('Escape');
  let letThrough: () => void = () => undefined;
  const arrives = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await ana.page.route(/_next[/]static/, async (route) => {
    await arrives;
    await route.continue();
  });
  await ana.page.keyboard.press('?');
  await ana.page.keyboard.press('d');
  expect(await request.article.getByRole('dialog', { name: 'Decline' }).count()).toBe(0);
  letThrough();
  await see(ana.page.getByRole('dialog', { name: 'Keys' }));
  await ana.page.unroute(/_next[/]static/);
  await ana.page.keyboard.press('Escape');
  await request.decline('Not needed');
  await request.says('You declined this');
});

test('a decline is given by keys, and remembered for the same call', async () => {
  const args = { note: 'the same again' };
  const call = agent.call('kitchen__write', args);
  const request = await openByKey('the same again');
  const box = request.article.getByRole('dialog', { name: 'Decline' });
  await pressUntil('d', () => box.isVisible());
  await ana.page.keyboard.type('Not this one');
  await box.getByLabel('If it is tried again').selectOption('decline the same call for 15 minutes');
  await ana.page.keyboard.press('Control+Enter');
  await request.says('You declined this');
  expect(textOf(await call.result)).toContain('Not this one');
  expect(textOf(await agent.call('kitchen__write', args).result)).toContain('Ana Ruiz chose to decline this');
});

test('new ones are let in by a key, not by themselves; Enter on the row that is open goes into it', async () => {
  agent.call('kitchen__ask_simple', { message: 'The first of some' });
  const request = await openByKey('The first of some');
  agent.call('kitchen__ask_simple', { message: 'One that came later' });
  await see(ana.newOnes);
  expect(await ana.rows('One that came later').count()).toBe(0);
  await ana.page.keyboard.press('.');
  await see(ana.openRows('One that came later'));
  // As after a click: the row has the focus.
  await ana.openRows('The first of some').focus();
  await ana.page.keyboard.press('Enter');
  await becomes(() => ana.page.locator('.rq input:focus').count(), 1);
  await request.decline('Not needed');
  await request.says('You declined this');
  const later = await ana.openRequest('One that came later');
  await later.decline('Not needed');
  await later.says('You declined this');
});

test('Escape in the search empties it and leaves it, so that the next key is a key', async () => {
  agent.call('kitchen__ask_simple', { message: 'Found by no word' });
  await ana.open();
  await see(ana.openRows('Found by no word'));
  await ana.page.keyboard.press('/');
  await ana.page.keyboard.type('zebra');
  await becomes(() => ana.openRows('Found by no word').count(), 0);
  await ana.page.keyboard.press('Escape');
  await see(ana.openRows('Found by no word'));
  await ana.page.keyboard.press('j');
  const request = new RequestPage(ana.page);
  await see(request.article.filter({ hasText: 'Found by no word' }));
  expect(new URL(ana.page.url()).search).toBe('');
  await request.decline('Not needed');
  await request.says('You declined this');
});

test('another search takes the place of the last one', async () => {
  await ana.open();
  const search = ana.page.getByRole('searchbox');
  for (const words of ['the first', 'the second']) {
    await pressUntil('/', async () => (await ana.page.locator('[role="searchbox"]:focus').count()) > 0);
    await ana.page.keyboard.type(words);
    await becomes(() => search.inputValue(), words);
    await ana.page.keyboard.press('Enter');
  }
  expect(await search.inputValue()).toBe('the second');
});

test('a view is saved by its key, and by words', async () => {
  await ana.open();
  await ana.page.keyboard.press('s');
  expect(await ana.page.locator('dialog[open]').count()).toBe(0);
  await pressUntil('/', async () => (await ana.page.locator('[role="searchbox"]:focus').count()) > 0);
  await ana.page.keyboard.type('zebra');
  await ana.page.keyboard.press('Enter');
  await becomes(() => Promise.resolve(new URL(ana.page.url()).search), '?q=zebra');
  const filters = ana.page.getByRole('group', { name: 'Filters in use' });
  // The address is ahead of the page: its key is on when the same can be clicked.
  await see(filters.getByRole('button', { name: 'Save view' }));
  await ana.page.keyboard.press('s');
  const dialog = ana.page.getByRole('dialog', { name: 'Save this view' });
  await see(dialog);
  await ana.page.keyboard.press('Escape');
  await gone(dialog);
  await ana.page.keyboard.press('Control+k');
  await ana.page.keyboard.type('save view');
  // Typed at once, whether the palette was there yet or not.
  await becomes(() => ana.page.getByRole('combobox', { name: 'Search and go to' }).inputValue(), 'save view');
  await ana.page.keyboard.press('Enter');
  await see(dialog);
  await ana.page.keyboard.type('Stripes');
  await ana.page.keyboard.press('Enter');
  await see(ana.page.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name: 'Stripes' }));
  // It is there now: its name stands where saving it was offered, and its key is off.
  await says(filters, /Saved as\s+Stripes/);
  expect(await filters.getByRole('button', { name: 'Save view' }).count()).toBe(0);
  await gone(dialog);
  await ana.page.keyboard.press('s');
  expect(await ana.page.locator('dialog[open]').count()).toBe(0);
});

test('another page begins with its content; Escape leaves a field, so that letters are keys again', async () => {
  await ana.open();
  for (const key of ['g', 's']) await ana.page.keyboard.press(key);
  await ana.page.waitForURL(/\/sessions$/);
  await becomes(() => ana.page.locator('main:focus').count(), 1);
  await pressUntil('/', async () => (await ana.page.locator('input:focus').count()) > 0);
  await ana.page.keyboard.type('nothing like it');
  await ana.page.keyboard.press('Escape');
  await becomes(() => ana.page.locator('input:focus').count(), 0);
  for (const key of ['g', 'q']) await ana.page.keyboard.press(key);
  await ana.page.waitForURL(/\/queue/);
  expect(await ana.page.locator('input:focus').count()).toBe(0);
});

test('I6 Ctrl and Enter counts outside a field, too: an approval still takes it twice', async () => {
  const call = agent.call('kitchen__write', { note: 'sent from nowhere' });
  const request = await openByKey('sent from nowhere');
  const armed = request.button('Approve?').or(request.button('Approve anyway'));
  await pressUntil('Control+Enter', async () => (await armed.count()) > 0);
  expect(stage.kitchen.records.executions('write').map(({ args }) => args['note'])).not.toContain('sent from nowhere');
  await pressUntil('Control+Enter', async () => (await armed.count()) === 0);
  await call.result;
});

test('a note and a hand-over begin with a key', async () => {
  agent.call('kitchen__ask_simple', { message: 'For somebody else' });
  const request = await openByKey('For somebody else');
  await see(request.button('Decline'));
  await ana.page.keyboard.press('w');
  await ana.page.keyboard.type('Seen, not mine');
  await ana.page.keyboard.press('Control+Enter');
  await request.says('Seen, not mine');
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('h');
  await see(ana.page.getByRole('dialog', { name: 'Hand over' }));
  expect(await request.article.getByText('Seen, not mine').count()).toBe(1);
  await ana.page.keyboard.press('Escape');
  await request.decline('Not needed');
  await request.says('You declined this');
  // What is over can be written about, and left, too.
  await ana.page.keyboard.press('w');
  await becomes(() => ana.page.locator('.a-writer textarea:focus').count(), 1);
  await ana.page.keyboard.press('Escape');
  await becomes(() => ana.page.locator('.a-writer textarea:focus').count(), 0);
});

test('several are answered together by keys alone: what has to be filled in has the focus', async () => {
  const calls = ['one', 'two'].map((note) => agent.call('kitchen__write', { note: `together ${note}` }));
  await ana.open();
  await ana.showAll('together', 2);
  for (const key of ['j', 'l']) await ana.page.keyboard.press(key);
  await see(ana.list.getByRole('button', { name: 'Answer 2 together' }));
  await ana.page.keyboard.press('b');
  const dialog = ana.page.getByRole('dialog', { name: 'Answer 2 together' });
  await see(dialog.getByRole('textbox').first());
  await becomes(() => dialog.locator('textarea:focus').count(), 1);
  await ana.page.keyboard.press('Tab');
  await ana.page.keyboard.type('2');
  await ana.page.keyboard.press('Control+Enter');
  await Promise.all(calls.map(({ result }) => result));
  const notes = stage.kitchen.records.executions('write').map(({ args }) => args['note']);
  expect(notes).toEqual(expect.arrayContaining(['together one', 'together two']));
  await ana.page.keyboard.press('Enter');
});
