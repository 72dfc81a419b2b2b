import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { type Agent, textOf } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule } from '@/tests/e2e/support/desk-people';
import { focusIsOn } from '@/tests/e2e/support/focus';
import { movedClock } from '@/tests/e2e/support/moved-clock';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

const minuteMs = 60_000;
const clock = movedClock();
let stage: Stage;
let ana: Desk;
/** Looks at the list of choices all the time. */
let list: Locator;

beforeAll(async () => {
  stage = await setStage({ env: clock.env });
  await addRules(stage, holdRule('writes', 'tool.name == "write"'));
  ana = await deskOf(stage, 'Ana Ruiz');
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  clock.remove();
});

test('a choice for 15 minutes and one value lets the same call pass, asks for another value, and ends when revoked', async () => {
  const agent = await stage.agent();
  const first = agent.call('kitchen__write', { path: '/tmp/a', note: 'first try' });
  const request = await ana.openRequest('/tmp/a');
  await remember(ana, '15 minutes', { without: 'note' });
  await request.says(/Approve write for oncall-copilot with path = \/tmp\/a for 15 minutes\./);
  await request.approve();
  await first.result;
  await request.says('This choice is remembered');

  const same = await agent.call('kitchen__write', { path: '/tmp/a', note: 'second try' }).result;
  expect(same.structuredContent).toMatchObject({ written: 2 });
  expect(ran('/tmp/a')).toBe(2);

  const other = agent.call('kitchen__write', { path: '/tmp/b', note: 'first try' });
  const asked = await ana.openRequest('/tmp/b');
  await asked.decline('Not this one');
  expect(await said(other)).toContain('Not this one');
  expect(ran('/tmp/b')).toBe(0);

  await ana.page.goto('/choices');
  list = ana.page.getByRole('region', { name: 'Remembered choices' });
  const row = list.getByRole('row').filter({ hasText: 'path = "/tmp/a"' });
  await says(row, /1[45] min left/);
  await says(row, 'once');
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await gone(row);
  // It was the only one: what stands there now is read on.
  await focusIsOn(ana.page, /^DIV You have no choice remembered/);
  await ana.open();

  const again = agent.call('kitchen__write', { path: '/tmp/a', note: 'third try' });
  const last = await ana.openRequest('/tmp/a');
  expect(ran('/tmp/a')).toBe(2);
  await last.approve();
  await again.result;
  expect(ran('/tmp/a')).toBe(3);
});

test('a choice for a session ends with the session', async () => {
  const agent: Agent = await stage.agent();
  const first = agent.call('kitchen__write', { path: '/tmp/c' });
  const request = await ana.openRequest('/tmp/c');
  await remember(ana, 'This session', {});
  await request.approve();
  await first.result;
  await agent.call('kitchen__write', { path: '/tmp/c' }).result;
  expect(ran('/tmp/c')).toBe(2);
  await agent.close();

  const later = await stage.agent();
  const call = later.call('kitchen__write', { path: '/tmp/c' });
  const asked = await ana.openRequest('/tmp/c');
  await asked.approve();
  await call.result;
  expect(ran('/tmp/c')).toBe(3);

  await ana.page.goto('/choices');
  await see(ana.page.getByRole('heading', { name: 'You have no choice remembered' }));
  await ana.open();
});

test('a rule that denies wins over what is remembered, and a rule may forbid remembering', async () => {
  const agent = await stage.agent();
  const first = agent.call('kitchen__write', { path: '/tmp/d' });
  const request = await ana.openRequest('/tmp/d');
  await remember(ana, 'Until revoked', {});
  await request.approve();
  await first.result;
  await addRules(stage, {
    ...holdRule('frozen', 'tool.name == "write" && has(args.path) && args.path == "/tmp/d"'),
    decision: 'deny',
    hold: null,
    reason: 'Everything is frozen.',
  });
  expect(await said(agent.call('kitchen__write', { path: '/tmp/d' }))).toContain('Everything is frozen.');
  expect(ran('/tmp/d')).toBe(1);

  await addRules(
    stage,
    holdRule('never-remembered', 'has(args.path) && args.path == "/tmp/e"', { mayRemember: false }),
  );
  const call = agent.call('kitchen__write', { path: '/tmp/e' });
  const asked = await ana.openRequest('/tmp/e');
  await see(asked.button('Accept'));
  await gone(asked.button('Remember my choice'));
  await asked.approve();
  await call.result;
  await becomes(() => ran('/tmp/e'), 1);
});

// The last: it moves the clock.
test('a choice for 15 minutes ends by itself: its last seconds are counted, then it is gone and people are asked again', async () => {
  const agent = await stage.agent();
  const first = agent.call('kitchen__write', { path: '/tmp/f' });
  const request = await ana.openRequest('/tmp/f');
  await remember(ana, '15 minutes', {});
  await request.approve();
  await first.result;

  const watching = await deskOf(stage, 'Ana Ruiz');
  await clock.followedBy(watching.page);
  await watching.page.goto('/choices');
  list = watching.page.getByRole('region', { name: 'Remembered choices' });
  const row = list.getByRole('row').filter({ hasText: 'path = "/tmp/f"' });
  await says(row, /1[45] min left/);

  await clock.moveBy(stage.product, 14 * minuteMs);
  await says(row, /\b\d+ s left/);
  await agent.call('kitchen__write', { path: '/tmp/f' }).result;
  expect(ran('/tmp/f')).toBe(2);

  await clock.moveBy(stage.product, minuteMs);
  await gone(row);
  const later = agent.call('kitchen__write', { path: '/tmp/f' });
  const asked = await ana.openRequest('/tmp/f');
  expect(ran('/tmp/f')).toBe(2);
  await asked.decline('Its time is over');
  expect(await said(later)).toContain('Its time is over');
  expect(ran('/tmp/f')).toBe(2);
});

/** Opens the box, and chooses for how long and for which values. */
async function remember({ page }: Desk, howLong: string, { without }: { readonly without?: string }): Promise<void> {
  await page.getByRole('button', { name: 'Remember my choice' }).click();
  const box = page.getByRole('region', { name: 'Remember my choice' });
  await box.getByRole('radio', { name: howLong }).check();
  if (without !== undefined) await box.getByRole('checkbox', { name: new RegExp(`^${without} = `) }).uncheck();
}

function ran(path: string): number {
  return stage.kitchen.records.executions('write').filter(({ args }) => args['path'] === path).length;
}

/** What the agent reads, whether it is a result or an error. */
async function said(call: ReturnType<Agent['call']>): Promise<string> {
  return call.result.then(textOf, String);
}
