import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { gone, see } from '@/tests/e2e/support/see';

export interface RuleWords {
  readonly name: string;
  readonly condition: string;
  readonly decision: 'Allow' | 'Hold' | 'Deny';
  readonly reason: string;
}

/** The rules as an admin edits them. */
export class RulesPage {
  constructor(readonly page: Page) {}

  async open(): Promise<this> {
    await this.page.goto('/rules');
    await see(this.page.getByRole('button', { name: 'New rule' }));
    return this;
  }

  get editor(): Locator {
    return this.page.getByRole('dialog', { name: 'New rule' });
  }

  /** What is not in force yet. */
  get bar(): Locator {
    return this.page.getByRole('region', { name: 'Unsaved changes' });
  }

  async begin({ name, condition, decision, reason }: RuleWords): Promise<void> {
    await this.page.getByRole('button', { name: 'New rule' }).click();
    await this.editor.getByLabel('Name', { exact: true }).fill(name);
    await this.condition.fill(condition);
    const decisions = this.editor.getByRole('group', { name: 'Decision' });
    await decisions.getByRole('radio', { name: new RegExp(`^${decision}`) }).check();
    await this.editor.getByLabel(/^Reason/).fill(reason);
  }

  get condition(): Locator {
    return this.editor.getByRole('textbox', { name: /^Condition/ });
  }

  async addToDraft(): Promise<void> {
    await this.editor.getByRole('button', { name: 'Add to draft' }).click();
  }

  async tab(name: string): Promise<void> {
    await this.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  /** What the rules as they stand in the page say of a call. */
  async tryCall(call: { readonly tool: string; readonly args: object }): Promise<Locator> {
    await this.tab('Try it');
    const form = this.page.getByRole('form', { name: 'A made-up call' });
    await form.getByLabel('Server', { exact: true }).fill('kitchen');
    await form.getByLabel('Tool', { exact: true }).fill(call.tool);
    await form.getByLabel('Arguments', { exact: true }).fill(JSON.stringify(call.args));
    await form.getByRole('button', { name: 'Try it' }).click();
    return this.page.getByRole('region', { name: 'What the rules say' });
  }

  /** Puts the draft in force, with a note. */
  async save(note: string): Promise<void> {
    await this.bar.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: /^Save/ });
    await dialog.getByLabel(/^Note/).fill(note);
    await dialog.getByRole('button', { name: /^Save version/ }).click();
    await gone(dialog);
    await see(this.page.getByText(/^Version \d+ is in force\.$/));
  }

  async export(): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.fileAction('Export')]);
    return readFile(await download.path(), 'utf8');
  }

  async import(name: string, text: string): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.fileAction('Import')]);
    await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  }

  /** What a file would change is shown first. */
  async closeChanges(): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: /^Draft and version/ });
    await see(dialog);
    await this.page.keyboard.press('Escape');
    await gone(dialog);
  }

  private async fileAction(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Rules as a file' }).click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
  }
}
