import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AnswerAction, RequestKind } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Agent, AgentCall } from '@/tests/e2e/support/agent';
import { graveFindings } from '@/tests/e2e/support/axe';
import { Looks, type Open } from '@/tests/e2e/support/looks';
import { acceptOrder } from '@/tests/e2e/support/orders';
import type { Commander } from '@/tests/e2e/support/product';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { takeShot } from '@/tests/e2e/support/shots';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { walkByTab } from '@/tests/e2e/support/tab-walk';
import { openItem } from '@/tests/e2e/support/waiting';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

let stage: Stage;
let looks: Looks;
let desk: Commander;
let orders: KitchenSink;
let ledger: KitchenSink;
let billing: KitchenSink;
let bare: KitchenSink;
let billingNetwork: TcpProxy;
/** What there is to look at, by name: requests, and sessions. */
const requests = new Map<string, RequestId>();
const sessions = new Map<string, string>();

beforeAll(async () => {
  [orders, ledger, billing, bare] = await Promise.all([
    startKitchenSink(),
    startKitchenSink(),
    startKitchenSink(),
    startKitchenSink({ events: 'none' }),
  ]);
  billingNetwork = await startTcpProxy(billing.url);
  stage = await setStage({
    servers: {
      orders: { url: orders.url, holdpoint: { trusted: true } },
      ledger: { url: ledger.url, holdpoint: { trusted: true } },
      billing: { url: billingNetwork.url },
      bare: { url: bare.url },
      hurried: { url: bare.url, holdpoint: { limits: { request: '5s' } } },
    },
    holdpoint: {
      rules: [
        { id: 'hold-writes', decision: 'hold', tool: 'write*', reason: 'Writes need a second look.' },
        { id: 'all', decision: 'allow' },
      ],
      agents: { hold: '1s' },
    },
  });
  looks = new Looks(stage);
  desk = await stage.product.connect('approver');
  await makeTrouble(await stage.agent({ name: 'deploy-bot' }));
  await makeDecisions(await stage.agent({ name: 'nightly-batch' }));
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  billingNetwork.restore();
  await stage.close();
  await billingNetwork.close();
  await Promise.all([orders, ledger, billing, bare].map((each) => each.close()));
});

/** Everything that is over, in one session: decided each way, expired, answered in vain. */
async function makeDecisions(agent: Agent): Promise<void> {
  const expired = agent.call('hurried__ask_simple', { message: 'Is anyone there?' });
  await openFor('expired', 'Is anyone there?');
  const twice = agent.call('orders__ask_twice');
  await answer('asked', 'First question', { content: { value: 'CC-4410' } });
  await openFor('asked', 'Second question');
  await orders.forgetSessions();
  await answer('decided-again', 'ask_twice', { content: { choice: 'run_again' } });
  await openFor('prefilled', 'First question');
  const others: readonly [string, AnswerAction, JsonObject | null][] = [
    ['decided-by-hand', 'accept', { choice: 'done_by_hand', note: 'Booked as order 88-20417 in the console.' }],
    ['decided-given-up', 'decline', null],
  ];
  for (const [name, action, content] of others) {
    const call = agent.call('kitchen__ask_simple', { message: name });
    await openFor(`${name}-question`, name);
    await stage.kitchen.forgetSessions();
    await answer(name, name, { content, action });
    await call.result;
  }
  await expired.result;
  sessions.set('two-runs', await sessionOf('prefilled'));
  expect(twice.progress).toBeDefined();
}

/** Everything that waits, in another: a decision, a server that is away, a result that cannot come back, a ticket. */
async function makeTrouble(agent: Agent): Promise<void> {
  const held = agent.call('ledger__write_after_asking', { note: 'drop the staging tables' });
  await answer('approved', 'drop the staging tables', { content: null });
  await openFor('really', 'Really write?');
  await ledger.forgetSessions();
  await openFor('recovery', 'drop the staging tables');
  await agent.call('bare__ask_simple', { message: 'Who owns the ticket?' }, 'plain').result;
  bare.dropConnections();
  await openFor('result-lost', 'Who owns the ticket?');
  const lost = agent.call('billing__ask_simple', { message: 'Which invoice?' });
  await openFor('undelivered', 'Which invoice?');
  billingNetwork.cut();
  await answer('undelivered', 'Which invoice?', { content: { value: 'INV-2041' } });
  await billing.forgetSessions();
  billingNetwork.restore();
  await openFor('invoice-recovery', 'Which invoice?', 'recovery');
  const away: AgentCall = agent.call('billing__ask_simple', { message: 'Which account?' });
  await openFor('away', 'Which account?');
  billingNetwork.cut();
  sessions.set('reattaching', await sessionOf('away'));
  expect([held, lost, away]).toHaveLength(3);
}

async function openFor(name: string, words: string, kind?: RequestKind): Promise<void> {
  const { request } = await openItem(
    desk,
    (item) => item.request.title.includes(words) && (kind === undefined || item.request.kind === kind),
  );
  requests.set(name, request.requestId);
}

interface Said {
  readonly content: JsonObject | null;
  readonly action?: AnswerAction;
}

