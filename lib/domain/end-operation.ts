import type { PersonRef } from './event';
import type { EndingId, SessionId } from './ids';

/** What becomes of a session that changed between the preview and its turn. */
export type WhenChanged = 'leave' | 'end';

/** How far one session of an order to end many is. */
export type EndItemState =
  | { readonly state: 'waiting' }
  | { readonly state: 'ending'; readonly at: number }
  | {
      readonly state: 'ended';
      readonly at: number;
      /** Calls whose outcome is unknown now. */
      readonly unknown: number;
    }
  /** It was not what the preview showed any more, and the order said to leave such ones. */
  | { readonly state: 'left'; readonly at: number; readonly why: string }
  /** It had ended before its turn came. */
  | { readonly state: 'over'; readonly at: number }
  | { readonly state: 'failed'; readonly at: number; readonly why: string }
  /** The order was stopped before its turn came. */
  | { readonly state: 'stopped'; readonly at: number };

export type EndItem = {
  readonly sessionId: SessionId;
  readonly agent: string;
  /** What ending it would do, as the preview showed it: another print is another session to look at. */
  readonly print: string;
  /** Its turn came and it was not what the preview showed; it was ended all the same. */
  readonly changed: string | null;
} & EndItemState;

type Counted = EndItemState['state'] | 'total' | 'unknown' | 'changed';
export type EndCounts = Readonly<Record<Counted, number>>;

/** One order to end many sessions: who, why, which, and how far it is (I10). */
export interface EndOperation {
  readonly endingId: EndingId;
  readonly by: PersonRef;
  readonly at: number;
  readonly reason: string;
  /** What was chosen, in words: "server billing", "3 selected". */
  readonly about: string;
  readonly whenChanged: WhenChanged;
  readonly state: 'running' | 'stopped' | 'done';
  readonly stopped: { readonly at: number; readonly by: PersonRef } | null;
  /** When the last session was settled; null while one is not. */
  readonly endedAt: number | null;
  /** Holdpoint was restarted while it ran, and went on with it. */
  readonly restarts: number;
  readonly counts: EndCounts;
}

const none: EndCounts = {
  total: 0,
  waiting: 0,
  ending: 0,
  ended: 0,
  left: 0,
  over: 0,
  failed: 0,
  stopped: 0,
  unknown: 0,
  changed: 0,
};

export function countItems(items: Iterable<EndItem>): EndCounts {
  const counts: Record<Counted, number> = { ...none };
  for (const item of items) {
    counts.total += 1;
    counts[item.state] += 1;
    if (item.state === 'ended') counts.unknown += item.unknown;
    if (item.changed !== null) counts.changed += 1;
  }
  return counts;
}

export function isSettled(item: EndItem): boolean {
  return item.state !== 'waiting' && item.state !== 'ending';
}

/** How many of an order are settled. */
export function settledOf({ total, waiting, ending }: EndCounts): number {
  return total - waiting - ending;
}
