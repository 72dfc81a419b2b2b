import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, type Desk, deskOf, holdRule, sure } from '@/tests/e2e/support/desk-people';
import { requestAt } from '@/tests/e2e/support/orders';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { lookAt } from '@/tests/support/looks';

const partitions = [1, 2, 3, 4, 5, 6].map((number) => `drop partition ${number}`);

let stage: Stage;
let agent: Agent;
let ana: Desk;
let ben: Desk;
/** Answers with the moment to undo that people have. */
let cleo: Desk;

beforeAll(async () => {
  stage = await setStage();
  await addRules(
    stage,
    holdRule('hurried', 'tool.name == "write" && has(args.note) && args.note.startsWith("soon")', {
      deadlineMs: 45_000,
    }),
  );
  agent = await stage.agent();
  [ana, ben, cleo] = await Promise.all([
    deskOf(stage, 'Ana Ruiz'),
    deskOf(stage, 'Ben Okoro'),
    deskOf(stage, 'Cleo Park', { answers: 'undoable' }),
  ]);
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

test('six of one shape are answered together, each for itself; one that somebody else was faster with stays', async () => {
  const calls = partitions.map((note) => agent.call('kitchen__write', { note, region: 'eu' }));
  await ana.showAll('drop partition', 6);
  for (const note of partitions) await ana.pick(note);
  await ana.list.getByRole('button', { name: 'Answer 6 together' }).click();

  const dialog = ana.page.getByRole('dialog', { name: 'Answer 6 together' });
  await says(dialog, /The same in all[^]*region[^]*eu/);
  const table = dialog.getByRole('region', { name: 'What differs' });
  await see(table);
  for (const note of partitions) await see(table.getByRole('cell', { name: note, exact: true }));
  expect(await table.getByText('eu', { exact: true }).count()).toBe(0);

  await (await ben.openRequest('drop partition 3')).decline('Still in use');
  await becomes(() => requestState('drop partition 3'), 'delivered');
  await dialog.getByLabel(/Type 6 to accept/).fill('6');
  await dialog.getByRole('button', { name: 'Accept 6' }).click();

  const results = ana.page.getByRole('dialog', { name: 'Answered together' });
  await says(results, '5 saved, 1 not; it stays selected');
  const rows = results.getByRole('listitem');
  expect(await rows.filter({ hasText: 'saved' }).count()).toBe(5);
  expect(await rows.filter({ hasNotText: 'saved' }).innerText()).toMatch(/drop partition 3[^]*Ben/);
  await results.getByRole('button', { name: 'Done' }).click();
  await says(ana.list.getByRole('region', { name: 'Selected requests' }), '1 selected');

  await Promise.all(calls.map((call) => call.result.catch(() => undefined)));
  const others = partitions.filter((note) => !note.endsWith('3'));
  expect(new Set(ran('drop partition'))).toEqual(new Set(others));
  expect(ran('drop partition')).toHaveLength(others.length);
  await ana.list.getByRole('button', { name: 'None' }).click();
});

test('I14 what is masked is named where several are answered together, and none of it is in the page or was sent to it', async () => {
  const admin = await stage.product.connect('admin');
  const { masking } = sure(await admin.say({ type: 'keeping.read' }));
  const rule = { name: 'Patients', path: '$.patient', parts: ['arguments' as const], server: null, tool: null };
  sure(await admin.say({ type: 'keeping.save_masking', base: masking.version, rules: [rule] }));
  const patients = ['Imre Kovacs', 'Lina Berg', 'Odo Marsh'];
  // What looks like a secret is shown to who decides on it, and to nobody else: the note makes the title of a result.
  const token = 'ghp_Zk31vQpXr8sTnB5yWc7LmD2fHa9Jg4Ue6RtY';
  const calls = patients.map((patient, number) =>
    agent.call('kitchen__write', { note: `${token} archive file ${number + 1}`, patient, password: 'hunter2-archive' }),
  );
  const hides = async (hidden: readonly string[], heard: readonly string[]): Promise<void> => {
    const shown = [await ana.page.content(), ...heard].filter((text) => hidden.some((each) => text.includes(each)));
    expect(shown.map((text) => text.slice(0, 300))).toEqual([]);
  };
  await ana.showAll('archive file', 3);
  for (const number of [1, 2, 3]) await ana.pick(`archive file ${number}`);
  await ana.list.getByRole('button', { name: 'Answer 3 together' }).click();
  const dialog = ana.page.getByRole('dialog', { name: 'Answer 3 together' });
  await says(dialog, /The same in all[^]*patient[^]*masked[^]*What differs/);
  await says(dialog, 'Masked, and not seen by you: patient.');
  await hides(patients, ana.heard);
  await (await ben.openRequest('archive file 2')).decline('Not that one');
  await becomes(() => requestState('archive file 2'), 'delivered');
  await dialog.getByLabel(/Type 3 to accept/).fill('3');
  await dialog.getByRole('button', { name: 'Accept 3' }).click();
  const results = ana.page.getByRole('dialog', { name: 'Answered together' });
  await says(results, '2 saved, 1 not; it stays selected');
  expect(await results.getByRole('listitem').filter({ hasText: 'archive file' }).count()).toBe(3);
  await Promise.all(calls.map((call) => call.result.catch(() => undefined)));
  expect(ran(token)).toHaveLength(2);
  const beside = ana.heard.filter((frame) => !frame.includes(`"arguments":{"note":"${token}`));
  const secrets = [...patients, token, 'hunter2-archive'];
  await hides(secrets, beside);
  await hides(patients, ana.heard);
  await results.getByRole('button', { name: 'Done' }).click();
  await hides(secrets, beside);
  await ana.list.getByRole('button', { name: 'None' }).click();
});

test('an answer undone within its moment was never sent', async () => {
  const call = agent.call('kitchen__write', { note: 'rename the bucket' });
  const request = await cleo.openRequest('rename the bucket');
  const requestId = requestAt(cleo.page.url());
  await request.decline('Pressed by mistake');
  await request.says(/Decline: ?sending in/);
  await request.button('Undo').click();
  await see(request.button('Accept'));
  await gone(request.button('Undo'));
  const eyes = await stage.product.connect('approver', 'Ana Ruiz');
  const { events } = sure(await eyes.say({ type: 'request.history', requestId }));
  expect(events.map(({ type }) => type).filter((type) => /answered|voted|sent/.test(type))).toEqual([]);
  expect(sure(await eyes.say({ type: 'request.read', requestId })).request.state).toBe('open');

  // Nothing of the decline is left: the next answer is the first.
  await request.approve();
  await request.button('Undo').click();
  await request.approve();
  await see(request.button('Undo'));
  expect(ran('rename the bucket')).toEqual([]);
  await call.result;
  await request.says('You accepted this');
  expect(ran('rename the bucket')).toHaveLength(1);
});

test('an answer of who leaves the page at once is sent', async () => {
  const call = agent.call('kitchen__write', { note: 'rotate the key' });
  const request = await cleo.openRequest('rotate the key');
  await noteUndo(cleo);
  await request.approve();
  await see(request.button('Undo'));
  await becomes(() => undoNoted(cleo), 'seen');
  expect(ran('rotate the key')).toEqual([]);
  await cleo.page.goto('about:blank');
  await call.result;
  expect(ran('rotate the key')).toHaveLength(1);
  await cleo.open();
});

test('near its deadline an answer is sent at once: there is nothing to undo', async () => {
  const call = agent.call('kitchen__write', { note: 'soon: fail over' });
  const request = await cleo.openRequest('soon: fail over');
  await noteUndo(cleo);
  await request.approve();
  await call.result;
  await request.says('You accepted this');
  expect(await undoNoted(cleo)).toBeNull();
  expect(ran('soon: fail over')).toHaveLength(1);
});

function ran(words: string): readonly unknown[] {
  const notes = stage.kitchen.records.executions('write').map(({ args }) => args['note']);
  return notes.filter((note) => typeof note === 'string' && note.startsWith(words));
}

async function requestState(words: string): Promise<string | undefined> {
  const eyes = await stage.product.connect('approver', 'Ben Okoro');
  const { items } = sure(await eyes.say({ type: 'queue.watch', look: { ...lookAt('answered'), text: words } }));
  eyes.socket.disconnect();
  return items[0]?.request.state;
}

function undoNoted({ page }: Desk): Promise<string | null> {
  return page.evaluate(() => document.documentElement.dataset['undo'] ?? null);
}

/** Notes on the page whether an offer to undo is ever shown on it, however briefly. */
async function noteUndo({ page }: Desk): Promise<void> {
  await page.evaluate(() => {
    const look = (): void => {
      const buttons = [...document.querySelectorAll('button')].map(({ innerText }) => innerText.trim());
      if (buttons.some((words) => /^Undo(\sU)?$/.test(words))) document.documentElement.dataset['undo'] = 'seen';
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}
