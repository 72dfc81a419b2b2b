import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Agent } from '@/tests/e2e/support/agent';
import { addRules, deskOf, holdRule, makeTeams, teamId } from '@/tests/e2e/support/desk-people';
import { graveFindings } from '@/tests/e2e/support/axe';
import { Looks } from '@/tests/e2e/support/looks';
import { QueuePage } from '@/tests/e2e/support/queue-page';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { takeShot } from '@/tests/e2e/support/shots';
import { cutOff, setStage, type Stage } from '@/tests/e2e/support/stage';
import { desktop, phone } from '@/tests/support/browser';

let stage: Stage;
let looks: Looks;
let agent: Agent;

beforeAll(async () => {
  // The last test stops the server.
  stage = await setStage({ expectedInConsole: cutOff });
  looks = new Looks(stage);
  await makeTeams(stage, { Payments: ['Ana Ruiz'], Platform: ['Ben Okoro'] });
  await addRules(
    stage,
    holdRule('payments', 'tool.name == "write" && args.note.startsWith("pay")', { team: teamId('Payments') }),
  );
  agent = await stage.agent({ name: 'release-agent' });
});

afterEach((context) => stage.check(context));
afterAll(() => stage.close());

/** What is grave in a state, which a picture is taken of. */
async function graveIn(page: Page, name: string): Promise<readonly string[]> {
  await takeShot(page, name);
  return graveFindings(page, 'everything');
}

const found = (page: Page): QueuePage => new QueuePage(page);
const opened = async (page: Page, href: string): Promise<QueuePage> => {
  await page.goto(href);
  const queue = found(page);
  await see(queue.list);
  return queue;
};

test('whoever asks for the icon gets it, signed in or not', async () => {
  const { status, headers } = await fetch(new URL('/favicon.ico', stage.product.baseUrl), { redirect: 'manual' });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^image\//);
});

test('nothing waits: each view says so in words of its own', async () => {
  for (const [view, words] of [
    ['', 'Nothing waits for anyone'],
    ['?view=mine', 'Nothing waits for you'],
    ['?view=answered', 'Nothing has been answered yet'],
  ] as const) {
    const open = async (page: Page): Promise<void> => says((await opened(page, `/queue${view}`)).list, words);
    expect(await looks.findingsOf(`queue-empty${view.replace('?view=', '-')}`, open, 'admin')).toEqual([]);
  }
});

test('every kind in its group, and filtered to nothing', async () => {
  agent.call('kitchen__ask_simple');
  agent.call('kitchen__ask_url');
  agent.call('kitchen__sample');
  for (const note of ['drop index', 'drop table', 'drop view']) agent.call('kitchen__write', { note, region: 'eu' });
  const open = async (page: Page): Promise<void> => (await opened(page, '/queue')).showAll(/./, 6);
  expect(await looks.findingsOf('queue-list', open, 'admin')).toEqual([]);

  const nothing = async (page: Page): Promise<void> =>
    says((await opened(page, '/queue?q=nothing-says-this&risk=destructive')).list, /Clear|everything/);
  expect(await looks.findingsOf('queue-filtered-to-nothing', nothing, 'admin')).toEqual([]);
});

test('a search that fails says so, and is tried again', async () => {
  const { page } = await stage.person('approver', { name: 'Dora Lind' });
  let trouble: 'on' | 'off' = 'on';
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const [, id] = /^42(\d+)/.exec(String(message)) ?? [];
      if (trouble === 'off' || id === undefined || !String(message).includes('"text":"index"'))
        return server.send(message);
      const reply = { ok: false, code: 'cannot_save', message: 'The database cannot be read at the moment.' };
      socket.send(`43${id}[${JSON.stringify(reply)}]`);
    });
  });
  const queue = await opened(page, '/queue?q=index');
  await says(queue.list, 'The database cannot be read at the moment.');
  // What is not known is not said to be nothing.
  expect(await page.getByText('Nothing to decide').count()).toBe(0);
  expect(await graveIn(page, 'queue-search-failed')).toEqual([]);
  trouble = 'off';
  await queue.list.getByRole('button', { name: /again/i }).click();
  await queue.showAll('drop index', 1);
});

