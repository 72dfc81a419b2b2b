import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { findChromium } from '@/scripts/support/chromium.mjs';
import { Arrivals } from './arrivals';
import { startBenched } from './benched';
import { type Holdpoint, type Home, startHoldpoint, startLife } from './holdpoint';
import { openSession } from './open-session';
import type { QueueAmount } from './options';
import { type CommandTimes, timeCommands, type TimedCommand } from './queue-commands';
import { type PageMemory, SeatedBrowser } from './measured-tab';
import { type Opening, QueuePage } from './queue-page';
import type { LongTask, Press } from './queue-probe';
import { TripNumbers } from './rounds';
import { quietRss } from './rss';
import type { RunOrder } from './run-order';
import { withStore } from './saved';
import { until } from './until';
import { OpenWindow } from './window';

/** What is measured of a queue of one length. */
export interface QueueSide {
  /** By the queue's own count. */
  readonly open: number;
  readonly portOpenMs: number;
  readonly rssMib: number;
  readonly commands: Readonly<Record<TimedCommand, CommandTimes>>;
  /** Null where there is no browser. */
  readonly browser: BrowserSide | null;
}

export interface BrowserSide {
  readonly openings: readonly Opening[];
  readonly presses: readonly Press[];
  readonly frames: readonly number[];
  /** Reading every page of the list, by scrolling to its end. */
  readonly readWholeMs: number;
  readonly rows: number;
  /** Once the whole list was read. */
  readonly wholePresses: readonly Press[];
  readonly wholeFrames: readonly number[];
  readonly arriving: Arriving;
  readonly memory: PageMemory;
}

/** While requests come in, the whole list read: someone scrolls and presses keys, then takes the hands off. */
export interface Arriving {
  readonly perSecond: number;
  /** By the queue's own count. */
  readonly arrived: number;
  readonly presses: readonly Press[];
  readonly tasks: readonly LongTask[];
  readonly leftAloneTasks: readonly LongTask[];
}

const sessionSize = 50;
const batchSize = 20;
const hourMs = 3_600_000;
/** Nothing runs out while it is measured. */
const soonestMs = 8 * 60_000;
const latestMs = 8 * hourMs;
const tellWithinMs = 180_000;
const quiet = { quietMs: 1_000, readings: 3 };

/** One length of the queue, in processes of its own. */
export async function measureSide(order: RunOrder, open: number): Promise<QueueSide> {
  const { benchFile, serverFile, folder, amount, onEnd } = order;
  const benched = await startBenched(benchFile, 'none');
  onEnd(() => benched.process.kill());
  const first = await startHoldpoint({
    serverFile,
    folder: path.join(folder, `queue-${open}`),
    mcpUrl: benched.mcpUrl,
    // The agents' calls wait for people before they are sent.
    rules: [{ decision: 'hold', server: 'bench' }],
  });
  onEnd(() => first.life.process.kill());
  await first.stop();
  await withStore(first.home.databaseUrl, async ({ store }) => {
    for (const batch of openBatches(open)) {
      const written = await store.commit(batch);
      if (!written.ok) throw new Error(written.message);
    }
  });
  await tellOfAll(first.home);
  const life = await startLife(first.home);
  onEnd(() => life.process.kill());
  const holdpoint = { ...first, life };
  const [rssKib = Number.NaN] = await quietRss([life.process.pid], quiet);
  const { open: counted, commands } = await timeCommands(holdpoint, amount.queue.commands);
  const browser = findChromium() === null ? null : await measureBrowser(order, holdpoint, open);
  await Promise.all([life.process.kill(), benched.process.kill()]);
  return { open: counted, portOpenMs: life.openAt - life.startedAt, rssMib: rssKib / 1_024, commands, browser };
}

/** The first life that knows them tells people of each; the one that is measured finds that done. */
async function tellOfAll(home: Home): Promise<void> {
  const life = await startLife(home);
  let untold = 0;
  await withStore(home.databaseUrl, ({ db }) =>
    until(
      async () => {
        const { rows } = await sql<{
          count: number;
        }>`select count(*) as count from hp_notice where state = 'pending'`.execute(db);
        untold = Number(rows[0]?.count);
        return untold === 0 ? true : null;
      },
      { words: () => `${untold} notices wait to be sent`, withinMs: tellWithinMs },
    ),
  );
  await life.process.stop();
}

