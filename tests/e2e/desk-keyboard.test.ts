import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule } from '@/tests/e2e/support/desk-people';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

let stage: Stage;
let agent: Agent;
let ana: Desk;

beforeAll(async () => {
  stage = await setStage();
  await addRules(stage, holdRule('writes', 'tool.name == "write"', { editable: ['/note'] }));
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
  await pressUntil('Enter', async () => (await ana.page.locator('input:focus').count()) > 0);
  await ana.page.keyboard.type('yes');
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
