import type { RefObject } from 'react';
import type { KeyBinding } from '@/components/ui/key-match';
import { useKeys } from '@/components/ui/use-keys';
import type { Items } from './VirtualList';
import { sessionKeys } from './session-keys';

export interface Stepping<T> {
  /** As they are listed. */
  readonly items: Items<T>;
  /** Where the chosen one stands; -1 when none is chosen, or it is not listed. */
  readonly chosenAt: number;
  readonly onChoose: (item: T) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  /** "event", "message". */
  readonly noun: string;
}

/** `j` and `k` choose the neighbour in a list of a session, the first when none is chosen; `/` searches it. */
export function useStepKeys<T>({ items, chosenAt, onChoose, search, noun }: Stepping<T>): void {
  const go = (step: 1 | -1): void => {
    const next = items.at(chosenAt < 0 ? 0 : chosenAt + step);
    if (next !== undefined && chosenAt + step >= -1) onChoose(next);
  };
  const bindings: readonly KeyBinding[] = [
    { ...sessionKeys.next, words: `Next ${noun} of the list`, guard: 'free', run: () => go(1) },
    { ...sessionKeys.previous, words: `Previous ${noun} of the list`, guard: 'free', run: () => go(-1) },
    { ...sessionKeys.search, words: `Search the ${noun}s`, guard: 'free', run: () => search.current?.select() },
  ];
  useKeys(bindings, noun);
}
