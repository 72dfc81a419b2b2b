import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { acceptOrder, requestAt } from '@/tests/e2e/support/orders';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived, type RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { type PersonAtDesk, setStage, type Stage } from '@/tests/e2e/support/stage';
import { clickUntilSeen } from '@/tests/e2e/support/stopwatch';

let stage: Stage;
let agent: Agent;
let ana: QueuePage;
let ben: QueuePage;

beforeAll(async () => {
  stage = await setStage();
  agent = await stage.agent();
  [ana, ben] = await Promise.all([deskOf('Ana Ruiz'), deskOf('Ben Okoro')]);
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('I1 two answer at once: the first is sent, the second is told who won and keeps the typed text', async () => {
  const before = stage.kitchen.records.of('answer_received').length;
  const call = agent.call('kitchen__ask_simple', { message: 'Who pays for it?' });
  const [first, second] = await Promise.all([ana.openRequest('Who pays for it?'), ben.openRequest('Who pays for it?')]);
  await Promise.all([
    first.form.getByLabel('Value').fill('Payments'),
    second.form.getByLabel('Value').fill('Checkout, I think'),
  ]);
  // Held beforehand: whoever is later presses a button that may be off or gone by then.
  const buttons = await Promise.all([first, second].map((each) => each.button('Accept and send').elementHandle()));
  await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
  const result = (await call.result).structuredContent as { readonly content: { readonly value: string } };
  await Promise.all([first.receiptBecomes(arrived), second.receiptBecomes(arrived)]);
  const [winner, loser, name, lost] =
    result.content.value === 'Payments'
      ? [first, second, 'Ana', 'Checkout, I think']
      : [second, first, 'Ben', 'Payments'];
  await winner.says('You accepted this');
  await loser.says(`${name} accepted this before you`);
  await loser.says('Your text is kept');
  await says(loser.article, lost);
  expect(stage.kitchen.records.of('answer_received')).toHaveLength(before + 1);
});

test('a claim shows the other who is answering, and is given back', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'Which region?' });
  const [mine, theirs] = await Promise.all([ana.openRequest('Which region?'), ben.openRequest('Which region?')]);
  await theirs.says('Ana is looking');
  const claimMs = await clickUntilSeen(mine.claimButton, ben.page, 'Ana is answering');
  expect(await theirs.claimButton.isDisabled()).toBe(true);
  await see(ben.rows('Which region?').getByRole('img', { name: /Ana Ruiz/ }));
  const releaseMs = await clickUntilSeen(mine.button('Release'), ben.page, 'Ana is looking');
  await becomes(() => theirs.claimButton.isDisabled(), false);
  await theirs.form.getByLabel('Value').fill('eu-central-1');
  await mine.says('Ben is answering');
  const answerMs = await clickUntilSeen(theirs.button('Accept and send'), ana.page, 'Ben accepted this');
  await call.result;
  console.log(
    `Seen by the other browser: a claim after ${claimMs.toFixed(0)} ms, its release after ${releaseMs.toFixed(0)} ms, an answer after ${answerMs.toFixed(0)} ms`,
  );
});

test('who comes while another answers sees why it has to wait, and may answer once the claim is given back', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'After you' });
  const mine = await ana.openRequest('After you');
  await mine.claimButton.click();
  await see(mine.button('Release'));
  const theirs = await ben.openRequest('After you');
  await theirs.says(/Ana is answering this, until/);
  expect(await theirs.button('Accept and send').isDisabled()).toBe(true);
  await theirs.form.getByLabel('Value').fill('typed meanwhile');
  await mine.button('Release').click();
  await becomes(() => theirs.button('Accept and send').isDisabled(), false);
  await theirs.button('Accept and send').click();
  expect((await call.result).structuredContent).toMatchObject({ content: { value: 'typed meanwhile' } });
});

test('I11 an observer reads everything and answers nothing, in the page or past it', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'Only for approvers' });
  const desk = await stage.person('observer');
  const request = await (await new QueuePage(desk.page).open()).openRequest('Only for approvers');
  await request.says('Only approvers and admins can answer requests. You are signed in as observer.');
  expect(await request.form.getByLabel('Value').isDisabled()).toBe(true);
  expect(await request.button('Accept and send').isDisabled()).toBe(true);
  expect(await request.declineButton.isDisabled()).toBe(true);
  await gone(request.claimButton);
  const past = await stage.product.connect('observer');
  const requestId = requestAt(desk.page.url());
  expect(await past.say(acceptOrder(requestId, { value: 'sneaked in' }))).toMatchObject({
    ok: false,
    code: 'forbidden',
  });
  expect(await past.say({ type: 'request.claim', requestId })).toMatchObject({ ok: false, code: 'forbidden' });
  await answer(ana, 'Only for approvers');
  expect((await call.result).structuredContent).toEqual({ action: 'accept', content: { value: 'fine' } });
  await request.says('Ana accepted this');
});

test('I11 another role counts at once, and who is disabled is out at once', async () => {
  const call = agent.call('kitchen__ask_simple', { message: 'Still allowed?' });
  const cleo = await personAt('Cleo Park');
  const request = await (await new QueuePage(cleo.page).open()).openRequest('Still allowed?');
  expect(await request.button('Accept and send').isDisabled()).toBe(false);
  const admin = await stage.product.connect('admin');
  const listed = await admin.say({ type: 'people.list' });
  const personId = listed.ok ? listed.value.people.find(({ name }) => name === 'Cleo Park')?.id : undefined;
  if (personId === undefined) throw new Error('Cleo is not there');

  await admin.say({ type: 'people.set_role', personId, role: 'observer' });
  await request.says('You are signed in as observer');
  await becomes(() => request.button('Accept and send').isDisabled(), true);
  await admin.say({ type: 'people.set_role', personId, role: 'approver' });
  await becomes(() => request.button('Accept and send').isDisabled(), false);

  await admin.say({ type: 'people.disable', personId });
  await cleo.page.waitForURL(/\/sign-in\?next=/);
  await cleo.page.goto('/queue');
  await cleo.page.waitForURL(/\/sign-in\?next=/);
  await answer(ana, 'Still allowed?');
  await call.result;
});

test('I11 an unknown request and a malformed one read as not here', async () => {
  const { page } = await stage.person('approver');
  for (const id of ['req_000000000000', 'req_nonsense', '%3Cscript%3E']) {
    await page.goto(`/queue/${id}`);
    await see(page.getByRole('heading', { name: 'This request is not here' }));
    expect(new URL(page.url()).pathname).toBe(`/queue/${id}`);
  }
});

async function personAt(name: string): Promise<PersonAtDesk> {
  return stage.person('approver', { name });
}

async function deskOf(name: string): Promise<QueuePage> {
  return new QueuePage((await personAt(name)).page).open();
}

async function answer(queue: QueuePage, words: string): Promise<RequestPage> {
  const request = await queue.openRequest(words);
  await request.form.getByLabel('Value').fill('fine');
  await request.button('Accept and send').click();
  return request;
}
