import type { Page } from 'playwright-core';

const stepsMost = 400;

export interface TabWalk {
  /** What can be clicked and the keyboard does not come to. */
  readonly missed: readonly string[];
  /** What looks the same with the focus as without. */
  readonly unseen: readonly string[];
}

interface Stop {
  /** A date has several parts to stop at. */
  readonly is: 'new' | 'same';
  readonly mark: string | null;
  readonly words: string;
  readonly seen: boolean;
}

/** Presses Tab until it comes round, and compares with what a pointer can reach. */
export async function walkByTab(page: Page): Promise<TabWalk> {
  const wanted = await page.evaluate(markReachable);
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  const reached = new Set<string>();
  const unseen: string[] = [];
  let first: string | null = null;
  for (let step = 0; step < stepsMost; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(readStop);
    if (stop === null || (stop.is === 'new' && stop.mark === first)) break;
    if (stop.is === 'same') continue;
    first ??= stop.mark;
    if (stop.mark !== null) reached.add(stop.mark);
    if (!stop.seen) unseen.push(stop.words);
  }
  return { missed: wanted.filter(({ mark }) => !reached.has(mark)).map(({ words }) => words), unseen };
}

/** Runs in the page. Of radios, tabs, menus and lanes Tab comes to one, and the arrow keys to the rest. */
function markReachable(): readonly { readonly mark: string; readonly words: string }[] {
  const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, summary')];
  const open = all.filter((element) => {
    const box = element.getBoundingClientRect();
    const off = element.matches(':disabled, [role^="menuitem"], [type="radio"]');
    const group = element.closest('[role="group"], [role="tablist"]');
    // A row's box is reached by a key of the list, and by Tab once something is selected.
    const byKey = element.matches('.q-pick input[tabindex="-1"]');
    const byArrows = byKey || (element.tabIndex < 0 && group?.querySelector('[tabindex="0"]') != null);
    return (
      !off && !byArrows && box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true })
    );
  });
  return open.map((element, index) => {
    element.dataset['walk'] = String(index);
    return {
      mark: String(index),
      words: `${element.tagName} ${element.getAttribute('aria-label') ?? element.innerText}`.slice(0, 60),
    };
  });
}

/** Runs in the page. */
function readStop(): Stop | null {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return null;
  const mark = at.dataset['walk'] ?? null;
  const words = `${at.tagName} ${at.getAttribute('aria-label') ?? at.innerText}`.slice(0, 60);
  if (document.documentElement.dataset['walkAt'] === (mark ?? words)) return { is: 'same', mark, words, seen: true };
  document.documentElement.dataset['walkAt'] = mark ?? words;
  const look = (element: Element, part: string | null): string => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(element, part);
    return [outlineStyle === 'none' ? '' : outlineWidth, boxShadow, borderColor, backgroundColor].join('|');
  };
  const around = [at, at.parentElement, at.parentElement?.parentElement].filter(
    (element) => element instanceof Element,
  );
  const looks = (): string => around.map((element) => `${look(element, null)} ${look(element, '::after')}`).join('/');
  const focused = looks();
  at.blur();
  const plain = looks();
  at.focus();
  return { is: 'new', mark, words, seen: focused !== plain };
}
