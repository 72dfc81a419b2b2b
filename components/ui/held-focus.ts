'use client';

import { type RefObject, useEffect } from 'react';

/** Where something stood: its parents from the nearest, each with the place of the child that led to it. */
type Path = readonly { readonly parent: Element; readonly index: number }[];

interface Held {
  readonly element: HTMLElement;
  readonly path: Path;
  was: 'on' | 'off';
}

/**
 * Keeps the keyboard's place in a part of a page. What had the focus and was off while its act was under way has it
 * again; where it is gone, what stands there now has it: a row or a note rather than its buttons, so that a key that is
 * still down does nothing more.
 */
export function useHeldFocus(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = ref.current;
    if (root === null) return;
    let held: Held | null = null;
    const onFocus = ({ target }: FocusEvent): void => {
      // A dialog gives the focus back by itself.
      if (!(target instanceof HTMLElement) || target === root || target.closest('dialog') !== null) return;
      held = { element: target, path: pathOf(target, root), was: 'on' };
    };
    const look = (): void => {
      if (held === null) return;
      const { element, path } = held;
      if (element.isConnected && element.matches(':disabled')) held.was = 'off';
      else if (document.activeElement !== document.body) return;
      else if (!element.isConnected) {
        held = null;
        rest(standIn(path) ?? root);
      } else if (held.was === 'off') {
        held.was = 'on';
        element.focus({ preventScroll: true });
      }
    };
    const watch = new MutationObserver(look);
    root.addEventListener('focusin', onFocus);
    watch.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
    return () => {
      root.removeEventListener('focusin', onFocus);
      watch.disconnect();
    };
  }, [ref]);
}

function pathOf(element: HTMLElement, root: HTMLElement): Path {
  const path: { parent: Element; index: number }[] = [];
  for (let at: Element = element; at !== root && at.parentElement !== null; at = at.parentElement)
    path.push({ parent: at.parentElement, index: [...at.parentElement.children].indexOf(at) });
  return path;
}

/** What is seen where it stood: what took its place, or came to stand last there; of a row the whole. */
function standIn(path: Path): HTMLElement | null {
  for (const { parent, index } of path) {
    const there = [parent.children[index], parent.children[index - 1]].find((child) => isSeen(child));
    if (there === undefined) continue;
    const whole = there.closest('tr, li') ?? there;
    return whole instanceof HTMLElement ? whole : null;
  }
  return null;
}

function isSeen(element: Element | undefined): boolean {
  return element?.isConnected === true && element.checkVisibility();
}

/** It takes the focus as long as it has it. */
function rest(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: true });
}