test('a view is saved, found beside the list, renamed and deleted', async () => {
  const queue = await deskOf(stage, 'Ana Ruiz');
  const { page } = queue;
  await page.goto('/queue?kind=approval&risk=destructive,writes');
  await queue.list.getByRole('button', { name: /Save/ }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Approvals that write');
  expect(await graveIn(page, 'queue-view-saving')).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const link = queue.viewLink('Approvals that write');
  await see(link);
  await becomes(() => link.getAttribute('aria-current'), 'page');
  expect(await graveIn(page, 'queue-view-saved')).toEqual([]);
  await page.reload();
  await see(link);
  await page.goto('/queue');
  await link.click();
  await becomes(() => new URL(page.url()).search, '?kind=approval&risk=destructive,writes');
  const menu = page.getByRole('button', { name: /Approvals that write/ });
  await menu.first().click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Writes');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Save|Rename/ })
    .click();
  await see(queue.viewLink('Writes'));
  await page
    .getByRole('button', { name: /Writes/ })
    .first()
    .click();
  expect(await graveIn(page, 'queue-view-menu')).toEqual([]);
  await page.getByRole('menuitem', { name: /Delete|Remove/ }).click();
  await gone(queue.viewLink('Writes'));
});

test('the palette finds by words and by id, what is over as well', async () => {
  const queue = await deskOf(stage, 'Ana Ruiz');
  const { page } = queue;
  agent.call('kitchen__write', { note: 'long over', region: 'eu' });
  await (await queue.openRequest('long over')).decline('Not today');
  await gone(queue.openRows('long over'));
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  for (const words of ['over', id]) {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search and go to' });
    await palette.getByRole('combobox').fill(words);
    await see(palette.getByRole('group', { name: 'Requests' }).getByRole('option', { name: /long over/ }));
    expect(await graveIn(page, `queue-palette-${words === id ? 'id' : 'words'}`)).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

test('on a phone selecting begins in the menu, and a touch then selects', async () => {
  const { page } = await stage.person('approver', { name: 'Ana Ruiz', viewport: phone });
  const queue = await opened(page, '/queue');
  await queue.showAll('drop', 3);
  await queue.list.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('menuitem', { name: 'Select several' }).click();
  await says(queue.list, 'Touch requests to select them');
  expect(await graveIn(page, 'queue-phone-selecting')).toEqual([]);
  for (const words of ['drop index', 'drop view']) await queue.openRows(words).click();
  await see(queue.list.getByRole('button', { name: 'Answer 2 together' }));
  expect(new URL(page.url()).pathname).toBe('/queue');
  expect(await graveIn(page, 'queue-phone-selected')).toEqual([]);
  await queue.list.getByRole('button', { name: 'Answer 2 together' }).click();
  await see(page.getByRole('dialog', { name: 'Answer 2 together' }));
  expect(await graveIn(page, 'queue-phone-compare')).toEqual([]);
});

test('new ones wait behind the chip; back, forward and reload keep the look', async () => {
  const queue = await deskOf(stage, 'Ana Ruiz');
  const { page } = queue;
  await page.goto('/queue?kind=approval&order=opened');
  await queue.showAll('drop', 3);
  await queue.rows('drop table').hover();
  for (const note of ['new one', 'new two', 'new three']) agent.call('kitchen__write', { note });
  await says(queue.newOnes, /^3 new/);
  expect(await graveIn(page, 'queue-new-chip')).toEqual([]);
  await queue.rows('drop table').click();
  await see(new RequestPage(page).article.filter({ hasText: 'drop table' }));
  await page.reload();
  await see(new RequestPage(page).article.filter({ hasText: 'drop table' }));
  expect(new URL(page.url()).search).toBe('?kind=approval&order=opened');
  await page.goBack();
  await becomes(() => new URL(page.url()).pathname, '/queue');
  expect(new URL(page.url()).search).toBe('?kind=approval&order=opened');
  await page.goForward();
  await see(new RequestPage(page).article.filter({ hasText: 'drop table' }));
});

test('a request that was handed to others is gone in words, not in silence', async () => {
  const queue = await deskOf(stage, 'Ana Ruiz');
  const { page } = queue;
  agent.call('kitchen__write', { note: 'pay the invoice' });
  await queue.openRequest('pay the invoice');
  const admin = await stage.product.connect('admin');
  const people = await admin.say({ type: 'people.list' });
  if (!people.ok) throw new Error(people.message);
  await admin.say({ type: 'teams.set_members', teamId: teamId('Payments'), members: [] });
  await says(page.locator('.q-detail'), 'This request went to others');
  await becomes(() => queue.rows('pay the invoice').count(), 0);
  expect(await graveIn(page, 'queue-gone')).toEqual([]);
});

test('without a line the list stays, and says since when', async () => {
  const { page } = await stage.person('approver', { name: 'Ben Okoro' });
  const queue = await opened(page, '/queue');
  await queue.showAll('drop', 3);
  await stage.product.stop();
  await says(page.locator('.main'), /offline|connection|reach/i);
  await see(queue.rows('drop index'));
  for (const size of [desktop, phone]) {
    await page.setViewportSize(size);
    expect(await graveIn(page, `queue-offline-${size.width}`)).toEqual([]);
  }
  expect(await queue.rows().count()).toBeGreaterThan(3);
  await stage.product.start();
});
