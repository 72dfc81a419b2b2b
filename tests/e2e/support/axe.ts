import { source, type run, type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds that is serious or critical, one line each: rule, place and why. `colours` looks at contrast alone. */
export async function graveFindings(page: Page, look: 'everything' | 'colours'): Promise<readonly string[]> {
  // Once for each document: it is large.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(look === 'colours' ? { runOnly: ['color-contrast'] } : {}),
  };
  const { violations } = await page.evaluate<AxeResults, RunOptions>(
    (wanted) => (window as unknown as { axe: { run: typeof run } }).axe.run(document, wanted),
    options,
  );
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
