import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Looks, type Open } from '@/tests/e2e/support/looks';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { requestAt } from '@/tests/e2e/support/orders';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, patienceMs, see } from '@/tests/e2e/support/see';
import { SessionPage } from '@/tests/e2e/support/session-page';
import { heldWrites, setStage, type Stage } from '@/tests/e2e/support/stage';
import { walkByTab } from '@/tests/e2e/support/tab-walk';
import { desktop } from '@/tests/support/browser';

let stage: Stage;
let looks: Looks;
let door: string;
/** Requests to look at, by their kind's name. */
const requests = new Map<string, string>();
let session: string;
let endedSession: string;

const kinds = [
  ['form', 'kitchen__ask_everything', {}, 'Please fill in everything.'],
  ['json', 'kitchen__nonsense_elicitation', {}, 'Who owns this?'],
  ['url', 'kitchen__ask_url', { url: 'http://xn--pple-43d.example.com/connect?a=1' }, 'Please connect your account.'],
  ['page-first', 'kitchen__ask_url_error', {}, 'Allow access to your files.'],
  ['sampling', 'kitchen__sample', {}, 'Write the summary'],
  [
    'approval',
    'kitchen__write',
    { note: 'drop the staging tables', rows: 12, where: { region: 'eu', tags: ['a', 'b'] } },
    'drop the staging',
  ],
] as const;

beforeAll(async () => {
  stage = await setStage({
    holdpoint: heldWrites,
    expectedInConsole: /Failed to load resource: the server responded with a status of (404|409|410)/,
  });
  looks = new Looks(stage);
  door = await stage.product.welcomeLink();
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

/** Presses keys in the very frame in which the address holds these words, faster than from outside. */
function pressOnceAt(page: Page, words: string, keys: readonly string[]): Promise<void> {
  return page.evaluate(
    ([wanted, pressed]) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!window.location.search.includes(wanted)) return void requestAnimationFrame(look);
          const press = ([key, ...rest]: readonly string[]): void => {
            if (key === undefined) return resolve();
            const target = document.activeElement ?? document.body;
            target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
            setTimeout(() => press(rest), 1);
          };
          press(pressed);
        };
        look();
      }),
    [words, keys] as const,
  );
}

/** A screen that is there once this heading is. */
function headed(path: () => string, name: string): Open {
  return async (page) => {
    await page.goto(path());
    await see(page.getByRole('heading', { name }));
  };
}

async function openForm(page: Page): Promise<RequestPage> {
  const request = await openRequest('form')(page);
  await see(request.form);
  return request;
}

function openRequest(kind: string): (page: Page) => Promise<RequestPage> {
  return async (page) => {
    await page.goto(`/queue/${requests.get(kind) ?? ''}`);
    const request = new RequestPage(page);
    await see(request.title);
    await see(request.article.getByRole('complementary', { name: 'About this request' }));
    return request;
  };
}

function openSession(path: () => string): (page: Page) => Promise<SessionPage> {
  return async (page) => {
    await page.goto(path());
    const shown = new SessionPage(page);
    await see(shown.events);
    return shown;
  };
}

function openTable(path: string, button?: string): Open {
  return async (page) => {
    await page.goto(path);
    await see(page.getByRole('table').first());
    if (button === undefined) return;
    await page.getByRole('button', { name: button }).click();
    await see(page.getByRole('dialog'));
  };
}

describe('the ways in', () => {
  test.each<[string, Open]>([
    ['welcome', headed(() => door, 'Welcome to Holdpoint')],
    ['sign-in', headed(() => '/sign-in', 'Sign in')],
  ])('%s', async (name, open) => expect(await looks.findingsOf(name, open, 'stranger')).toEqual([]));

  test('join', async () => {
    const admin = await stage.product.connect('admin');
    const invited = await admin.say({ type: 'people.invite', email: 'new@example.com', role: 'observer' });
    const link = invited.ok ? invited.value.link : '';
    expect(
      await looks.findingsOf(
        'join',
        headed(() => link, 'Join Holdpoint'),
        'stranger',
      ),
    ).toEqual([]);
    const used = headed(() => door, 'This link does not work');
    expect(await looks.findingsOf('used-link', used, 'stranger')).toEqual([]);
  });
});

describe('before anything happened', () => {
  test.each<[string, Open]>([
    ['queue-empty', headed(() => '/queue', 'Nothing waits for anyone')],
    ['sessions-empty', headed(() => '/sessions', 'Sessions')],
    ['not-found-request', headed(() => '/queue/req_000000000000', 'This request is not here')],
    ['not-found-session', headed(() => '/sessions/ses_000000000000', 'This session is not here')],
    ['not-found', headed(() => '/no/such/page', 'Nothing here, or not yours to see')],
  ])('%s', async (name, open) => expect(await looks.findingsOf(name, open, 'admin')).toEqual([]));
});

