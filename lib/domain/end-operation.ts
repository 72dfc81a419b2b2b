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

/** Which sessions of an order are looked at. */
export const endItemShows = [
  'all',
  'odd',
  'unknown',
  'waiting',
  'ending',
  'ended',
  'left',
  'over',
  'failed',
  'stopped',
] as const;
export type EndItemShow = (typeof endItemShows)[number];

/** A page of an order's sessions, in the order they were named. */
export interface EndItemsLook {
  readonly show: EndItemShow;
  /** How many of those are skipped. */
  readonly from: number;
}

export interface EndItemsPage {
  readonly operation: EndOperation;
  readonly items: readonly EndItem[];
  /** Of those looked at, over all pages. */
  readonly total: number;
}

/** The most sessions of one page. */
export const endItemsMost = 100;
/** The most orders of one page. */
export const endingsMost = 50;

/** Where a page of orders goes on: after this one. */
export interface EndingsPlace {
  readonly at: number;
  readonly endingId: EndingId;
}

/** The latest first; `more`: there are older ones. */
export interface EndingsPage {
  readonly endings: readonly EndOperation[];
  readonly more: boolean;
}

/** Settled, but not simply ended as the preview showed it. */
export function isOdd(item: EndItem): boolean {
  return isSettled(item) && (item.state !== 'ended' || item.unknown > 0 || item.changed !== null);
}

export function isShown(item: EndItem, show: EndItemShow): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'odd':
      return isOdd(item);
    case 'unknown':
      return item.state === 'ended' && item.unknown > 0;
    default:
      return item.state === show;
  }
}

/** Of two states of one order the one that is further: pushes and replies come in any order (I12). */
export function furtherEnding(a: EndOperation, b: EndOperation): EndOperation {
  const [isA, isB] = [placeOf(a), placeOf(b)];
  const at = isA.findIndex((value, index) => value !== isB[index]);
  return at < 0 || (isA[at] ?? 0) > (isB[at] ?? 0) ? a : b;
}

/** Each only grows, the first counts most. */
function placeOf({ endedAt, restarts, counts, state }: EndOperation): readonly number[] {
  return [endedAt === null ? 0 : 1, restarts, settledOf(counts) * 2 + counts.ending, state === 'running' ? 0 : 1];
}
