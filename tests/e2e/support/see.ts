import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Far beyond what any of it takes, so that only what never happens is a failure. */
export const patienceMs = 20_000;

/** Waits until it is there for a person to see. */
export async function see(what: Locator): Promise<void> {
  await what.first().waitFor({ state: 'visible', timeout: patienceMs });
}

/** Waits until it is there no more. */
export async function gone(what: Locator): Promise<void> {
  await expect.poll(() => what.count(), { timeout: patienceMs, message: `${String(what)} should go` }).toBe(0);
}

/** Waits until what is read is as it should be; the last reading is in the failure. */
export async function becomes<T>(read: () => Promise<T> | T, wanted: T): Promise<void> {
  await expect.poll(read, { timeout: patienceMs }).toEqual(wanted);
}

/** Waits until the text of a part holds these words. */
export async function says(what: Locator, words: string | RegExp): Promise<void> {
  await expect.poll(() => what.first().innerText(), { timeout: patienceMs }).toMatch(words);
}
