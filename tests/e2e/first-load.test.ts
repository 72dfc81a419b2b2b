import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { firstLoadScripts } from '@/scripts/support/first-load.mjs';
import { openItem } from '@/tests/e2e/support/waiting';
import { setStage, type Stage } from '@/tests/e2e/support/stage';

const limitBytes = 180 * 1_024;

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterEach((context) => stage.check(context));

afterAll(() => stage.close());

test('/queue comes with at most 180 KB of gzipped JavaScript', async () => {
  const agent = await stage.agent();
  agent.call('kitchen__write', { note: 'one row' });
  await openItem(await stage.product.connect('approver'), ({ request }) => request.server === 'kitchen');
  const { page } = await stage.person('approver');
  const scripts = await firstLoadScripts(page, async () => {
    await page.goto('/queue');
    await page.locator('.q-row').first().waitFor();
  });
  const sumOf = (...uses: readonly string[]): number =>
    scripts.filter(({ use }) => uses.includes(use)).reduce((all, { gzipBytes }) => all + gzipBytes, 0);
  const lines = scripts.map(({ gzipBytes, path, use }) => `${kb(gzipBytes)} ${use.padEnd(5)} ${path}`);
  process.stdout.write(`${lines.join('\n')}\n${kb(sumOf('page'))} page, ${kb(sumOf('page', 'later'))} with later\n`);
  // React alone is more: less would mean that nothing was seen.
  expect(sumOf('page')).toBeGreaterThan(60 * 1_024);
  expect(sumOf('page')).toBeLessThanOrEqual(limitBytes);
});

function kb(bytes: number): string {
  return `${(bytes / 1_024).toFixed(1).padStart(7)} KB`;
}
