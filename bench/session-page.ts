import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { SessionId } from '@/lib/domain/ids';
import type { MeasuredTab, SeatedBrowser } from './measured-tab';
import { type SessionOpening, watchDelays, watchUseful } from './session-probe';

const wholeWithinMs = 60_000;

/** A session's page under test. */
export class SessionPage {
  private constructor(
    readonly tab: MeasuredTab,
    readonly opening: SessionOpening,
  ) {}

  /** `events`: how many it has, null where they grow. */
  static async open(browser: SeatedBrowser, sessionId: SessionId, events: number | null): Promise<SessionPage> {
    const tab = await browser.openTab([watchUseful, watchDelays]);
    const { page } = tab;
    await page.goto(`/sessions/${sessionId}`, { waitUntil: 'commit' });
    const usefulMs = await page.evaluate(() => window.benchUseful);
    const wholeMs = events === null ? usefulMs : await wholeAt(page, events);
    return new SessionPage(tab, { usefulMs, wholeMs });
  }

  /** Closer and back out again by the wheel over the drawing; the milliseconds of each frame. */
  async zoom(turns: number): Promise<readonly number[]> {
    const { page } = this.tab;
    const at = await this.tab.middleOf('.tl-body');
    await page.mouse.move(at.x, at.y);
    await this.tab.takeFrames();
    await page.keyboard.down('Control');
    for (const px of [-120, 120]) for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, px);
    await page.keyboard.up('Control');
    return this.tab.takeFrames();
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

  /** How many events, or messages, the list says it has, seen or not. */
  events(): Promise<number> {
    return eventsOn(this.tab.page);
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