async function answer(name: string, words: string, { content, action = 'accept' }: Said): Promise<void> {
  const decides = action === 'decline' || (content !== null && 'choice' in content);
  const { request } = await openItem(
    desk,
    (item) => item.request.title.includes(words) && (item.request.kind === 'recovery') === decides,
  );
  requests.set(name, request.requestId);
  const order = { ...acceptOrder(request.requestId, content), action };
  expect(await desk.say({ ...order, reason: action === 'decline' ? 'The order was cancelled.' : null })).toMatchObject({
    ok: true,
  });
}

async function sessionOf(name: string): Promise<string> {
  const requestId = requests.get(name);
  const { request } = await openItem(desk, (item) => item.request.requestId === requestId);
  return `/sessions/${request.sessionId}`;
}

function request(name: string, words: string | RegExp): Open {
  return (page) => openRequest(page, name, words);
}

async function openRequest(page: Page, name: string, words: string | RegExp): Promise<RequestPage> {
  await page.goto(`/queue/${requests.get(name) ?? ''}`);
  const shown = new RequestPage(page);
  await shown.says(words);
  await see(shown.article.getByRole('complementary', { name: 'About this request' }));
  return shown;
}

function session(name: string, words: RegExp): Open {
  return async (page) => {
    await page.goto(sessions.get(name) ?? '');
    const shown = new SessionPage(page);
    await see(shown.events);
    await says(page.locator('main'), words);
  };
}

const screens: [string, Open][] = [
  ['recovery', request('recovery', 'What now?')],
  [
    'recovery-by-hand',
    async (page) => {
      const shown = await openRequest(page, 'recovery', 'What now?');
      await shown.choice('Mark as done by hand').check();
      await shown.button('Mark as done').click();
      await shown.says('Say what was done: the agent goes on from these words.');
    },
  ],
  [
    'recovery-armed',
    async (page) => {
      const shown = await openRequest(page, 'recovery', 'What now?');
      await shown.choice('Run again').check();
      await shown.button('Run again').click();
      await see(shown.button('Run again?'));
    },
  ],
  ['recovery-run-again', request('decided-again', 'Ana had it run again')],
  ['recovery-done-by-hand', request('decided-by-hand', 'Ana marked it as done by hand')],
  ['prefilled', request('prefilled', /^Answered before by Ana/)],
  ['undelivered', request('undelivered', 'Ana’s answer did not arrive')],
  ['expired', request('expired', 'No one answered in time')],
  ['result-lost', request('result-lost', 'Your answer will reach the tool, its result cannot come back')],
  [
    'server-away',
    async (page) => {
      const shown = await openRequest(page, 'away', /billing cannot be reached since/);
      await shown.says('Your answer is kept and delivered when it is back.');
      await see(page.locator(`[data-request="${requests.get('away') ?? ''}"]`).getByText('server away'));
    },
  ],
  ['session-reattaching', session('reattaching', /Reattaching to billing since/)],
  [
    'session-two-runs',
    async (page) => {
      await session('two-runs', /Waiting on a person/)(page);
      const lane = await new SessionPage(page).lane('ask_twice').getAttribute('aria-label');
      expect(lane).toMatch(/run 1 cut off .*The connection to orders was lost.*sent again/);
    },
  ],
  [
    'session-calls',
    async (page) => {
      await session('reattaching', /Reattaching to billing since/)(page);
      await page.getByRole('tab', { name: /^Calls/ }).click();
      await see(page.getByRole('list', { name: 'Calls, newest first' }).getByText(/So its result is lost\.$/));
    },
  ],
  [
    'queue-trouble',
    async (page) => {
      await page.goto('/queue');
      await see(page.getByRole('region', { name: 'Requests' }).getByText('Run again? write_after_asking'));
    },
  ],
];

test.each(screens)('%s', async (name, open) => expect(await looks.findingsOf(name, open, 'admin')).toEqual([]));

test('what is paused says so in its row and in itself, until it goes on', async () => {
  const admin = await stage.product.connect('admin');
  const { page } = await stage.person('approver', { name: 'Ben Okoro' });
  const shown = await openRequest(page, 'recovery', 'What now?');
  const row = page.locator(`[data-request="${requests.get('recovery') ?? ''}"]`);
  await see(row);
  expect(await row.getByText('paused').count()).toBe(0);
  const paused = await admin.say({
    type: 'pauses.set',
    target: { kind: 'server', server: 'ledger' },
    reason: 'Ledger is moved tonight',
    untilAt: null,
  });
  await see(row.getByText('paused'));
  await shown.says(/paused server ledger until it is lifted: “Ledger is moved tonight”/);
  await shown.says(/It waits while paused/);
  // Nothing of it is said where only another server is concerned.
  expect(
    await page
      .locator(`[data-request="${requests.get('away') ?? ''}"]`)
      .getByText('paused')
      .count(),
  ).toBe(0);
  expect(await graveFindings(page, 'everything')).toEqual([]);
  await takeShot(page, 'request-paused');
  if (!paused.ok) throw new Error(paused.message);
  await admin.say({ type: 'pauses.lift', pauseId: paused.value.pauseId });
  await gone(row.getByText('paused'));
  await gone(shown.article.getByText(/It waits while paused/));
});

test('Tab reaches everything of a recovery request, and is seen', async () => {
  const { page } = await looks.deskFor('admin');
  await openRequest(page, 'recovery', 'What now?');
  expect(await walkByTab(page)).toEqual({ missed: [], unseen: [] });
});