/** Sessions that are live, with `open` requests among them, in transactions of some sessions each. */
function* openBatches(open: number): Generator<ReturnType<typeof openSession>[]> {
  const now = Date.now();
  const sessions = Math.ceil(open / sessionSize);
  // Spread over the hours, whatever session or kind: the step has no part in common with the count.
  const dueAt = (request: number): number => now + soonestMs + (((request * 7_919) % open) / open) * latestMs;
  for (let from = 0; from < sessions; from += batchSize) {
    const size = Math.min(batchSize, sessions - from);
    yield Array.from({ length: size }, (_, index) => {
      const number = from + index;
      return openSession({
        number,
        requests: Math.min(sessionSize, open - number * sessionSize),
        startedAt: now - hourMs,
        dueAt: (request) => dueAt(number * sessionSize + request),
      });
    });
  }
}

async function measureBrowser({ amount, onEnd }: RunOrder, holdpoint: Holdpoint, open: number): Promise<BrowserSide> {
  const work = amount.queue;
  const chromium = await SeatedBrowser.open(holdpoint);
  onEnd(() => chromium.stop());
  const openings: Opening[] = [];
  let page = await QueuePage.open(chromium, open);
  // The server's first page is not the one that is measured.
  for (let opening = 0; opening < work.openings; opening += 1) {
    await page.tab.close();
    page = await QueuePage.open(chromium, open);
    openings.push(page.opening);
  }
  const presses = await page.press(work.presses, work.betweenPressesMs);
  const frames = await page.scroll(work.scroll);
  const readWholeMs = await page.readWhole();
  const rows = await page.rowsRead();
  const wholePresses = await page.press(work.wholePresses, work.betweenPressesMs);
  const wholeFrames = await page.scroll(work.scroll);
  const arriving = await measureArriving(page, holdpoint, work);
  const memory = await page.tab.memory();
  await page.tab.close();
  await chromium.stop();
  return { openings, presses, frames, readWholeMs, rows, wholePresses, wholeFrames, arriving, memory };
}

async function measureArriving(page: QueuePage, holdpoint: Holdpoint, work: QueueAmount): Promise<Arriving> {
  const { home } = holdpoint;
  const { arrivalsPerSecond: perSecond, arrivingMs, leftAloneMs } = work;
  const place = { url: `${home.origin}/mcp`, tool: 'bench__ask', apiKey: home.apiKey, answer: null };
  const calls = Math.ceil(((arrivingMs + leftAloneMs) / 1_000) * perSecond);
  const arrivals = await Arrivals.ready(place, calls, new TripNumbers());
  // Opened before: a server that is behind with calls may be slow to let someone in.
  const window = await OpenWindow.open(holdpoint);
  const before = await openNow(window);
  const fromAt = await page.tab.now();
  arrivals.start(perSecond);
  const presses: Press[] = [];
  for (const endAt = performance.now() + arrivingMs; performance.now() < endAt; ) {
    presses.push(...(await page.press(3, work.betweenPressesMs)));
    for (const px of [300, 300, 300, -500]) {
      await page.wheel(px);
      await pause(work.betweenPressesMs);
    }
  }
  const leftAt = await page.tab.now();
  await page.leave();
  await pause(leftAloneMs);
  await arrivals.stop();
  const untilAt = await page.tab.now();
  const arrived = (await openNow(window)) - before;
  window.close();
  const tasks = await page.tab.longTasks(fromAt, leftAt);
  const leftAloneTasks = await page.tab.longTasks(leftAt, untilAt);
  await arrivals.drop();
  return { perSecond: arrived / ((untilAt - fromAt) / 1_000), arrived, presses, tasks, leftAloneTasks };
}

async function openNow(window: OpenWindow): Promise<number> {
  return (await window.say({ type: 'queue.counts' })).open;
}
