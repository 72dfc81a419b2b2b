import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds that is serious or critical, one line each: rule, place and why. `colours` looks at contrast alone. */
export async function graveFindings(page: Page, look: 'everything' | 'colours'): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (look === 'colours' ? axe.withRules(['color-contrast']) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n').at(-1)?.trim() ?? ''}`),
    );
}

/** Wider than the window: something cannot be seen without scrolling sideways. */
export function overflowsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}
