import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '@/tests/support/browser';
import { type LongTask, type Press, watchFirstRows, watchFrames, watchPresses, watchTasks } from './queue-probe';
import type { Seat } from './window';

const shownWithinMs = 10_000;
/** A first key may come before anything listens. */
const keyWithinMs = 200;
const list = '.q-scroll';

/** How a page came up, milliseconds since navigation began. */
export interface Opening {
  readonly firstRowsMs: number;
  /** Until `j` had moved the selection. */
  readonly interactiveMs: number;
}

export interface PageMemory {
  readonly heapMib: number;
  readonly nodes: number;
}

/** Chromium with one signed-in person. */
export class Desk {
  private constructor(
    private readonly browser: TestBrowser,
    private readonly seat: Seat,
  ) {}

  static async open(seat: Seat): Promise<Desk> {
    return new Desk(await startBrowser(), seat);
  }

  /** Opens the queue in a browser that has nothing in its cache. */
  async openQueue(rows: number): Promise<QueuePage> {
    const { origin, cookie } = this.seat;
    const context = await this.browser.openContext({ baseUrl: origin });
    const cookies = cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
    });
    await context.addCookies(cookies);
    for (const watch of [watchFrames, watchFirstRows, watchPresses, watchTasks]) await context.addInitScript(watch);
    return QueuePage.open(context, rows);
  }

  stop(): Promise<void> {
    return this.browser.stop();
  }
}

/** The page under test, and hands on its keyboard. */
export class QueuePage {
  private shown = 0;
  /** Which row is selected. */
  private at = 0;
  private ahead: 'j' | 'k' = 'j';

  private constructor(
    private readonly tab: { readonly context: BrowserContext; readonly page: Page; readonly devtools: CDPSession },
    readonly opening: Opening,
    private readonly rows: number,
  ) {}

  /** `rows`: how many the list will have. */
  static async open(context: BrowserContext, rows: number): Promise<QueuePage> {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto('/queue', { waitUntil: 'commit' });
    const firstRowsMs = await page.evaluate(() => window.benchFirstRows);
    let interactiveMs: number | null = null;
    for (const endAt = performance.now() + shownWithinMs; interactiveMs === null; ) {
      if (performance.now() > endAt) throw new Error('No key moved the selection');
      await page.keyboard.press('j');
      await arePresses(page, 1, keyWithinMs);
      interactiveMs = await page.evaluate(() => window.benchPresses.firstSelectedAt);
    }
    const opened = new QueuePage({ context, page, devtools }, { firstRowsMs, interactiveMs }, rows);
    await opened.wait(1);
    return opened;
  }

  close(): Promise<void> {
    return this.tab.context.close();
  }

  /**
   * Two steps on and one back, until the list ends, and then the other way; each key when the one before is shown, and
   * so long after that.
   */
  async press(times: number, betweenMs: number): Promise<readonly Press[]> {
    const before = this.shown;
    for (let turn = 0; turn < times; turn += 1) {
      if (this.at >= this.rows - 2) this.ahead = 'k';
      if (this.at <= 2) this.ahead = 'j';
      const key = (turn % 3 === 2) === (this.ahead === 'j') ? 'k' : 'j';
      this.at += key === 'j' ? 1 : -1;
      await this.tab.page.keyboard.press(key);
      await this.wait(this.shown + 1);
      await pause(betweenMs);
    }
    return this.tab.page.evaluate((from) => window.benchPresses.all.slice(from), before);
  }

  /** Down the list and up again, as a wheel does it; the milliseconds of each frame. */
  async scroll(order: {
    readonly px: number;
    readonly rounds: number;
    readonly pxPerSecond: number;
  }): Promise<readonly number[]> {
    const box = await this.tab.page.locator(list).boundingBox();
    if (box === null) throw new Error('There is no list to scroll');
    const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    await this.tab.page.evaluate(() => void window.benchFrames.splice(0));
    for (let round = 0; round < order.rounds; round += 1) {
      for (const yDistance of [-order.px, order.px])
        await this.tab.devtools.send('Input.synthesizeScrollGesture', {
          ...at,
          yDistance,
          speed: order.pxPerSecond,
          gestureSourceType: 'mouse',
          preventFling: true,
        });
    }
    return this.tab.page.evaluate(() => window.benchFrames.splice(0));
  }

  /** Until every page of the list was read; milliseconds. Ends at its top. */
  async readWhole(): Promise<number> {
    const ms = await this.tab.page.evaluate(async (selector) => {
      const list = document.querySelector<HTMLElement>(selector);
      if (list === null) throw new Error('There is no list');
      const beganAt = performance.now();
      while (document.querySelector('.q-foot') !== null) {
        list.scrollTop = list.scrollHeight;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now() - beganAt;
    }, list);
    await this.tab.page.evaluate((selector) => document.querySelector(selector)?.scrollTo({ top: 0 }), list);
    return ms;
  }

  /** Turns the wheel over the list, without waiting for what it does. */
  async wheel(px: number): Promise<void> {
    const box = await this.tab.page.locator(list).boundingBox();
    if (box === null) return;
    await this.tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.tab.page.mouse.wheel(0, px);
  }

  /** Takes the hands off: the list is at its top, and the pointer elsewhere. */
  async leave(): Promise<void> {
    await this.tab.page.mouse.move(2, 2);
    await this.tab.page.evaluate((selector) => {
      document.querySelector(selector)?.scrollTo({ top: 0 });
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }, list);
  }

  now(): Promise<number> {
    return this.tab.page.evaluate(() => performance.now());
  }

  /** Tasks of over 50 ms that began in this time. */
  async longTasks(fromAt: number, untilAt: number): Promise<readonly LongTask[]> {
    const tasks = await this.tab.page.evaluate(() => window.benchTasks);
    return tasks.filter(({ startAt }) => startAt >= fromAt && startAt < untilAt);
  }

  /** How many rows the list says it has, seen or not. */
  rowsRead(): Promise<number> {
    return this.tab.page.evaluate(() => Number(document.querySelector('.q-item')?.getAttribute('aria-setsize') ?? 0));
  }

  /** After garbage was collected. */
  async memory(): Promise<PageMemory> {
    await this.tab.devtools.send('Performance.enable');
    await this.tab.devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.tab.devtools.send('Performance.getMetrics');
    const valueOf = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    return { heapMib: valueOf('JSHeapUsedSize') / 2 ** 20, nodes: valueOf('Nodes') };
  }

  private async wait(presses: number): Promise<void> {
    const isShown = await arePresses(this.tab.page, presses, shownWithinMs);
    if (!isShown)
      throw new Error(`Press ${presses} was not shown within ${shownWithinMs / 1_000} s: ${await this.seen()}`);
    this.shown = presses;
  }

  /** What stands on the page, for who has to find out why it is not what was expected. */
  private seen(): Promise<string> {
    return this.tab.page.evaluate(() => {
      const row = document.querySelector('.q-row[aria-current="true"] .ask')?.textContent;
      return `${window.location.pathname}, row ${row}, head ${document.querySelector('.rq .r-title')?.textContent}`;
    });
  }
}

/** Whether so many presses are shown, once they are or it took too long. */
function arePresses(page: Page, count: number, withinMs: number): Promise<boolean> {
  return page.evaluate(
    ([wanted, patienceMs]) =>
      new Promise<boolean>((resolve) => {
        const endAt = performance.now() + patienceMs;
        const look = (): void => {
          const isShown = window.benchPresses.all.length >= wanted;
          if (isShown || performance.now() > endAt) resolve(isShown);
          else requestAnimationFrame(look);
        };
        look();
      }),
    [count, withinMs] as const,
  );
}
