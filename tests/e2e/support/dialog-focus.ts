import type { BrowserContext } from 'playwright-core';

/**
 * Says in the console, and so fails the test, when a dialog begins on the way out in its head though there is something
 * else in it: every dialog that any browser test opens is looked at.
 */
export async function watchDialogs(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const judge = (dialog: HTMLDialogElement): void => {
      const head = document.activeElement?.closest('.dialog-h') ?? null;
      if (!dialog.open || head === null || !dialog.contains(head)) return;
      const others = [...dialog.querySelectorAll('button:enabled, input:enabled, textarea:enabled, select:enabled')];
      if (others.every((other) => head.contains(other))) return;
      console.error(`The dialog “${head.querySelector('h2')?.textContent ?? ''}” begins on the way out of it.`);
    };
    const watch = new MutationObserver((changes) => {
      for (const { target } of changes)
        if (target instanceof HTMLDialogElement && target.open)
          requestAnimationFrame(() => requestAnimationFrame(() => judge(target)));
    });
    watch.observe(document, { subtree: true, attributes: true, attributeFilter: ['open'] });
  });
}
