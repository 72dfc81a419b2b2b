import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived } from '@/tests/e2e/support/request-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { everyAnswer } from '@/tests/servers/kitchen/form-schema';

/** A typed moment is sent with the offset of the person's time zone, which is UTC here. */
const typedAnswer = { ...everyAnswer, moment: '2027-01-31T08:00:00+00:00' };

let stage: Stage;
let agent: Agent;
let queue: QueuePage;

beforeAll(async () => {
  stage = await setStage();
  agent = await stage.agent();
  queue = new QueuePage((await stage.person('approver')).page);
  await queue.open();
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('a form with every schema type is filled by a person, and the tool gets exactly that', async () => {
  const call = agent.call('kitchen__ask_everything');
  const request = await queue.openRequest('Please fill in everything.');
  await fillEverything(request.form);
  await request.button('Accept and send').click();
  expect((await call.result).structuredContent).toEqual({ action: 'accept', content: typedAnswer });
  await request.says('You accepted this');
  await request.receiptBecomes(arrived);
  await see(queue.lastAnswer.getByText('tool moved on'));
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(1);
});

test('I2 bad input is named at its field and nothing is sent before it is put right', async () => {
  const before = stage.kitchen.records.of('answer_received').length;
  const call = agent.call('kitchen__ask_everything');
  const request = await queue.openRequest('Please fill in everything.');
  const { form } = request;
  await field(form, 'Plain text').fill('x');
  await field(form, 'Cost center').fill('CC-1');
  await field(form, 'E-mail').fill('nobody');
  await field(form, 'Runbook').fill('no link');
  await field(form, 'Ratio').fill('1.5');
  await field(form, 'Count').fill('many');
  await form.getByRole('group', { name: 'Teams' }).getByLabel('payments').uncheck();
  await request.button('Accept and send').click();
  await request.says('7 fields to fix');
  const problems = [
    [field(form, 'Plain text'), /2/],
    [field(form, 'Cost center'), /CC-|pattern|form/i],
    [field(form, 'E-mail'), /e-mail/i],
    [field(form, 'Runbook'), /link|address/i],
    [field(form, 'Ratio'), /1/],
    [field(form, 'Count'), /number/i],
  ] as const;
  for (const [input, words] of problems) {
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    expect(await describedBy(input)).toMatch(words);
  }
  await see(form.getByRole('group', { name: 'Teams' }).getByText(/at least 1|pick|choose/i));
  await becomes(() => field(form, 'Plain text').evaluate((element) => element === document.activeElement), true);
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(before);

  await field(form, 'Plain text').fill('fine');
  await field(form, 'Cost center').fill('CC-1234');
  await field(form, 'E-mail').fill('');
  await field(form, 'Runbook').fill('');
  await field(form, 'Ratio').fill('');
  await field(form, 'Count').fill('3');
  await form.getByRole('group', { name: 'Teams' }).getByLabel('search').check();
  await gone(request.article.getByText(/to fix/));
  await request.button('Accept and send').click();
  const result = (await call.result).structuredContent as { readonly content: Record<string, unknown> };
  expect(result.content).toMatchObject({ plain: 'fine', code: 'CC-1234', count: 3, teams: ['search'] });
  expect(Object.keys(result.content)).not.toEqual(expect.arrayContaining(['email']));
  expect(result.content).not.toHaveProperty('ratio');
  await request.receiptBecomes(arrived);
});

test('I13 a decline reaches the tool with its reason, and no content', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'Which cost center pays?' });
  const request = await queue.openRequest('Which cost center pays?');
  await request.decline('Ask finance first');
  expect((await call.result).structuredContent).toEqual({
    action: 'decline',
    _meta: { 'holdpoint/reason': 'Ask finance first' },
  });
  await request.says('You declined this');
  await see(request.article.getByText('Ask finance first'));
  await request.receiptBecomes(arrived);
});

test('a dismissal is neither yes nor no', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'Still needed?' });
  const request = await queue.openRequest('Still needed?');
  await request.dismiss();
  expect((await call.result).structuredContent).toEqual({ action: 'cancel' });
  await request.says('You dismissed this');
});

