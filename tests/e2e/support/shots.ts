import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** Saves a picture of what the window shows, when HOLDPOINT_SHOTS names a folder for it. */
export async function takeShot(page: Page, name: string): Promise<void> {
  const folder = process.env['HOLDPOINT_SHOTS'];
  if (folder === undefined || folder === '') return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name.replaceAll(/[^\w-]+/g, '-').slice(0, 100)}.png`) });
}
