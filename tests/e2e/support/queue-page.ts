import type { Locator, Page } from 'playwright-core';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { see } from '@/tests/e2e/support/see';

/** How a row says that its request is over; it stays where it is as long as someone is at the list. */
const over = /accepted|declined|dismissed|no one answered|withdrawn|did not arrive/;

/** The queue as a person uses it. */
export class QueuePage {
  constructor(readonly page: Page) {}

  async open(): Promise<this> {
    await this.page.goto('/queue');
    await see(this.list);
    return this;
  }

  get list(): Locator {
    return this.page.getByRole('region', { name: 'Requests' });
  }

  /** Every request of the list, or those whose row says this. */
  rows(words?: string | RegExp): Locator {
    const rows = this.list.getByRole('region').getByRole('link');
    return words === undefined ? rows : rows.filter({ hasText: words });
  }

  openRows(words?: string | RegExp): Locator {
    return this.rows(words).filter({ hasNotText: over });
  }

  /** Rows never move under a pointer: what came meanwhile waits behind this. */
  get newOnes(): Locator {
    return this.list.getByRole('button', { name: /^\d+ (new|ending soon)$/ });
  }

  /** Opens the first open request whose row says this, once it is there. */
  async openRequest(words: string | RegExp): Promise<RequestPage> {
    const row = this.openRows(words).first();
    while (!(await row.isVisible())) {
      await see(row.or(this.newOnes));
      // It may go by itself between the look and the click.
      if (await this.newOnes.isVisible()) await this.newOnes.click({ timeout: 1_000 }).catch(() => undefined);
    }
    await row.click();
    const request = new RequestPage(this.page);
    await see(request.article.filter({ has: this.page.getByRole('heading', { level: 1, name: words }) }));
    return request;
  }

  /** The receipt of the person's last answer, under the list. */
  get lastAnswer(): Locator {
    return this.list.getByLabel('Your last answer');
  }
}
