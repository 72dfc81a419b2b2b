'use client';

import { useState } from 'react';
import { type Arrangement, type PendingChange, pendingChange, sameArrangement } from '@/lib/domain/queue';

export interface StableRows {
  readonly shown: Arrangement;
  readonly pending: PendingChange;
  readonly merge: () => void;
}

/** What a change of order depends on: rows move only when nobody could be aiming at one. */
export interface ListUse {
  /** Names the list: another view or filter is another list and starts fresh. */
  readonly list: string;
  /** Pointer or focus in the list, or scrolled away from its top. */
  readonly hands: 'on' | 'off';
}

/** Keeps the rows on screen where they are while new ones arrive; they join on `merge`, or when nobody is at the list. */
export function useStableRows(fresh: Arrangement, { list, hands }: ListUse): StableRows {
  const [kept, setKept] = useState({ list, shown: fresh });
  const empty = kept.shown.length === 0;
  const free = kept.list !== list || hands === 'off' || empty;
  // Set while rendering: the kept order has to be right before the rows are drawn.
  if (free && (kept.list !== list || !sameArrangement(kept.shown, fresh))) setKept({ list, shown: fresh });
  const shown = free ? fresh : kept.shown;
  return { shown, pending: pendingChange(shown, fresh), merge: () => setKept({ list, shown: fresh }) };
}
