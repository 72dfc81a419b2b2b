import type { Locator, Page } from 'playwright-core';
import { see } from '@/tests/e2e/support/see';

/** One session: its verdict, its timeline, its events and messages, its end. */
export class SessionPage {
  constructor(readonly page: Page) {}

  /** Opens the newest session of the list whose row says this. */
  static async openFromList(page: Page, words: string | RegExp): Promise<SessionPage> {
    await page.goto('/sessions');
    await sessionRows(page).filter({ hasText: words }).first().getByRole('link').first().click();
    await page.waitForURL(/\/sessions\/ses_/);
    const session = new SessionPage(page);
    await see(session.events);
    return session;
  }

  get headline(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  get timeline(): Locator {
    return this.page.getByRole('region', { name: 'Timeline' });
  }

  /** A call's lane; its name says everything the lane shows. */
  lane(tool: string): Locator {
    return this.timeline.getByRole('button', { name: new RegExp(`^${tool},`) });
  }

  get events(): Locator {
    return this.page.getByRole('list', { name: 'Events, newest first' });
  }

  event(words: string | RegExp): Locator {
    return this.events.getByRole('button').filter({ hasText: words });
  }

  get messages(): Locator {
    return this.page.getByRole('list', { name: 'JSON-RPC messages, newest first' });
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: 'Details' });
  }

  async openRaw(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Raw JSON-RPC' }).click();
    await see(this.messages);
  }

  get endButton(): Locator {
    return this.page.getByRole('button', { name: 'End session' }).first();
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Each step of the ending as it was recorded: its words, without its time. */
  async proof(): Promise<readonly string[]> {
    const lines = await this.dialog.getByRole('listitem').locator('p:first-child').allInnerTexts();
    return lines;
  }
}

export function sessionRows(page: Page): Locator {
  return page
    .getByRole('region', { name: 'Sessions' })
    .getByRole('row')
    .filter({ has: page.getByRole('link') });
}
