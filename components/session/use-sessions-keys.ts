import type { RefObject } from 'react';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';

/** `j` and `k` go from session to session, which `Enter` opens as the link it is; `x` selects, `/` searches. */
export function useSessionsKeys(page: RefObject<HTMLElement | null>, search: RefObject<HTMLInputElement | null>): void {
  const go = (step: 1 | -1): void => {
    const links = linksOf(page.current);
    const at = links.findIndex((link) => rowOf(link) === rowOf(document.activeElement));
    const next = at < 0 ? links[0] : links[at + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  const bindings: readonly KeyBinding[] = [
    { keys: 'j', words: 'Next session', guard: 'free', run: () => go(1) },
    { keys: 'k', words: 'Previous session', guard: 'free', run: () => go(-1) },
    {
      keys: 'x',
      words: 'Select the session, to end several together',
      guard: 'free',
      run: () => rowOf(document.activeElement)?.querySelector<HTMLInputElement>('.ss-pick')?.click(),
    },
    { keys: '/', words: 'Search the sessions', guard: 'free', run: () => search.current?.select() },
  ];
  useKeys(bindings, 'sessions');
}

function linksOf(page: HTMLElement | null): readonly HTMLElement[] {
  return [...(page?.querySelectorAll<HTMLElement>('tbody .ag') ?? [])];
}

function rowOf(element: Element | null): Element | null {
  return element?.closest('tbody tr') ?? null;
}