test('a question outside the specification is shown raw and checked, never guessed at', async () => {
  const shards = { type: 'array', items: { type: 'array', items: { type: 'number' } } };
  const schema = { type: 'object', properties: { shards }, required: ['shards'] };
  const call = agent.call('kitchen__ask_schema', { schema });
  const request = await queue.openRequest('What are the shards?');
  const editor = request.form.getByLabel('Answer as JSON');
  await see(editor);
  // What is typed first stands between the braces.
  await editor.focus();
  await queue.page.keyboard.type('"shards": 7');
  await request.button('Accept and send').click();
  await see(request.form.getByText(/^Line 2: /));
  await editor.fill('{ "shards": [[1, 2], [3]] }');
  await request.button('Accept and send').click();
  expect((await call.result).structuredContent).toEqual({ action: 'accept', content: { shards: [[1, 2], [3]] } });
});

test('a question no answer can be checked against says so at once, and can only be declined', async () => {
  const call = agent.call('kitchen__nonsense_elicitation');
  const request = await queue.openRequest('Who owns this?');
  await see(request.form.getByText(/The schema refers to something outside itself.* can be checked against it/));
  expect(await request.form.getByLabel('Answer as JSON').count()).toBe(0);
  await says(request.beside, 'It can only be declined');
  await see(request.article.getByText('Not possible: no answer can be checked.'));
  expect(await request.button('Accept and send').isDisabled()).toBe(true);
  await request.form.getByRole('button', { name: 'Show schema' }).click();
  expect(await request.form.getByLabel('Schema').inputValue()).toContain('"wizardry"');
  await request.decline('The question cannot be read');
  expect((await call.result).structuredContent).toMatchObject({ action: 'decline' });
});

test('two questions of one call come one after the other', async () => {
  const call = agent.call('kitchen__ask_twice');
  for (const [question, value] of [
    ['First question', 'one'],
    ['Second question', 'two'],
  ] as const) {
    const request = await queue.openRequest(question);
    await field(request.form, 'Value').fill(value);
    await request.button('Accept and send').click();
    await request.receiptBecomes(arrived);
  }
  expect((await call.result).structuredContent).toEqual({
    first: { action: 'accept', content: { value: 'one' } },
    second: { action: 'accept', content: { value: 'two' } },
  });
});

function field(form: Locator, label: string): Locator {
  return form.getByRole('textbox', { name: new RegExp(`^${label}`) });
}

/** Everything a screen reader says about a field beside its name. */
function describedBy(input: Locator): Promise<string> {
  return input.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  );
}

async function fillEverything(form: Locator): Promise<void> {
  await field(form, 'Plain text').fill('');
  await field(form, 'Plain text').pressSequentially(everyAnswer.plain);
  await field(form, 'Cost center').fill(everyAnswer.code);
  await field(form, 'E-mail').fill(everyAnswer.email);
  await field(form, 'Runbook').fill(everyAnswer.link);
  await form.getByLabel(/^Day/).fill(everyAnswer.day);
  await form.getByLabel(/^Moment/).fill('2027-01-31T08:00');
  await field(form, 'Ratio').fill(String(everyAnswer.ratio));
  await field(form, 'Count').fill(String(everyAnswer.count));
  await form.getByRole('switch', { name: 'Urgent' }).check();
  await form.getByRole('radio', { name: 'us-east-1' }).check();
  await form.getByRole('radio', { name: /^Large/ }).check();
  await form.getByRole('radio', { name: /^Personal data/ }).check();
  const teams = form.getByRole('group', { name: 'Teams' });
  await teams.getByLabel('payments').uncheck();
  await teams.getByLabel('checkout').check();
  await teams.getByLabel('search').check();
  const channels = form.getByRole('group', { name: 'Channels' });
  await channels.getByLabel('E-mail').uncheck();
  await channels.getByLabel('Chat message').uncheck();
  await channels.getByLabel('Wake somebody up').check();
  await field(form, 'note').fill(everyAnswer.note);
}
