import type { Locator, Page } from 'playwright-core';
import { becomes, see } from '@/tests/e2e/support/see';

/** One open request: its words, its form, its answer bar. */
export class RequestPage {
  constructor(readonly page: Page) {}

  get pane(): Locator {
    return this.page.getByRole('region', { name: 'Request', exact: true });
  }

  get article(): Locator {
    return this.pane.getByRole('article').first();
  }

  get title(): Locator {
    return this.article.getByRole('heading', { level: 1 });
  }

  get form(): Locator {
    return this.article.getByRole('form', { name: 'Answer' });
  }

  get declineButton(): Locator {
    return this.article.getByRole('button', { name: 'Decline' }).first();
  }

  get claimButton(): Locator {
    return this.article.getByRole('button', { name: 'Claim' });
  }

  button(name: string): Locator {
    return this.article.getByRole('button', { name, exact: true });
  }

  async decline(reason: string): Promise<void> {
    await this.declineButton.click();
    const box = this.article.getByRole('dialog', { name: 'Decline' });
    await box.getByLabel('Why do you decline?').fill(reason);
    await box.getByRole('button', { name: 'Decline' }).click();
  }

  /** Neither accepted nor declined. */
  async dismiss(): Promise<void> {
    await this.article.getByRole('button', { name: 'More' }).click();
    await this.page.getByRole('menuitem', { name: /^Dismiss without an answer/ }).click();
  }

  /** The stages of the receipt with what is said of each, such as `tool moved on, waiting`. */
  receipt(): Promise<readonly string[]> {
    return this.article.getByRole('list', { name: 'Receipt' }).getByRole('listitem').allTextContents();
  }

  async receiptBecomes(stages: readonly string[]): Promise<void> {
    await becomes(() => this.receipt(), stages);
  }

  async says(words: string | RegExp): Promise<void> {
    await see(this.article.getByText(words));
  }
}

export const arrived: readonly string[] = ['saved', 'sent', 'accepted', 'tool moved on'];
