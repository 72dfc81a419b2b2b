'use client';

import { useMemo, useState } from 'react';
import {
  type Arrangement,
  indexOfPlace,
  type PendingChange,
  pendingChange,
  type QueueRow,
  sameArrangement,
  withPage,
} from '@/lib/domain/queue';
import type { QueueLook, QueuePlace } from '@/lib/domain/queue-query';

export interface StableRows {
  readonly shown: Arrangement;
  readonly pending: PendingChange;
  readonly merge: () => void;
}

/** What a change of order depends on: rows move only when nobody could be aiming at one. */
export interface ListUse {
  readonly look: QueueLook;
  readonly rows: readonly QueueRow[];
  /** How far the list was read. */
  readonly floor: QueuePlace | null;
  /** Until a look was read its rows are provisional, and give way. */
  readonly phase: 'part' | 'read';
  /** Pointer or focus in the list, or scrolled away from its top. */
  readonly hands: 'on' | 'off';
}

interface Kept extends Pick<ListUse, 'look' | 'floor' | 'phase'> {
  readonly shown: Arrangement;
}

/** Keeps the rows on screen where they are while new ones arrive; they join on `merge`, or when nobody is at the list. */
export function useStableRows(fresh: Arrangement, use: ListUse): StableRows {
  const { look, floor, phase } = use;
  const [kept, setKept] = useState<Kept>({ shown: fresh, look, floor, phase });
  const shown = shownNow(kept, fresh, use);
  // Set while rendering: the kept order has to be right before the rows are drawn.
  if (shown !== kept.shown || floor !== kept.floor || look !== kept.look || phase !== kept.phase)
    setKept({ shown, look, floor, phase });
  const pending = useMemo(() => pendingChange(shown, fresh), [shown, fresh]);
  return { shown, pending, merge: () => setKept({ shown: fresh, look, floor, phase }) };
}

function shownNow(kept: Kept, fresh: Arrangement, { look, rows, floor, hands }: ListUse): Arrangement {
  const isFree = kept.look !== look || kept.phase === 'part' || hands === 'off' || kept.shown.length === 0;
  if (isFree) return kept.shown === fresh || sameArrangement(kept.shown, fresh) ? kept.shown : fresh;
  if (kept.floor === null || kept.floor === floor) return kept.shown;
  return withPage(kept.shown, fresh, rows.slice(indexOfPlace(rows, kept.floor, look)));
}
