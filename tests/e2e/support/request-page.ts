import type { Locator, Page } from 'playwright-core';
import { becomes, gone, see } from '@/tests/e2e/support/see';

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

  /** What may be grave takes two presses; one too soon counts as the first one bouncing, and a person presses again. */
  async commitInTwo(first: string, second: string): Promise<void> {
    await this.button(first).click();
    // Where it was opened only just now, it is asked once more.
    const armed = this.button(second).or(this.button(second.replace(/\?$/, ' anyway')));
    await see(armed);
    const pressed = async (): Promise<number> => {
      if ((await armed.count()) > 0)
        await armed
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      return armed.count();
    };
    await becomes(pressed, 0);
  }

  /** Approves as someone does who has read it. */
  async approve(): Promise<void> {
    await this.commitInTwo('Accept', 'Approve?');
  }

  /** How far an approval by several people is, and who said what. */
  get approvals(): Locator {
    return this.pane.getByRole('region', { name: 'Approvals' });
  }

  get arguments(): Locator {
    return this.article.getByRole('region', { name: 'Arguments' });
  }

  /** What people changed of the arguments. */
  get edited(): Locator {
    return this.article.getByRole('region', { name: 'What was edited' });
  }

  get editor(): Locator {
    return this.article.getByRole('region', { name: 'Edit arguments' });
  }

  async edit(): Promise<Locator> {
    await this.button('Edit').click();
    await see(this.editor);
    return this.editor;
  }

  /** What stands beside the buttons. */
  get beside(): Locator {
    return this.article.locator('footer[aria-label="Answer"] .beside');
  }

  /** Who else is here, in words. */
  get presence(): Locator {
    return this.article.locator('.presence-words');
  }

  async handOver(to: string): Promise<void> {
    await this.article.getByRole('button', { name: 'More' }).click();
    await this.page.getByRole('menuitem', { name: /^Hand over/ }).click();
    const box = this.page.getByRole('dialog', { name: 'Hand over' });
    await box.getByRole('option', { name: to }).click();
    await gone(box);
  }

  /** The ways on from a call whose outcome is not known. */
  choice(name: string): Locator {
    return this.article.getByRole('radio', { name: new RegExp(`^${name}`) });
  }

  /** All that is known of such a call, without the times. */
  async known(): Promise<readonly string[]> {
    const facts = this.article.getByRole('region', { name: 'What is known' }).getByRole('listitem');
    return facts.locator('span:first-of-type').allInnerTexts();
  }

  /** The clock and whose limit it is. */
  get deadline(): Locator {
    return this.article.getByRole('group', { name: 'Deadline' });
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
