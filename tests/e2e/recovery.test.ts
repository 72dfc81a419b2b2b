import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, type AgentCall, textOf } from '@/tests/e2e/support/agent';
import { graveFindings, overflowsSideways } from '@/tests/e2e/support/axe';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived, type RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, patienceMs, see } from '@/tests/e2e/support/see';
import { type SeparateServer, startSeparateServer } from '@/tests/e2e/support/separate-server';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { phone } from '@/tests/support/browser';

let server: SeparateServer;
let stage: Stage;
let agent: Agent;
let ana: QueuePage;

beforeAll(async () => {
  server = await startSeparateServer();
  stage = await setStage({
    servers: { orders: { url: server.url } },
    holdpoint: { rules: [{ id: 'all', decision: 'allow' }] },
  });
  agent = await stage.agent();
  ana = await deskOf('Ana Ruiz');
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await server.close();
});

test('I5 an answer given while the network to the server is away is saved, and arrives when it is back', async () => {
  const call = agent.call('orders__ask_simple', { message: 'Over the network' });
  const request = await ana.openRequest('Over the network');
  await request.form.getByLabel('Value').fill('over the gap');
  server.network.cut();
  await request.button('Accept and send').click();
  await request.receiptBecomes(['saved', 'sent', 'accepted, waiting', 'tool moved on, not yet']);
  await request.says('You accepted this');
  expect(await server.answers()).toEqual([]);
  server.network.restore();
  await request.receiptBecomes(arrived);
  expect((await call.result).structuredContent).toMatchObject({ content: { value: 'over the gap' } });
  expect(await server.executions('Over the network')).toBe(1);
});

test('I4 I9 the server starts anew before the answer reaches it: she hears so, decides to run it again, and her answer is filled in', async () => {
  const { call, request } = await answerLost('Which cost center?', 'CC-4410');
  await request.says('Your answer did not arrive');
  await request.says(
    /^You accepted at .*, and that is saved\. It went out, and whether the server took it is not known\./,
  );
  await request.says(
    'If the same is asked again, this answer is filled in for a person to check. It is never sent by itself.',
  );
  await request.receiptBecomes(['saved', 'sent', 'not accepted, failed']);
  await see(ana.lastAnswer.getByText('not accepted'));

  await request.article.getByRole('link', { name: 'Decide whether to run it again' }).click();
  await see(request.choice('Run again'));
  expect(await request.title.innerText()).toMatch(/^Run again\?/);
  expect(await request.known()).toEqual([
    'sent to orders',
    expect.stringMatching(
      /^Ana accepted “Which cost center\?”\s*whether orders took the answer is not known$/,
    ) as string,
    expect.stringMatching(/^The connection to orders was lost \(.*\)\.$/) as string,
    'took effect or not: unknown',
  ]);
  expect(await request.button('Decide').isDisabled()).toBe(true);
  await request.choice('Run again').check();
  await request.commitInTwo('Run again', 'Run again?');
  await request.says('You had it run again');

  const second = await ana.openRequest('Which cost center?');
  await second.says(/^Answered before by Ana at .*, on the run that was interrupted\. Check, then send\.$/);
  expect(await second.form.getByLabel('Value').inputValue()).toBe('CC-4410');
  expect(await server.answers()).toHaveLength(1);
  await second.button('Accept and send').click();
  await second.receiptBecomes(arrived);
  expect((await call.result).structuredContent).toMatchObject({ content: { value: 'CC-4410' } });
  expect(await server.executions('Which cost center?')).toBe(2);
  expect(await server.answers()).toHaveLength(2);
  const session = await SessionPage.openFromList((await stage.person('approver')).page, /orders/);
  await see(session.event('Interrupted: The connection to orders was lost'));
  await see(session.event('Allowed: Ana Ruiz decided to run it again.'));
  await see(session.event('Call sent again, run 2'));
  await see(session.event('Question opened again: Which cost center?'));
  await session.page.close();
});

test('I4 giving up by the keyboard alone: nothing is sent, and the agent hears that the outcome is unknown', async () => {
  const { call, request } = await lostWhileAsked('given-up');
  await ana.page.keyboard.press('Escape');
  await pressUntil(ana.page, 'd', async () => (await request.article.getByLabel('Why?').count()) === 1);
  await becomes(() => hasFocus(request.article.getByLabel('Why?')), true);
  expect(await request.choice('Give up').isChecked()).toBe(true);
  await ana.page.keyboard.type('The order was cancelled meanwhile');
  await pressUntil(ana.page, 'Tab', () => hasFocus(request.button('Give up')));
  await ana.page.keyboard.press('Enter');
  const told = await call.result;
  expect(told).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'indeterminate' } });
  expect(textOf(told)).toMatch(/^The outcome of ask_simple is unknown: The connection to orders was lost/);
  expect(textOf(told)).toContain('Ana Ruiz decided not to run it again: The order was cancelled meanwhile.');
  await request.says('You gave this up');
  await request.receiptBecomes(['saved', 'agent told']);
  expect(await server.executions('given-up')).toBe(1);
});

