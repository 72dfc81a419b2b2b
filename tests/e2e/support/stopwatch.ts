import type { Locator, Page } from 'playwright-core';

/**
 * How long it takes from a click in one browser until the words stand in another: both note the time themselves, by
 * the one clock of the machine, so that the test's own way to the browsers does not count.
 */
export async function clickUntilSeen(click: Locator, there: Page, words: string): Promise<number> {
  const seen = there.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (!document.body.innerText.includes(wanted)) return;
          watcher.disconnect();
          resolve(performance.timeOrigin + performance.now());
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        look();
      }),
    words,
  );
  const clicked = click.evaluate(
    (element) =>
      new Promise<number>((resolve) => {
        element.addEventListener('click', () => resolve(performance.timeOrigin + performance.now()), {
          once: true,
          capture: true,
        });
      }),
  );
  // The listener is there before the click: both go the same way, in order.
  await click.evaluate(() => undefined);
  await click.click();
  return (await seen) - (await clicked);
}