describe('with work', () => {
  beforeAll(async () => {
    const over = await stage.agent({ name: 'nightly-batch' });
    await over.call('kitchen__progress', { steps: 3 }).result;
    await over.call('kitchen__logs').result;
    await over.close();
    const agent = await stage.agent({ name: 'claude-code' });
    await agent.call('kitchen__progress', { steps: 4 }).result;
    await agent.call('kitchen__throws').result.catch(() => undefined);
    for (const [, tool, args] of kinds) agent.call(tool, args);
    agent.call('kitchen__slow');
    const { page } = await stage.person('approver');
    const queue = await new QueuePage(page).open();
    for (const [kind, , , words] of kinds) {
      await queue.openRequest(words);
      requests.set(kind, requestAt(page.url()));
    }
    const answered = agent.call('kitchen__ask_simple', { message: 'Which cost center pays for it?' });
    const request = await queue.openRequest('Which cost center pays for it?');
    await request.form.getByLabel('Value').fill('CC-4410');
    await request.button('Accept and send').click();
    await answered.result;
    requests.set('answered', requestAt(page.url()));
    const declined = agent.call('kitchen__write', { note: 'wrong one' });
    await (await queue.openRequest('wrong one')).decline('That is production');
    await declined.result.catch(() => undefined);
    requests.set('declined', requestAt(page.url()));
    await SessionPage.openFromList(page, /Closed by agent/);
    endedSession = new URL(page.url()).pathname;
    await SessionPage.openFromList(page, /With a person/);
    session = new URL(page.url()).pathname;
    await page.close();
  });

  const screens: [string, (page: Page) => Promise<unknown>][] = [
    ['queue', async (page) => see((await new QueuePage(page).open()).openRows('Please fill in everything.'))],
    [
      'queue-answered',
      async (page) => {
        await page.goto('/queue?view=answered');
        await see(new QueuePage(page).rows('Which cost center pays for it?'));
      },
    ],
    ...[...kinds.map(([kind]) => kind), 'answered', 'declined'].map(
      (kind): [string, (page: Page) => Promise<unknown>] => [`request-${kind}`, openRequest(kind)],
    ),
    [
      'request-errors',
      async (page) => {
        const request = await openForm(page);
        await request.form.getByLabel(/^Plain text/).fill('x');
        await request.form.getByLabel(/^Count/).fill('many');
        await request.button('Accept and send').click();
        await request.says('2 fields to fix');
      },
    ],
    [
      'request-decline',
      async (page) => {
        const request = await openForm(page);
        await request.declineButton.click();
        await see(request.article.getByRole('dialog', { name: 'Decline' }));
      },
    ],
    ['sessions', openTable('/sessions')],
    ['session', openSession(() => session)],
    [
      'session-raw',
      async (page) => {
        const shown = await openSession(() => session)(page);
        await shown.openRaw();
        await shown.messages.getByRole('button').first().click();
        await see(shown.details);
      },
    ],
    ['session-ended', openSession(() => endedSession)],
    [
      'end-dialog',
      async (page) => {
        await (await openSession(() => session)(page)).endButton.click();
        await see(page.getByRole('dialog').getByLabel(/^Reason/));
      },
    ],
    ['servers', openTable('/servers')],
    ['agents', openTable('/agents')],
    ['people', openTable('/people')],
    ['agents-dialog', openTable('/agents', 'New agent')],
    ['people-dialog', openTable('/people', 'Invite')],
    [
      'keys',
      async (page) => {
        await new QueuePage(page).open();
        await page.keyboard.press('?');
        await see(page.getByRole('dialog', { name: 'Keys' }));
      },
    ],
  ];

  test.each(screens)('%s', async (name, open) => expect(await looks.findingsOf(name, open, 'admin')).toEqual([]));

  test('the keyboard alone: j, k, Enter, g s, g q, / and Escape', async () => {
    const { page } = await stage.person('approver', { name: 'Kay Board' });
    const queue = await new QueuePage(page).open();
    await see(queue.openRows());
    const order = await queue.openRows().evaluateAll((rows) => rows.map((row) => row.getAttribute('href')));
    const isAt = (index: number): Promise<void> =>
      becomes(() => queue.list.locator('[aria-current="true"]').getAttribute('href'), order[index] ?? null);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await isAt(1);
    await page.keyboard.press('k');
    await isAt(0);
    const request = new RequestPage(page);
    await see(request.article.filter({ has: page.getByRole('heading', { name: 'Please fill in everything.' }) }));
    await page.keyboard.press('Enter');
    const first = request.form.getByLabel(/^Plain text/);
    await becomes(() => page.evaluate(() => document.activeElement?.id), (await first.getAttribute('id')) ?? '');
    await page.keyboard.type('j');
    await isAt(0);
    expect(await first.inputValue()).toContain('j');
    await first.evaluate((input) => input.blur());
    await page.keyboard.press('/');
    await page.keyboard.type('summary');
    await expect.poll(() => queue.openRows().count(), { timeout: patienceMs }).toBe(1);
    // The address has only just followed: what is emptied now is written to it a moment later, and must not call off
    // the way to another screen.
    await page.keyboard.type('y');
    await pressOnceAt(page, 'summaryy', ['Escape', 'g', 's']);
    await page.waitForURL('/sessions');
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.waitForURL('/queue');
    await page.keyboard.press('?');
    await see(page.getByRole('dialog', { name: 'Keys' }));
    await page.keyboard.press('Escape');
    await gone(page.getByRole('dialog', { name: 'Keys' }));
  });

  const administered = ['/servers', '/audit', '/overview', '/settings?tab=keeping'];
  test.each(['/queue', 'form', '/sessions', 'session', '/people', ...administered])(
    'Tab reaches everything on %s, and is seen',
    async (place) => {
      const { page } = await looks.deskFor('admin');
      await page.setViewportSize(desktop);
      const path = place === 'form' ? `/queue/${requests.get('form') ?? ''}` : place === 'session' ? session : place;
      await page.goto(path);
      await see(page.getByRole('heading', { level: 1 }).first());
      const { missed, unseen } = await walkByTab(page);
      expect(missed).toEqual([]);
      expect(unseen).toEqual([]);
    },
  );
});
