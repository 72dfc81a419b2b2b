import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from '@/tests/e2e/support/see';

/** Waits until what has the focus is this, by its tag and its words in one line; `BODY` where nothing has it. */
export async function focusIsOn(page: Page, words: RegExp): Promise<void> {
  await expect.poll(() => focused(page), { timeout: patienceMs }).toMatch(words);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return 'BODY';
    return `${at.tagName} ${at.innerText.replaceAll(/\s+/g, ' ').trim()}`;
  });
}
