import { createContext } from 'react';

/** Values a rule masks, which who judges them may see in place: each reveal is on record first. */
export interface Revealing {
  /** JSON Pointers. */
  readonly covered: readonly string[];
  readonly onReveal: (path: string) => void;
  /** Why the last one was refused; null when none was. */
  readonly refusal: string | null;
}

export const RevealContext = createContext<Revealing | null>(null);
