import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '@/tests/support/browser';
import type { SessionId } from '@/lib/domain/ids';
import { type LongTask, watchFrames, watchTasks } from './queue-probe';
import { type SessionOpening, watchDelays, watchUseful } from './session-probe';
import type { Seat } from './window';

export interface ScrollOrder {
  readonly px: number;
  readonly rounds: number;
  readonly pxPerSecond: number;
}

export interface SessionMemory {
  readonly heapMib: number;
  readonly nodes: number;
}

const wholeWithinMs = 60_000;

/** Chromium with one signed-in person who looks at sessions. */
export class SessionBrowser {
  private constructor(
    private readonly browser: TestBrowser,
    private readonly seat: Seat,
  ) {}

  static async open(seat: Seat): Promise<SessionBrowser> {
    return new SessionBrowser(await startBrowser(), seat);
  }

  /** Opens a session in a browser that has nothing in its cache; `events`: how many it has, null where they grow. */
  async openSession(sessionId: SessionId, events: number | null): Promise<SessionPage> {
    const { origin, cookie } = this.seat;
    const context = await this.browser.openContext({ baseUrl: origin });
    const cookies = cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
    });
    await context.addCookies(cookies);
    for (const watch of [watchFrames, watchUseful, watchDelays, watchTasks]) await context.addInitScript(watch);
    return SessionPage.open(context, sessionId, events);
  }

  stop(): Promise<void> {
    return this.browser.stop();
  }
}

/** A session's page under test. */
export class SessionPage {
  private constructor(
    private readonly tab: { readonly context: BrowserContext; readonly page: Page; readonly devtools: CDPSession },
    readonly opening: SessionOpening,
  ) {}

  static async open(context: BrowserContext, sessionId: SessionId, events: number | null): Promise<SessionPage> {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto(`/sessions/${sessionId}`, { waitUntil: 'commit' });
    const usefulMs = await page.evaluate(() => window.benchUseful);
    const wholeMs = events === null ? usefulMs : await wholeAt(page, events);
    return new SessionPage({ context, page, devtools }, { usefulMs, wholeMs });
  }

  close(): Promise<void> {
    return this.tab.context.close();
  }

  /** Down a list and up again, as a wheel does it; the milliseconds of each frame. */
  async scroll(selector: string, order: ScrollOrder): Promise<readonly number[]> {
    const at = await this.middleOf(selector);
    await this.takeFrames();
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
    return this.takeFrames();
  }

  /** Closer and back out again by the wheel over the drawing; the milliseconds of each frame. */
  async zoom(turns: number): Promise<readonly number[]> {
    const { page } = this.tab;
    const at = await this.middleOf('.tl-body');
    await page.mouse.move(at.x, at.y);
    await this.takeFrames();
    await page.keyboard.down('Control');
    for (const px of [-120, 120]) for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, px);
    await page.keyboard.up('Control');
    return this.takeFrames();
  }

  /** From each of so many key presses, up and down the lanes, to the moment the page heard it. */
  async inputDelays(presses: number, betweenMs: number): Promise<readonly number[]> {
    const { page } = this.tab;
    await page.locator('.lane-name').first().focus();
    await page.evaluate(() => void window.benchDelays.splice(0));
    for (let press = 0; press < presses; press += 1) {
      await page.keyboard.press(press % 3 === 2 ? 'ArrowUp' : 'ArrowDown');
      await pause(betweenMs);
    }
    return page.evaluate(() => window.benchDelays.splice(0));
  }

  /** The messages of the session instead of its events; milliseconds from the click to the frame that shows them. */
  openRaw(): Promise<number> {
    return this.tab.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const look = (): void => {
            if (document.querySelector('.rw') === null) return void requestAnimationFrame(look);
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now() - clickedAt);
            channel.port2.postMessage(null);
          };
          const clickedAt = performance.now();
          document.querySelector<HTMLElement>('[data-tab="raw"]')?.click();
          look();
        }),
    );
  }

  /** All that is older, page by page as a person asks for it; how many messages the list has then. */
  async loadAllRaw(): Promise<number> {
    const { page } = this.tab;
    const older = page.getByRole('button', { name: 'Load older messages' });
    for (;;) {
      const had = await this.events();
      if ((await older.count()) === 0) return had;
      await older.click();
      await page.waitForFunction(
        (before) =>
          Number(document.querySelector('.s-events .vl-row')?.getAttribute('aria-setsize') ?? 0) > before ||
          document.querySelector('.s-events .vl-foot button') === null,
        had,
      );
    }
  }

  now(): Promise<number> {
    return this.tab.page.evaluate(() => performance.now());
  }

  /** Tasks of over 50 ms that began in this time. */
  async longTasks(fromAt: number, untilAt: number): Promise<readonly LongTask[]> {
    const tasks = await this.tab.page.evaluate(() => window.benchTasks);
    return tasks.filter(({ startAt }) => startAt >= fromAt && startAt < untilAt);
  }

  /** How many events, or messages, the list says it has, seen or not. */
  events(): Promise<number> {
    return eventsOn(this.tab.page);
  }

  /** After garbage was collected. */
  async memory(): Promise<SessionMemory> {
    const { devtools } = this.tab;
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes } = await devtools.send('Memory.getDOMCounters');
    return { heapMib: usedSize / 2 ** 20, nodes };
  }

  private takeFrames(): Promise<readonly number[]> {
    return this.tab.page.evaluate(() => window.benchFrames.splice(0));
  }

  private async middleOf(selector: string): Promise<{ readonly x: number; readonly y: number }> {
    const box = await this.tab.page.locator(selector).first().boundingBox();
    if (box === null) throw new Error(`There is no ${selector} on the page`);
    return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
  }
}

function eventsOn(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.querySelector('.s-events .vl-row')?.getAttribute('aria-setsize') ?? 0));
}

async function wholeAt(page: Page, events: number): Promise<number> {
  const at = await page.evaluate(
    ([wanted, patienceMs]) =>
      new Promise<number | null>((resolve) => {
        const endAt = performance.now() + patienceMs;
        const look = (): void => {
          const row = document.querySelector('.s-events .vl-row');
          if (Number(row?.getAttribute('aria-setsize') ?? 0) >= wanted) resolve(performance.now());
          else if (performance.now() > endAt) resolve(null);
          else requestAnimationFrame(look);
        };
        look();
      }),
    [events, wholeWithinMs] as const,
  );
  if (at === null)
    throw new Error(`Of ${events} events ${await eventsOn(page)} came within ${wholeWithinMs / 1_000} s`);
  return at;
}
