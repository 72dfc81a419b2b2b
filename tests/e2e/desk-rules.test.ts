import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { type Desk, deskOf, sure } from '@/tests/e2e/support/desk-people';
import { focusIsOn } from '@/tests/e2e/support/focus';
import { RulesPage } from '@/tests/e2e/support/rules-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

let stage: Stage;
let agent: Agent;
let ana: Desk;
let rules: RulesPage;
let hasty: RulesPage;

beforeAll(async () => {
  stage = await setStage();
  agent = await stage.agent();
  ana = await deskOf(stage, 'Ana Ruiz');
  rules = await new RulesPage((await stage.person('admin')).page).open();
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('a rule with an error is not taken, with its place; a right one is tried, saved, and denies the next call', async () => {
  await rules.begin({
    name: 'no-prod',
    condition: 'has(args.env) && args.env = "prod"',
    decision: 'Deny',
    reason: 'Production is frozen until Monday.',
  });
  await says(rules.editor, /Line 1, column 27/);
  await rules.addToDraft();
  await says(rules.editor, 'Some fields need another look.');
  await gone(rules.bar);
  const admin = await stage.product.connect('admin');
  expect((await versions()).length).toBe(1);

  await rules.condition.fill('has(args.env) && args.env == "prod"');
  await says(rules.editor, 'can be read');
  await rules.condition.press('Control+Enter');
  await gone(rules.editor);
  await says(rules.bar, 'Unsaved changes: 1');

  // Tried before it is in force: against the draft, not against what holds now.
  const verdict = await rules.tryCall({ tool: 'write', args: { env: 'prod' } });
  await says(verdict, /Refused[^]*by[^]*no-prod/);
  const held = agent.call('kitchen__write', { note: 'before the rule', env: 'prod' });
  await (await ana.openRequest('before the rule')).approve();
  await held.result;

  await rules.save('Freeze before the holidays');
  expect(await versions()).toEqual([2, 1]);
  const denied = await said(agent.call('kitchen__write', { note: 'after the rule', env: 'prod' }));
  expect(denied).toContain('Production is frozen until Monday.');
  const notes = stage.kitchen.records.executions('write').map(({ args }) => args['note']);
  expect(notes).toEqual(['before the rule']);
  expect(await ana.rows('after the rule').count()).toBe(0);

  async function versions(): Promise<readonly number[]> {
    return sure(await admin.say({ type: 'rules.read' })).versions.map(({ version }) => version);
  }
});

test('a rule is not taken while it is still being checked; once it is, it is taken or refused by itself', async () => {
  hasty = new RulesPage((await stage.person('admin', { name: 'Hasty Hana' })).page);
  const held: (() => void)[] = [];
  let checks: 'held' | 'let go' = 'held';
  await hasty.page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (checks === 'held' && String(message).includes('"rules.check"')) held.push(() => server.send(message));
      else server.send(message);
    });
  });
  // Typed slowly, a rule is checked more than once: what is held may not be the last of it.
  const letGo = (): void => {
    checks = 'let go';
    held.splice(0).forEach((send) => send());
  };
  await hasty.open();
  const words = { name: 'hasty', condition: 'args.env = "prod"', decision: 'Deny', reason: 'Not so fast.' } as const;
  await hasty.begin(words);
  await hasty.addToDraft();
  await says(hasty.editor, 'The rule is being checked');
  await becomes(() => held.length > 0, true);
  expect(await hasty.bar.count()).toBe(0);
  letGo();
  await says(hasty.editor, /Line 1, column/);
  await says(hasty.editor, 'Some fields need another look.');
  await becomes(() => hasty.condition.evaluate((area) => area === document.activeElement), true);
  expect(await hasty.bar.count()).toBe(0);

  checks = 'held';
  await hasty.condition.fill('args.env == "prod"');
  await hasty.addToDraft();
  await becomes(() => held.length > 0, true);
  letGo();
  await gone(hasty.editor);
  await says(hasty.bar, 'Unsaved changes: 1');
});

test('rules go to a file and come back from one; a broken file is refused with its line', async () => {
  const text = await rules.export();
  expect(text).toContain('no-prod');
  expect(text).toContain('Production is frozen until Monday.');

  const broken = text.replace('"decision": "deny"', '"decision": "perhaps"');
  await rules.import('broken.json', broken);
  const refused = rules.page.getByRole('dialog', { name: 'broken.json was not imported' });
  await says(refused, /line \d+[^]*no-prod: Expected "allow"/);
  await refused.getByRole('button', { name: 'Close' }).last().click();
  await gone(refused);
  expect(await rules.bar.count()).toBe(0);

  // A condition that cannot be read may be put right in the page; saved it is not.
  await rules.import('unfinished.json', text.replace('args.env == \\"prod\\"', 'args.env == '));
  await rules.closeChanges();
  await says(rules.bar, '1 change cannot be saved: 1 rule has an error.');
  expect(await rules.bar.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);

  await rules.import('thawed.json', text.replace('\\"prod\\"', '\\"moon\\"'));
  await rules.closeChanges();
  await says(rules.bar, /Made on version 2/);
  await rules.save('Thawed');
  const call = agent.call('kitchen__write', { note: 'in the thaw', env: 'prod' });
  await (await ana.openRequest('in the thaw')).approve();
  await call.result;
  expect(await said(agent.call('kitchen__write', { note: 'to the moon', env: 'moon' }))).toContain('frozen');
  await becomes(() => stage.kitchen.records.executions('write').length, 2);
});

test('who was overtaken may take theirs, and take that back; the keyboard goes on from where it was', async () => {
  const { page } = hasty;
  await page.getByRole('button', { name: 'Load theirs, drop mine' }).click();
  await gone(hasty.bar);
  await focusIsOn(page, /^DIV This is version 3\. Your 1 change to version 2 is dropped\./);
  await page.getByRole('button', { name: 'Undo' }).click();
  await says(hasty.bar, 'Unsaved changes: 1');
  await page.getByRole('button', { name: 'Load theirs, drop mine' }).click();
  await gone(hasty.bar);
  await hasty.tab('Backtest');
  await page.getByRole('button', { name: 'Run backtest' }).click();
  await see(page.getByRole('region', { name: 'Backtest' }));
  await focusIsOn(page, /^BUTTON Run backtest/);
  // What is begun anew is not replaced by what was dropped.
  await hasty.begin({ name: 'anew', condition: 'true', decision: 'Deny', reason: 'Anew.' });
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

test('I11 rules are an admin’s: others see neither the page nor the rules', async () => {
  const { page } = await stage.person('approver', { name: 'Ben Okoro' });
  await page.goto('/rules');
  await see(page.getByRole('heading', { name: 'Rules are for admins' }));
  const past = await stage.product.connect('approver', 'Ben Okoro');
  expect(await past.say({ type: 'rules.save', base: 3, rules: [], note: null })).toMatchObject({ ok: false });
});

async function said(call: ReturnType<Agent['call']>): Promise<string> {
  return call.result.then(textOf, String);
}
