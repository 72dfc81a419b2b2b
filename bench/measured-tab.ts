import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '@/tests/support/browser';
import { type LongTask, watchFrames, watchTasks } from './queue-probe';
import type { Seat } from './window';

export interface ScrollOrder {
  readonly px: number;
  readonly rounds: number;
  readonly pxPerSecond: number;
}

export interface PageMemory {
  readonly heapMib: number;
  readonly nodes: number;
}

/** Runs in the page before anything else of it, so it must not name anything outside itself. */
export type Watch = () => void;

/** Chromium with one signed-in person. */
export class SeatedBrowser {
  private constructor(
    private readonly browser: TestBrowser,
    private readonly seat: Seat,
  ) {}

  static async open(seat: Seat): Promise<SeatedBrowser> {
    return new SeatedBrowser(await startBrowser(), seat);
  }

  /** A tab with nothing in its cache. */
  async openTab(watches: readonly Watch[]): Promise<MeasuredTab> {
    const { origin, cookie } = this.seat;
    const context = await this.browser.openContext({ baseUrl: origin });
    const cookies = cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
    });
    await context.addCookies(cookies);
    for (const watch of [watchFrames, watchTasks, ...watches]) await context.addInitScript(watch);
    const page = await context.newPage();
    return new MeasuredTab(context, page, await context.newCDPSession(page));
  }

  stop(): Promise<void> {
    return this.browser.stop();
  }
}

/** What can be measured of any page. */
export class MeasuredTab {
  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly devtools: CDPSession,
  ) {}

  close(): Promise<void> {
    return this.context.close();
  }

  /** Down a list and up again, as a wheel does it; the milliseconds of each frame. */
  async scroll(selector: string, order: ScrollOrder): Promise<readonly number[]> {
    const at = await this.middleOf(selector);
    await this.takeFrames();
    for (let round = 0; round < order.rounds; round += 1) {
      for (const yDistance of [-order.px, order.px])
        await this.devtools.send('Input.synthesizeScrollGesture', {
          ...at,
          yDistance,
          speed: order.pxPerSecond,
          gestureSourceType: 'mouse',
          preventFling: true,
        });
    }
    return this.takeFrames();
  }

  async middleOf(selector: string): Promise<{ readonly x: number; readonly y: number }> {
    const box = await this.page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`There is no ${selector} on the page`);
    return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
  }

  /** The frames since they were taken last. */
  takeFrames(): Promise<readonly number[]> {
    return this.page.evaluate(() => window.benchFrames.splice(0));
  }

  now(): Promise<number> {
    return this.page.evaluate(() => performance.now());
  }

  /** Tasks of over 50 ms that began in this time. */
  async longTasks(fromAt: number, untilAt: number): Promise<readonly LongTask[]> {
    const tasks = await this.page.evaluate(() => window.benchTasks);
    return tasks.filter(({ startAt }) => startAt >= fromAt && startAt < untilAt);
  }

  /** After garbage was collected. */
  async memory(): Promise<PageMemory> {
    await this.devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.devtools.send('Runtime.getHeapUsage');
    const { nodes } = await this.devtools.send('Memory.getDOMCounters');
    return { heapMib: usedSize / 2 ** 20, nodes };
  }
}
