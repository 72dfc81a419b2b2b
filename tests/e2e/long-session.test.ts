import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { longSession } from '@/bench/long-session';
import { withStore } from '@/bench/saved';
import { clockTimeMs } from '@/lib/domain/timeline/time-words';
import { overflowsSideways } from '@/tests/e2e/support/axe';
import { becomes, gone, says, see } from '@/tests/e2e/support/see';
import { SessionPage, sessionRows } from '@/tests/e2e/support/session-page';
import { setStage, type Stage } from '@/tests/e2e/support/stage';
import { phone } from '@/tests/support/browser';

const size = 20_000;
const long = longSession({ events: size, startedAt: Date.UTC(2026, 10, 20, 14, 0, 0) });
const address = `/sessions/${long.sessionId}`;

let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-e2e-long-'));
  const databaseUrl = `sqlite:${path.join(folder, 'holdpoint.db')}`;
  stage = await setStage({ env: { DATABASE_URL: databaseUrl, TZ: 'UTC' } });
  await withStore(databaseUrl, async ({ store }) => {
    const written = await store.commit([long]);
    if (!written.ok) throw new Error(written.message);
  });
});

afterEach((context) => stage.check(context));
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Holds back what is asked for of the earlier part, as a slow line would for long. */
async function withoutOlder(page: Page): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const text = String(message);
      if (!(text.includes('"session.page"') && text.includes('"before"'))) server.send(message);
    });
  });
}

function eventAt(seq: number): (typeof long.events)[number] {
  const event = long.events[seq - 1];
  if (event === undefined) throw new Error(`There is no event ${seq}.`);
  return event;
}

async function opened(query: string, look: 'slow' | 'fast'): Promise<{ page: Page; session: SessionPage }> {
  const { page } = await stage.person('observer');
  if (look === 'slow') await withoutOlder(page);
  await page.goto(`${address}${query}`);
  const session = new SessionPage(page);
  await see(session.events);
  return { page, session };
}

test('a link to an event opens there, selected, before the part it lies in is read with the rest', async () => {
  const { page, session } = await opened('#5003', 'slow');
  await see(session.details.getByText('Event 5003'));
  await see(session.event(/./).and(page.locator('[aria-pressed="true"]')).filter({ hasText: '5003' }));
  await see(page.locator('.lane .marked').first());
  expect(new URL(page.url()).hash).toBe('#5003');
  await says(session.events, /more events are being loaded/);
  await page.context().close();
});

test('a linked event stays where it is read while all that is newer and older comes in', async () => {
  const { page, session } = await opened('#5003', 'fast');
  await becomes(() => session.events.getByRole('listitem').nth(1).getAttribute('aria-setsize'), String(size));
  const chosen = session.events.locator('[aria-pressed="true"]');
  await see(chosen);
  const [row, list] = await Promise.all([chosen.boundingBox(), session.events.boundingBox()]);
  expect((row?.y ?? 0) - (list?.y ?? 0)).toBeGreaterThan(0);
  expect((row?.y ?? 0) - (list?.y ?? 0)).toBeLessThan(list?.height ?? 0);
  // And its lane, though servers change places while their first calls come in.
  const [mark, lanes] = await Promise.all([
    page.locator('.lane .marked').first().boundingBox(),
    page.locator('.tl-body').boundingBox(),
  ]);
  expect((mark?.y ?? 0) - (lanes?.y ?? 0)).toBeGreaterThanOrEqual(0);
  expect((mark?.y ?? 0) - (lanes?.y ?? 0)).toBeLessThan(lanes?.height ?? 0);
  await page.context().close();
});

test('a link to an instant opens at it, and a time goes to it by keyboard; the address can be shared', async () => {
  const { at } = eventAt(7_001);
  const { page, session } = await opened(`?at=${new Date(at).toISOString()}`, 'slow');
  await see(session.details.getByText('Event 7001'));
  await becomes(() => new URL(page.url()).hash, '#7001');
  expect(new URL(page.url()).searchParams.get('at')).toBe(new Date(at).toISOString());
  const target = eventAt(12_345);
  await session.events.click({ position: { x: 5, y: 5 } });
  await page.locator('h1').click();
  await page.keyboard.press('t');
  await page.keyboard.type(clockTimeMs(target.at).slice(0, 12));
  await page.keyboard.press('Enter');
  await see(session.details.getByText('Event 12345'));
  const { page: other, session: same } = await opened(page.url().slice(page.url().indexOf('?')), 'slow');
  await see(same.details.getByText('Event 12345'));
  await other.context().close();
  await page.getByLabel('Go to a time').fill('25:00');
  await page.keyboard.press('Enter');
  await see(page.getByRole('alert').filter({ hasText: 'Write a time such as 14:36' }));
  await page.context().close();
});

