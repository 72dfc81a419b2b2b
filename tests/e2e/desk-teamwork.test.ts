import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule, makeTeams, sure, teamId } from '@/tests/e2e/support/desk-people';
import { focusIsOn } from '@/tests/e2e/support/focus';
import { acceptOrder, requestAt } from '@/tests/e2e/support/orders';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

const payments = teamId('Payments');
const leads = teamId('Leads');
const escalateAfterMs = 3_000;

let stage: Stage;
let agent: Agent;
let ana: Desk;
let ben: Desk;
let dora: Desk;

beforeAll(async () => {
  stage = await setStage();
  await makeTeams(stage, { Payments: ['Ana Ruiz', 'Ben Okoro'], Leads: ['Dora Lind'] });
  await addRules(
    stage,
    holdRule('urgent', 'tool.name == "write" && has(args.note) && args.note.startsWith("urgent")', {
      team: payments,
      escalation: { afterMs: escalateAfterMs, team: leads },
    }),
    holdRule('payments', 'tool.name == "write"', { team: payments }),
  );
  agent = await stage.agent();
  [ana, ben, dora] = await Promise.all([
    deskOf(stage, 'Ana Ruiz'),
    deskOf(stage, 'Ben Okoro'),
    deskOf(stage, 'Dora Lind'),
  ]);
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('what nobody of the first team answers comes to the second one by itself, and says why', async () => {
  await markPage(dora);
  const call = agent.call('kitchen__write', { note: 'urgent: refund Initech' });
  const first = await ana.openRequest('refund Initech');
  await first.says(/Payments/);
  const second = await dora.openRequest('refund Initech');
  expect(await isMarked(dora)).toBe(true);
  await second.says('also asked: Leads');
  await second.article.getByText('History').click();
  await second.says('Leads was asked, too');
  await second.says('Payments had not answered it.');
  await first.says('also asked: Leads');

  const requestId = requestAt(dora.page.url());
  const past = await stage.product.connect('approver', 'Dora Lind');
  const { events } = sure(await past.say({ type: 'request.history', requestId }));
  const [opened, escalated] = ['request.opened', 'request.escalated'].map((type) =>
    events.find((event) => event.type === type),
  );
  const { request } = sure(await past.say({ type: 'request.read', requestId }));
  expect(opened).toMatchObject({ team: { id: payments }, alsoTeams: [] });
  expect(escalated?.at).toBeGreaterThanOrEqual(request.approval?.escalation?.at ?? Infinity);

  await second.approve();
  await call.result;
  await first.says('Dora accepted this');
  expect(runsOf('urgent: refund Initech')).toBe(1);
});

test('what is handed over stands under Mine of who gets it, free to answer; typing is seen by the others', async () => {
  const call = agent.call('kitchen__write', { note: 'move the ledger' });
  const mine = await ana.openRequest('move the ledger');
  await mine.claimButton.click();
  await see(mine.button('Release'));
  const theirs = await ben.openRequest('move the ledger');
  await says(theirs.presence, 'Ana is answering');
  expect(await ben.countOf('Mine')).toBe(0);

  await ana.page.keyboard.press('h');
  await says(ana.page.getByRole('dialog', { name: 'Hand over' }), 'It is for everyone in Payments. Whom to?');
  await ana.page.keyboard.press('Escape');
  await mine.handOver('Ben Okoro');
  await becomes(() => ben.countOf('Mine'), 1);
  await theirs.says('for Ben Okoro');
  // The claim went with it: nothing keeps Ben waiting.
  await says(theirs.presence, 'Ana is looking');
  await becomes(() => theirs.claimButton.isDisabled(), false);
  await ben.view('Mine');
  const handed = await ben.openRequest('move the ledger');
  await says(mine.presence, 'Ben is looking');
  await handed.declineButton.click();
  await handed.article.getByLabel('Why do you decline?').fill('Not before the audit');
  await says(mine.presence, 'Ben is answering');
  await handed.article.getByRole('dialog', { name: 'Decline' }).getByRole('button', { name: 'Decline' }).click();
  await call.result.catch(() => undefined);
  await mine.says('Ben declined this');
  await mine.says('Not before the audit');
  await becomes(() => ben.countOf('Mine'), 0);
  expect(runsOf('move the ledger')).toBe(0);
  await ben.page.goto('/queue');
});

test('I11 who stands in sees and answers what is for the team, and loses it when the person is back', async () => {
  const before = agent.call('kitchen__write', { note: 'close the books of April' });
  await ben.openRequest('books of April');
  await markPage(dora);
  await ana.page.goto('/settings');
  await ana.page.getByRole('combobox', { name: 'Who stands in' }).click();
  await ana.page.getByRole('option', { name: /Dora Lind/ }).click();
  await ana.page.getByRole('button', { name: 'I am out of office' }).click();
  await see(ana.page.getByText('You are out of office', { exact: false }));
  await focusIsOn(ana.page, /^DIV You are out of office/);

  // What waits already is theirs to answer, as is what comes.
  await (await dora.openRequest('books of April')).approve();
  await before.result;
  const first = agent.call('kitchen__write', { note: 'close the books of May' });
  const request = await dora.openRequest('books of May');
  const beside = await ben.openRequest('books of May');
  await request.approve();
  await first.result;
  await beside.says('Dora accepted this');
  expect(runsOf('close the books of May')).toBe(1);

  const second = agent.call('kitchen__write', { note: 'close the books of June' });
  const open = await dora.openRequest('books of June');
  await see(open.button('Accept'));
  await open.says('you stand in for Ana Ruiz');
  const requestId = requestAt(dora.page.url());
  await ana.page.getByRole('button', { name: 'I am back' }).click();
  await see(dora.page.getByRole('heading', { name: 'This request went to others' }));
  await gone(dora.openRows('books of June'));
  expect(await isMarked(dora)).toBe(true);
  const past = await stage.product.connect('approver', 'Dora Lind');
  expect(await past.say(acceptOrder(requestId, null))).toMatchObject({ ok: false, code: 'not_found' });
  expect(runsOf('close the books of June')).toBe(0);

  const last = await ben.openRequest('books of June');
  await last.approve();
  await second.result;
  expect(runsOf('close the books of June')).toBe(1);
  await ana.page.goto('/queue');
});

function runsOf(note: string): number {
  return stage.kitchen.records.executions('write').filter(({ args }) => args['note'] === note).length;
}

/** A page that is loaded anew has lost its mark. */
async function markPage({ page }: Desk): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-mark', 'here'));
}

function isMarked({ page }: Desk): Promise<boolean> {
  return page.evaluate(() => document.documentElement.hasAttribute('data-mark'));
}
