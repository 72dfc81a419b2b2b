import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Agent } from '@/tests/e2e/support/agent';
import { deskOf, type Desk, sure } from '@/tests/e2e/support/desk-people';
import { requestAt } from '@/tests/e2e/support/orders';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

/** Past the second press that counts as the first one bouncing, and still far too soon to have read anything. */
const soonMs = 700;

let stage: Stage;
let agent: Agent;
let ana: Desk;

beforeAll(async () => {
  stage = await setStage();
  agent = await stage.agent();
  ana = await deskOf(stage, 'Ana Ruiz');
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('something dangerous accepted within two seconds of opening it is asked once more', async () => {
  const call = agent.call('kitchen__write', { note: 'drop the orders' });
  await ana.showAll('drop the orders', 1);
  const clock = await heldClock(ana.page);
  const request = await ana.openRequest('drop the orders');
  await request.button('Accept').click();
  await see(request.button('Approve?'));
  await clock.forward(soonMs);
  await request.button('Approve?').click();
  await says(request.beside, /You opened this 0\.7 s ago\. Are you sure\?/);
  expect(ran('drop the orders')).toBe(0);

  await request.button('Not yet').click();
  await see(request.button('Accept'));
  await request.button('Accept').click();
  await clock.forward(soonMs);
  await request.button('Approve?').click();
  await see(request.button('Approve anyway'));
  await clock.forward(soonMs);
  await request.button('Approve anyway').click();
  await call.result;
  expect(ran('drop the orders')).toBe(1);
  await ana.open();
});

test('who took the time to read is not asked again, and how long they took is recorded', async () => {
  const call = agent.call('kitchen__write', { note: 'drop the invoices' });
  await ana.showAll('drop the invoices', 1);
  const clock = await heldClock(ana.page);
  const request = await ana.openRequest('drop the invoices');
  // Its title stands before the rest was read: haste counts from when all of it can be seen.
  await see(request.button('Accept'));
  await clock.forward(2_100);
  await request.button('Accept').click();
  await clock.forward(soonMs);
  await request.button('Approve?').click();
  await call.result;
  expect(ran('drop the invoices')).toBe(1);
  const eyes = await stage.product.connect('approver', 'Ana Ruiz');
  const { events } = sure(await eyes.say({ type: 'request.history', requestId: requestAt(ana.page.url()) }));
  const answered = events.find((event) => event.type === 'request.answered');
  expect(answered).toMatchObject({ tookMs: expect.any(Number) });
  await ana.open();
});

test('a long argument that is not unfolded is pointed out, and nothing is approved before all of it is shown', async () => {
  const note = `archive ${'old rows and '.repeat(600)}the table of customers`;
  const call = agent.call('kitchen__write', { note });
  const request = await ana.openRequest('write');
  await request.says(/1 value is longer than what is shown/);
  await request.button('Accept').click();
  await says(request.beside, '1 value is not fully shown. Show all first');
  expect(await request.button('Approve?').count()).toBe(0);
  expect(await request.arguments.getByText('the table of customers').count()).toBe(0);
  await request.arguments.getByRole('button', { name: 'Show all' }).first().click();
  await see(request.arguments.getByText('the table of customers'));
  await gone(request.beside.filter({ hasText: 'not fully shown' }));
  expect(ran(note)).toBe(0);
  await request.approve();
  await call.result;
  await becomes(() => ran(note), 1);
});

function ran(note: string): number {
  return stage.kitchen.records.executions('write').filter(({ args }) => args['note'] === note).length;
}

interface HeldClock {
  forward(ms: number): Promise<void>;
}

/** Holds the clock by which a page tells haste: a slow machine is not a slow reader. */
async function heldClock(page: Page): Promise<HeldClock> {
  await page.evaluate(() => {
    const from = performance.now();
    document.documentElement.dataset['ahead'] = '0';
    performance.now = () => from + Number(document.documentElement.dataset['ahead']);
  });
  return {
    forward: (ms) =>
      page.evaluate((more) => {
        const { dataset } = document.documentElement;
        dataset['ahead'] = String(Number(dataset['ahead']) + more);
      }, ms),
  };
}
