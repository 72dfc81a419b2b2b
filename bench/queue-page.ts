import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { MeasuredTab, ScrollOrder, SeatedBrowser } from './measured-tab';
import { type Press, watchFirstRows, watchPresses } from './queue-probe';

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

/** The page under test, and hands on its keyboard. */
export class QueuePage {
  private shown = 0;
  /** Which row is selected. */
  private at = 0;
  private ahead: 'j' | 'k' = 'j';

  private constructor(
    readonly tab: MeasuredTab,
    readonly opening: Opening,
    private readonly rows: number,
  ) {}

  /** `rows`: how many the list will have. */
  static async open(browser: SeatedBrowser, rows: number): Promise<QueuePage> {
    const tab = await browser.openTab([watchFirstRows, watchPresses]);
    const { page } = tab;
    await page.goto('/queue', { waitUntil: 'commit' });
    const firstRowsMs = await page.evaluate(() => window.benchFirstRows);
    let interactiveMs: number | null = null;
    for (const endAt = performance.now() + shownWithinMs; interactiveMs === null; ) {
      if (performance.now() > endAt) throw new Error('No key moved the selection');
      await page.keyboard.press('j');
      await arePresses(page, 1, keyWithinMs);
      interactiveMs = await page.evaluate(() => window.benchPresses.firstSelectedAt);
    }
    const opened = new QueuePage(tab, { firstRowsMs, interactiveMs }, rows);
    await opened.wait(1);
    return opened;
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

  /** The milliseconds of each frame meanwhile. */
  scroll(order: ScrollOrder): Promise<readonly number[]> {
    return this.tab.scroll(list, order);
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

  /** How many rows the list says it has, seen or not. */
  rowsRead(): Promise<number> {
    return this.tab.page.evaluate(() => Number(document.querySelector('.q-item')?.getAttribute('aria-setsize') ?? 0));
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
