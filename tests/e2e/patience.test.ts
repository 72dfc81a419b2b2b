import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Agent, textOf, ticketOf } from '@/tests/e2e/support/agent';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { arrived } from '@/tests/e2e/support/request-page';
import { gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';

/** Within it a busy machine has to open the page of what is asked, and somebody to type. */
const hurriedMs = 10_000;

let stage: Stage;
let kitchen: KitchenSink;
let bare: KitchenSink;
let agent: Agent;
let queue: QueuePage;

beforeAll(async () => {
  [kitchen, bare] = await Promise.all([startKitchenSink(), startKitchenSink({ events: 'none' })]);
  const limited = (limits: object, url = kitchen.url): object => ({ url, holdpoint: { trusted: true, limits } });
  stage = await setStage({
    servers: {
      hurried: limited({ request: hurriedMs }),
      strict: limited({ request: '12m', lifetime: '1h' }),
      brief: limited({ request: '2h', lifetime: '9m' }),
      forgetful: limited({ stream: '11m' }, bare.url),
    },
    holdpoint: {
      rules: [
        { id: 'quick-look', decision: 'hold', tool: 'write', deadline: '10m' },
        { id: 'at-once', decision: 'hold', tool: 'write_idempotent', deadline: hurriedMs },
        { id: 'all', decision: 'allow' },
      ],
      requestDeadline: '20m',
      agents: { hold: '1s', clients: [{ name: 'impatient-*', hold: '13m', tickets: false }] },
    },
  });
  agent = await stage.agent();
  queue = await new QueuePage((await stage.person('approver')).page).open();
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await Promise.all([kitchen.close(), bare.close()]);
});

test('an agent that cannot wait gets a ticket, a person answers meanwhile, and the agent collects that very result', async () => {
  const first = await agent.call('kitchen__ask_simple', { message: 'Who signs it off?' }, 'plain').result;
  const ticket = ticketOf(first) ?? '';
  let waiting = first;
  // Its patience may end before the server has asked; it then is told the next time.
  while (!textOf(waiting).includes('Who signs it off?') && ticketOf(waiting) === ticket)
    waiting = await agent.call('holdpoint_await', { ticket }, 'plain').result;
  expect(ticket).toMatch(/^call_/);
  expect(textOf(first)).toContain('There is no result of kitchen__ask_simple yet.');
  for (const reply of [first, waiting]) {
    expect(reply.isError).not.toBe(true);
    for (const words of ['holdpoint_await', ticket]) expect(textOf(reply)).toContain(words);
  }
  expect(textOf(waiting)).toContain('Who signs it off?');
  const { page } = await stage.person('approver');
  const session = await SessionPage.openFromList(page, /With a person/);
  await see(session.event('The agent has a ticket; the result is kept for it'));
  const told = page.locator('[aria-label*="The agent has a ticket; the result is kept for it"]');
  await see(session.lane('ask_simple').and(told));
  await page.getByRole('tab', { name: /^Calls/ }).click();
  await see(page.getByRole('list', { name: 'Calls, newest first' }).getByText('agent has a ticket'));

  const collected = agent.collect(ticket);
  const request = await queue.openRequest('Who signs it off?');
  await request.form.getByLabel('Value').fill('Dana');
  await request.button('Accept and send').click();
  await request.receiptBecomes(arrived);
  const result = await collected;
  expect(result.structuredContent).toEqual({ action: 'accept', content: { value: 'Dana' } });
  // It can be collected again, and never runs again.
  expect((await agent.collect(ticket)).structuredContent).toEqual(result.structuredContent);
  expect(stage.kitchen.records.executions('ask_simple')).toHaveLength(1);
  await page.getByRole('tab', { name: /^Timeline/ }).click();
  await see(session.event('Outcome delivered to the agent'));
  await page.close();
});

test('I7 I8 nobody answers a question: the clock and its reason, then that no one answered; the server gets cancel, the agent hears why', async () => {
  const call = agent.call('hurried__ask_simple', { message: 'Is anyone there?' });
  const request = await queue.openRequest('Is anyone there?');
  await says(request.deadline, /0:(0\d|10)/);
  await says(request.deadline, /Live call, ends \d\d:\d\d:\d\d\s+hurried keeps a request 10 s\./);
  await request.form.getByLabel('Value').fill('I was about to');
  await request.says('No one answered in time');
  await request.says(/The limit was set by the server, for one request: hurried keeps a request 10 s\.$/);
  await request.says('hurried hears “cancel”, MCP’s word for no decision. It is not told “declined”');
  await request.says('oncall-copilot hears “no one answered in time”, beside what the tool then says');
  await request.says('Your text is kept');
  await request.says('I was about to');
  await gone(request.button('Accept and send'));
  const told = await call.result;
  const cancel = { action: 'cancel', _meta: { 'holdpoint/reason': 'No one answered in time.' } };
  expect(told.structuredContent).toEqual(cancel);
  expect(textOf(told)).toContain('No one answered "Is anyone there?" in time. This is not a refusal.');
  expect(kitchen.records.of('answer_received').map(({ result }) => result)).toEqual([cancel]);
  await queue.page.goto('/queue?view=answered');
  await says(queue.rows('Is anyone there?'), /no one answered/);
  await queue.open();
});

test('I7 nobody approves: the call is never sent, and the agent hears that it was no refusal', async () => {
  const call = agent.call('kitchen__write_idempotent', { note: 'too late for this' });
  const request = await queue.openRequest('too late for this');
  await says(request.deadline, /rule at-once gives 10 s\./);
  await request.says('No one answered in time');
  await request.says('kitchen heard nothing: the call was never sent');
  const told = await call.result;
  expect(told).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'expired' } });
  expect(textOf(told)).toBe(
    'write_idempotent was not run: no one answered in time. This is not a refusal; you may ask again.',
  );
  expect(stage.kitchen.records.executions('write_idempotent')).toEqual([]);
});

