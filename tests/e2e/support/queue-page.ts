import type { Locator, Page } from 'playwright-core';
import { RequestPage } from '@/tests/e2e/support/request-page';
import { becomes, see } from '@/tests/e2e/support/see';

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

  /** One of the views, by its name beside the list. */
  async view(name: string): Promise<void> {
    await this.viewLink(name).click();
    await see(this.list.getByRole('heading', { level: 1, name }));
  }

  viewLink(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name });
  }

  /** How many a view holds, as it says beside its name. */
  async countOf(name: string): Promise<number> {
    const words = await this.viewLink(name).innerText();
    return Number(/\d+/.exec(words.replaceAll(',', ''))?.[0] ?? 0);
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

  /** Waits until so many open rows say this, letting in what waits behind the chip. */
  async showAll(words: string | RegExp, count: number): Promise<void> {
    const shown = async (): Promise<number> => {
      if (await this.newOnes.isVisible()) await this.newOnes.click({ timeout: 1_000 }).catch(() => undefined);
      return this.openRows(words).count();
    };
    await becomes(shown, count);
  }

  /** Selects the request whose title ends so. */
  async pick(words: string): Promise<void> {
    await this.list.getByRole('checkbox', { name: new RegExp(`^Select: .*${words}$`) }).check();
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