test('I4 marking as done by hand: the note is needed, and is what the agent reads', async () => {
  const { call, request } = await lostWhileAsked('by-hand');
  await request.choice('Mark as done by hand').check();
  await request.button('Mark as done').click();
  await request.says('Say what was done: the agent goes on from these words.');
  const note = request.article.getByLabel(/^What was done\?/);
  await becomes(() => hasFocus(note), true);
  await note.fill('I booked order 88-20417 in the console.');
  await request.button('Mark as done').click();
  const told = await call.result;
  expect(told.isError).not.toBe(true);
  expect(textOf(told)).toContain('Ana Ruiz marked it as done by hand: I booked order 88-20417 in the console.');
  await request.says('You marked it as done by hand');
  await request.says('I booked order 88-20417 in the console.');
  expect(await server.executions('by-hand')).toBe(1);
});

test('I1 two people look at one decision: one decides, the other sees who did', async () => {
  const { call, request } = await lostWhileAsked('two-people');
  const ben = await deskOf('Ben Okoro');
  const theirs = await ben.openRequest('Run again? ask_simple: two-people');
  await theirs.says('Ana is looking');
  await theirs.choice('Mark as done by hand').check();
  await theirs.article.getByLabel(/^What was done\?/).fill('Ben’s own words');
  await request.choice('Give up').check();
  await request.says('Ben is answering');
  await theirs.button('Release').click();
  await becomes(() => request.button('Give up').isDisabled(), false);
  await request.button('Give up').click();
  expect(textOf(await call.result)).toContain('Ana Ruiz decided not to run it again.');
  await theirs.says('Ana gave this up before you');
  await theirs.says('Your text is kept');
  await theirs.says('Ben’s own words');
  await gone(theirs.button('Mark as done'));
  await ben.page.close();
});

test('I11 who may not decide sees everything and why not', async () => {
  const { call, request } = await lostWhileAsked('watched');
  const desk = await stage.person('observer');
  await desk.page.goto(new URL(ana.page.url()).pathname);
  const watched = new QueuePage(desk.page);
  const seen = await watched.open().then(() => watched.openRequest('Run again? ask_simple: watched'));
  await seen.says('Only approvers and admins can answer requests. You are signed in as observer.');
  for (const name of ['Run again', 'Mark as done by hand', 'Give up'])
    expect(await seen.choice(name).isDisabled()).toBe(true);
  await request.choice('Give up').check();
  await request.button('Give up').click();
  await call.result;
  await seen.says('Ana gave this up');
  await desk.page.close();
});

test('on a phone in the dark it can be read whole and decided', async () => {
  const call = agent.call('orders__ask_simple', { message: 'on-the-phone' });
  const { page } = await stage.person('approver', { viewport: phone, theme: 'dark', name: 'Cleo Park' });
  const cleo = await new QueuePage(page).open();
  await see(cleo.openRows('on-the-phone'));
  server.endSessions();
  const request = await cleo.openRequest('Run again? ask_simple: on-the-phone');
  await see(request.choice('Run again'));
  expect(await overflowsSideways(page)).toBe(false);
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await request.choice('Give up').click();
  const button = request.button('Give up');
  const box = await button.boundingBox();
  expect(box !== null && box.x >= 0 && box.x + box.width <= phone.width && box.y + box.height <= phone.height).toBe(
    true,
  );
  expect(box?.height ?? 0).toBeGreaterThanOrEqual(40);
  await button.click();
  await request.says('You gave this up');
  await call.result;
  await page.close();
});

/** Her answer is saved while the server is away, which then starts without its sessions. */
async function answerLost(
  message: string,
  value: string,
): Promise<{ readonly call: AgentCall; readonly request: RequestPage }> {
  const call = agent.call('orders__ask_simple', { message });
  const request = await ana.openRequest(message);
  await request.form.getByLabel('Value').fill(value);
  await server.kill();
  await request.button('Accept and send').click();
  await request.says('You accepted this');
  await server.start();
  return { call, request };
}

/** The server forgets its sessions while it asks; the decision is open in Ana's window. */
async function lostWhileAsked(message: string): Promise<{ readonly call: AgentCall; readonly request: RequestPage }> {
  const call = agent.call('orders__ask_simple', { message });
  await see(ana.rows(message).or(ana.newOnes));
  server.endSessions();
  const request = await ana.openRequest(`Run again? ask_simple: ${message}`);
  await see(request.choice('Run again'));
  return { call, request };
}

async function deskOf(name: string): Promise<QueuePage> {
  return new QueuePage((await stage.person('approver', { name })).page).open();
}

/** Keys rest for a moment after something new was opened; a person presses again. */
async function pressUntil(page: Page, key: string, isDone: () => Promise<boolean>): Promise<void> {
  const pressed = async (): Promise<boolean> => {
    if (await isDone()) return true;
    await page.keyboard.press(key);
    return false;
  };
  await expect.poll(pressed, { timeout: patienceMs, interval: 200 }).toBe(true);
}

function hasFocus(what: Locator): Promise<boolean> {
  return what.evaluate((element) => element === document.activeElement);
}
