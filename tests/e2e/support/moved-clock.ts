import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Product } from '@/tests/e2e/support/product';
import { becomes } from '@/tests/e2e/support/see';

/** A clock for the product and for browsers that can be moved on together. */
export interface MovedClock {
  /** For the product's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Before the page goes anywhere. */
  followedBy(page: Page): Promise<void>;
  /** Moves the product's clock, then those of the pages that follow it. */
  moveBy(product: Product, ms: number): Promise<void>;
  remove(): void;
}

export function movedClock(): MovedClock {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdpoint-clock-'));
  const file = path.join(folder, 'moved-by');
  const pages: Page[] = [];
  let movedMs = 0;
  return {
    env: {
      NODE_OPTIONS: `--import ${new URL('clock-of-process.mjs', import.meta.url).href}`,
      MOVED_CLOCK: file,
    },
    async followedBy(page) {
      pages.push(page);
      await page.clock.install();
    },
    async moveBy(product, ms) {
      movedMs += ms;
      writeFileSync(file, String(ms));
      process.kill(product.pid(), 'SIGUSR2');
      await becomes(() => product.output().includes(`the clock is moved by ${movedMs} ms`), true);
      for (const page of pages) await page.clock.fastForward(ms);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
