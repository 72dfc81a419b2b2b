import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RequestId } from '@/lib/domain/ids';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule, makeTeams, sure, teamId } from '@/tests/e2e/support/desk-people';
import { requestAt } from '@/tests/e2e/support/orders';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

const payments = teamId('Payments');

let stage: Stage;
let agent: Agent;
let ana: Desk;
let ben: Desk;
/** Of no team. */
let cleo: Desk;

beforeAll(async () => {
  stage = await setStage();
  await makeTeams(stage, { Payments: ['Ana Ruiz', 'Ben Okoro'] });
  await addRules(
    stage,
    holdRule('two-of-payments', 'tool.name == "write" && has(args.rows)', {
      team: payments,
      approvals: [{ count: 2, role: null, team: payments }],
      editable: ['/note', '/rows'],
    }),
  );
  agent = await stage.agent();
  [ana, ben, cleo] = await Promise.all([
    deskOf(stage, 'Ana Ruiz'),
    deskOf(stage, 'Ben Okoro'),
    deskOf(stage, 'Cleo Park'),
  ]);
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('I6 two of a team are needed: the first waits, the second decides, it runs once; I11 nobody else ever sees it', async () => {
  const args = { note: 'pay the invoice of Globex', rows: 12, where: { region: 'eu' } };
  const call = agent.call('kitchen__write', args);
  const first = await ana.openRequest('Globex');
  await says(first.approvals, /Needs 2 of Payments/);
  await first.approve();
  await first.says(/Your approval is saved\. Waits for 1 more/);
  await says(first.approvals, '1 of 2');
  await see(ana.openRows('Globex').filter({ hasText: 'you approved' }));
  expect(await first.button('Accept').count()).toBe(0);
  expect(runsOf(args)).toHaveLength(0);

  // What comes later has reached the outsider, so what came before would have, too.
  const other = agent.call('kitchen__ask_simple', { message: 'For everyone here' });
  await cleo.openRequest('For everyone here');
  expect(await cleo.rows().count()).toBe(1);
  for (const [view, count] of [
    ['All open', 1],
    ['My teams', 0],
  ] as const)
    expect(await cleo.countOf(view)).toBe(count);
  const requestId = requestAt(ana.page.url());

  const second = await ben.openRequest('Globex');
  await says(second.approvals, /Ana Ruiz[^]*approved/);
  await second.approve();
  expect((await call.result).structuredContent).toMatchObject({ written: 1 });
  await second.says('You accepted this');
  await first.says('Ben accepted this');
  expect(runsOf(args)).toHaveLength(1);

  await cleo.page.goto(`/queue/${requestId}`);
  await see(cleo.page.getByRole('heading', { name: 'This request is not here' }));
  await cleo.page.goto('/queue?view=answered');
  await see(cleo.list.getByRole('heading', { name: 'Answered' }));
  await answerAs(ana, 'For everyone here');
  await other.result;
  await becomes(() => cleo.rows().allInnerTexts().then(titled), ['For everyone here']);
  // Sessions are for everyone to watch, and say for which request they wait, if not what it asks.
  const waits = /"waits":\{"person":\{[^}]*\}/g;
  expect(cleo.heard.join('\n').match(waits)?.join('\n')).not.toContain('Globex');
  const heard = cleo.heard.map((frame) => frame.replaceAll(waits, '')).join('\n');
  expect(heard).toContain('For everyone here');
  expect(heard).not.toContain('Globex');
  expect(heard).not.toContain(requestId);
  await cleo.page.goto('/queue');
});

test('I6 an edit voids what was approved, both see the difference, and what runs is what was edited', async () => {
  const args = { note: 'archive the orders of 2019', rows: 900, where: { region: 'eu' } };
  const call = agent.call('kitchen__write', args);
  const [mine, theirs] = [await ana.openRequest('orders of 2019'), await ben.openRequest('orders of 2019')];
  await mine.approve();
  await says(theirs.approvals, '1 of 2');

  const editor = await theirs.edit();
  // Locked: shown, and nothing to type into.
  await says(editor, /where[^]*locked by the rule/);
  expect(await editor.getByLabel('region').count()).toBe(0);
  await editor.getByLabel('note', { exact: true }).fill('archive the orders of 2020');
  await says(editor, /The 1 approval so far becomes void/);
  await editor.getByRole('button', { name: 'Save new arguments' }).click();

  for (const each of [mine, theirs]) {
    await says(each.edited, /Edited by/);
    await says(each.edited, /orders of 2019[^]*orders of 2020/);
    await says(each.approvals, '0 of 2');
  }
  await see(mine.button('Accept'));
  expect(runsOf(args)).toHaveLength(0);

  const changed = { ...args, note: 'archive the orders of 2020' };
  await theirs.approve();
  await theirs.says(/Your approval is saved/);
  expect(runsOf(changed)).toHaveLength(0);
  await mine.approve();
  await call.result;
  expect(runsOf(changed)).toHaveLength(1);
  expect(runsOf(args)).toHaveLength(0);
  await mine.says('You accepted this');
});

test('I11 a locked argument is not changed past the page either', async () => {
  const args = { note: 'keep the region', rows: 3, where: { region: 'eu' } };
  const call = agent.call('kitchen__write', args);
  const request = await ana.openRequest('keep the region');
  const requestId: RequestId = requestAt(ana.page.url());
  const past = await stage.product.connect('approver', 'Ben Okoro');
  const read = sure(await past.say({ type: 'request.read', requestId }));
  const refused = await past.say({
    type: 'request.edit',
    requestId,
    revision: read.request.revision,
    arguments: { ...args, where: { region: 'us' } },
  });
  expect(refused).toMatchObject({ ok: false, code: 'invalid_answer' });
  await request.decline('Wrong region');
  await call.result.catch(() => undefined);
  expect(stage.kitchen.records.executions('write').map(({ args: ran }) => ran['note'])).not.toContain(
    'keep the region',
  );
  await gone(request.button('Decline'));
});

/** Executions with exactly these arguments. */
function runsOf(args: object): readonly unknown[] {
  const wanted = JSON.stringify(args);
  return stage.kitchen.records.executions('write').filter((run) => JSON.stringify(run.args) === wanted);
}

async function answerAs(desk: Desk, words: string): Promise<void> {
  const request = await desk.openRequest(words);
  await request.form.getByLabel('Value').fill('fine');
  await request.button('Accept and send').click();
}

function titled(rows: readonly string[]): readonly string[] {
  return rows.map((row) => /For everyone here|Globex/.exec(row)?.[0] ?? row);
}