test('a search finds what is not loaded: the server searches; kind and text stay in the address', async () => {
  const { page, session } = await opened('', 'slow');
  expect(await session.event('Read 17 rows of').count()).toBe(0);
  await page.getByLabel('Search events').fill('Read 17 rows of');
  await see(session.event('Read 17 rows of'));
  await says(session.events, /1 of all events match/);
  await page.getByRole('button', { name: /^Filter by kind/ }).click();
  await page.getByRole('menuitemradio', { name: 'Logs' }).click();
  await becomes(() => new URL(page.url()).search, '?kind=logs&find=Read+17+rows+of');
  await page.getByLabel('Search events').fill('no such words anywhere');
  await see(page.getByText('None of 20,000 events matches.'));
  await page.context().close();
});

test('all of it comes in from the newest to the first; lanes are walked by keys with exact values said', async () => {
  const { page, session } = await opened('', 'fast');
  await becomes(() => session.events.getByRole('listitem').nth(1).getAttribute('aria-setsize'), String(size));
  await see(page.getByRole('tab', { name: /^Events 20,000/ }));
  const lanes = await page.locator('.lane').count();
  expect(lanes).toBeLessThan(80);
  const lane = page.locator('[data-lane]:not([tabindex="-1"])');
  await lane.focus();
  const first = await lane.getAttribute('data-lane');
  await page.keyboard.press('ArrowDown');
  await becomes(async () => (await page.locator('[data-lane]:focus').getAttribute('data-lane')) !== first, true);
  await page.keyboard.press('Home');
  const said = page.locator('.tl-wrap [role="status"]');
  await says(said, /^Event \d+, \d\d:\d\d:\d\d\.\d{3}: Call received/);
  await page.keyboard.press('ArrowRight');
  await says(said, /Allowed/);
  await page.keyboard.press('Enter');
  await see(session.details.getByText('call.allowed'));
  await page.context().close();
});

test('the keyboard alone: from the list into a session, from event to event, into the search and out of the details', async () => {
  const { page } = await stage.person('observer');
  await page.goto('/sessions');
  await see(sessionRows(page).first());
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const session = new SessionPage(page);
  await see(session.events);
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await see(session.details.getByText(`Event ${size}`));
  await page.keyboard.press('j');
  await see(session.details.getByText(`Event ${size - 1}`));
  await page.keyboard.press('k');
  await see(session.details.getByText(`Event ${size}`));
  await page.keyboard.press('k');
  await see(session.details.getByText(`Event ${size}`));
  await page.keyboard.press('Escape');
  await gone(session.details);
  await page.keyboard.press('/');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search events');
  await page.context().close();
});

test('a retry leads to what it repeats', async () => {
  const again = long.events.findLast(
    (event, index) => event.type === 'call.sent' && long.events[index - 1]?.type === 'connection.ready',
  );
  if (again === undefined) throw new Error('Nothing was sent again.');
  const { page, session } = await opened(`#${again.seq}`, 'fast');
  await see(session.details.getByText('Call sent again, run 2'));
  await session.details.getByRole('button', { name: /^What it repeats: event/ }).click();
  await see(session.details.getByText('Call sent', { exact: true }));
  expect(Number(new URL(page.url()).hash.slice(1))).toBeLessThan(again.seq);
  await page.context().close();
});

test('the report is saved in both kinds, and opens as a page that runs nothing', async () => {
  const { page } = await opened('', 'fast');
  for (const [entry, end] of [
    [/Save as JSON lines/, 'jsonl'],
    [/Save as a page/, 'html'],
  ] as const) {
    await page.getByRole('button', { name: 'Report' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: entry }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(`holdpoint-${long.sessionId}.${end}`);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.match(end === 'jsonl' ? /^\{"sessionId"/gm : /<tr id="e/g)).toHaveLength(size);
  }
  await page.getByRole('button', { name: 'Report' }).click();
  const popup = page.context().waitForEvent('page');
  await page.getByRole('menuitem', { name: /Open to print/ }).click();
  const report = await popup;
  await report.waitForLoadState();
  await see(report.getByRole('heading', { name: /^Ended/ }));
  expect(await report.locator('tr[id^="e"]').count()).toBe(size);
  // No time and no name falls apart into letters where there is little room.
  await report.setViewportSize(phone);
  for (const cell of [report.locator('.calls .at'), report.locator('.calls td').first(), report.locator('.events .at')])
    expect((await cell.first().boundingBox())?.height).toBeLessThan(60);
  expect((await report.locator('.events .at').first().boundingBox())?.width).toBeGreaterThan(70);
  expect(await overflowsSideways(report)).toBe(false);
  await page.context().close();
});