interface Deadline {
  readonly cause: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, string>>;
  readonly title: string;
  readonly reason: RegExp;
  readonly whose: string;
}

const asks = (server: string, title: string): Pick<Deadline, 'tool' | 'args' | 'title'> => ({
  tool: `${server}__ask_simple`,
  args: { message: title },
  title,
});

const deadlines: readonly Deadline[] = [
  {
    cause: 'default',
    ...asks('kitchen', 'By default'),
    reason: /questions here wait 20 min/,
    whose: 'Holdpoint’s setting for all questions',
  },
  {
    cause: 'rule',
    tool: 'kitchen__write',
    args: { note: 'By a rule' },
    title: 'By a rule',
    reason: /rule quick-look gives 10 min/,
    whose: 'the rule that holds this call',
  },
  {
    cause: 'server request',
    ...asks('strict', 'By request'),
    reason: /strict keeps a request 12 min/,
    whose: 'the server, for one request',
  },
  {
    cause: 'server lifetime',
    ...asks('brief', 'By lifetime'),
    reason: /brief keeps a session 9 min/,
    whose: 'the server, for a whole session',
  },
  {
    cause: 'server stream',
    ...asks('forgetful', 'By stream'),
    reason: /forgetful keeps a stream 11 min, and cannot resume it/,
    whose: 'the server, for one stream',
  },
  {
    cause: 'agent',
    ...asks('kitchen', 'By the agent'),
    reason: /the agent waits no longer than 1[23] min/,
    whose: 'the agent, which waits no longer',
  },
];

test.each(deadlines)('I8 the earliest deadline is shown with its reason: $cause', async (deadline) => {
  const { cause, tool, args, title, reason, whose } = deadline;
  const asking = cause === 'agent' ? await stage.agent({ name: 'impatient-bot' }) : agent;
  const call = asking.call(tool, args, cause === 'agent' ? 'plain' : 'progress');
  const request = await queue.openRequest(title);
  await says(request.deadline, reason);
  const about = await request.article.getByRole('complementary', { name: 'About this request' }).innerText();
  expect(about).toMatch(new RegExp(`Why it ends then\\s+Set by\\s+${whose}\\s+Why\\s+${reason.source}`));
  await request.decline('Seen');
  await call.result;
});
