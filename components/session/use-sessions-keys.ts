import type { RefObject } from 'react';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import { sessionsKeys } from './session-keys';

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
    { ...sessionsKeys.next, guard: 'free', run: () => go(1) },
    { ...sessionsKeys.previous, guard: 'free', run: () => go(-1) },
    {
      ...sessionsKeys.pick,
      guard: 'free',
      run: () => rowOf(document.activeElement)?.querySelector<HTMLInputElement>('.ss-pick')?.click(),
    },
    { ...sessionsKeys.search, guard: 'free', run: () => search.current?.select() },
  ];
  useKeys(bindings, 'sessions');
}

function linksOf(page: HTMLElement | null): readonly HTMLElement[] {
  return [...(page?.querySelectorAll<HTMLElement>('tbody .ag') ?? [])];
}

function rowOf(element: Element | null): Element | null {
  return element?.closest('tbody tr') ?? null;
}
