import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf } from '@/tests/e2e/support/desk-people';
import { becomes, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { ModelServer, openAiReply } from '@/tests/models/model-server';
import { ruleOf } from '@/tests/support/desk';

const reply = 'p99 rose to 2.4 s; requests wait before payments.';
const edited = 'Before payments. Write two sentences for the customer.';

let stage: Stage;
let agent: Agent;
let ana: Desk;
let provider: ModelServer;

beforeAll(async () => {
  provider = await new ModelServer({ body: openAiReply({ content: reply }) }).start();
  const model = {
    name: 'house-model',
    provider: 'openai-compatible',
    model: 'gpt-5-mini',
    baseUrl: `${provider.url}/v1`,
    // US dollars for a million tokens: 12 in and 3 out make $0.027.
    inputPrice: 2_000,
    outputPrice: 1_000,
  };
  stage = await setStage({ holdpoint: { models: [model], rules: [{ id: 'allow-all', decision: 'allow' }] } });
  agent = await stage.agent();
  ana = await deskOf(stage, 'Ana Ruiz');
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await provider.stop();
});

test('a draft is made on request from the edited prompt, with its cost, and goes out only when it is accepted', async () => {
  const call = agent.call('kitchen__sample');
  const request = await ana.openRequest('Write the summary');
  const draft = request.article.getByRole('button', { name: 'Draft with house-model' });
  await see(draft);
  expect(provider.received).toHaveLength(0);

  await request.article.getByRole('button', { name: 'Edit prompt' }).click();
  await request.article.getByLabel('user, 3 of 3').fill(edited);
  await draft.click();
  const text = request.article.getByRole('textbox', { name: 'Draft reply' });
  await becomes(() => text.inputValue(), reply);
  await request.says(/12 in · 3 out · \$0\.027/);
  expect(provider.received).toHaveLength(1);
  const asked = JSON.stringify(provider.only.body);
  expect(asked).toContain(edited);
  expect(asked).not.toContain('Write the summary.');
  expect(answersOf()).toHaveLength(0);

  await request.button('Accept draft').click();
  expect((await call.result).structuredContent).toMatchObject({
    role: 'assistant',
    content: { type: 'text', text: reply },
    model: 'gpt-5-mini-2025-08-07',
  });
  await request.says('You accepted this');
  await request.article.getByText('History').click();
  await request.says(/wrote a draft for you/);
  await request.says(/12 in · 3 out · \$0\.027/);
  expect(answersOf()).toHaveLength(1);
  expect(provider.received).toHaveLength(1);
});

test('a draft that comes when something is typed already is offered in sight, and taken by the same key', async () => {
  const call = agent.call('kitchen__sample');
  const request = await ana.openRequest('Write the summary');
  const text = request.article.locator('textarea#reply');
  await text.fill('Something of mine');
  await ana.page.keyboard.press('Escape');
  // Where the notes are the reply is out of sight.
  await request.article.getByLabel('Write a note').scrollIntoViewIfNeeded();
  const offer = request.article.getByText('Put it in place of what you typed?');
  await becomes(async () => {
    if ((await offer.count()) === 0) await ana.page.keyboard.press('m');
    return offer.count();
  }, 1);
  await becomes(() => offer.evaluate((element) => element.getBoundingClientRect().top > 0), true);
  await becomes(async () => {
    await ana.page.keyboard.press('m');
    return text.inputValue();
  }, reply);
  await request.decline('Not needed');
  await expect(call.result).rejects.toThrow('A person declined');
});

test('a draft that a person changed goes out as theirs', async () => {
  const call = agent.call('kitchen__sample');
  const request = await ana.openRequest('Write the summary');
  await request.article.getByRole('button', { name: 'Draft with house-model' }).click();
  const text = request.article.getByRole('textbox', { name: 'Draft reply' });
  await becomes(() => text.inputValue(), reply);
  await text.fill('We are looking into it.');
  await request.says('edited by you');
  await request.button('Accept edited reply').click();
  const { structuredContent } = await call.result;
  expect(structuredContent).toMatchObject({ content: { type: 'text', text: 'We are looking into it.' } });
  expect(JSON.stringify(structuredContent)).not.toContain('gpt-5-mini');
});

test('where a rule says so the model answers unreviewed: nobody is asked, and it is asked once', async () => {
  await addRules(
    stage,
    ruleOf({ id: 'model-may', decision: 'allow', when: 'tool.name == "sample"', sampling: 'model' }),
  );
  const before = provider.received.length;
  const result = await agent.call('kitchen__sample').result;
  expect(result.structuredContent).toMatchObject({ content: { type: 'text', text: reply } });
  expect(provider.received).toHaveLength(before + 1);
  expect(JSON.stringify(provider.received.at(-1)?.body)).toContain('Write the summary.');

  // What comes later is there, so the other would be, too.
  const question = agent.call('kitchen__ask_simple', { message: 'And this one?' });
  const request = await ana.openRequest('And this one?');
  expect(await ana.openRows().count()).toBe(1);
  await says(ana.list, 'And this one?');
  await request.decline('Enough');
  await question.result;
});

function answersOf(): readonly unknown[] {
  return stage.kitchen.records.of('answer_received').filter(({ method }) => method === 'sampling/createMessage');
}
