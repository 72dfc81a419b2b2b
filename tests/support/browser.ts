import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromiumNeed, findChromium } from '@/scripts/support/chromium.mjs';

export type Theme = 'light' | 'dark';

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** The two sizes every screen is looked at in. */
export const desktop: Viewport = { width: 1440, height: 900 };
export const phone: Viewport = { width: 390, height: 844 };

export interface ContextOptions {
  readonly viewport?: Viewport;
  readonly theme?: Theme;
  /** Paths given to `page.goto` are resolved against it. */
  readonly baseUrl?: string;
}

export interface TestBrowser {
  readonly browser: Browser;
  /** A person of their own: separate cookies and storage. Desktop and light unless told. */
  openContext(options?: ContextOptions): Promise<BrowserContext>;
  stop(): Promise<void>;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Throws with what to install when there is no browser. Playwright gives each launch a fresh user-data folder. */
export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(chromiumNeed);
  // A home of its own keeps the browser's caches and crash reports out of the person's.
  const home = await mkdtemp(path.join(tmpdir(), 'holdpoint-browser-'));
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  const browser = await chromium.launch({ executablePath, args: flags, env: definedOnly(env) });
  return {
    browser,
    openContext: (options = {}) =>
      browser.newContext({
        viewport: options.viewport ?? desktop,
        colorScheme: options.theme ?? 'light',
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
        ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
      }),
    async stop() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Collects what a page must not have: uncaught errors and error messages of the console. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A resource that fails is named by its place alone.
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  return errors;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
