import { urgencyAt } from './deadline';
import type { PersonId, RequestId } from './ids';
import { claimAt, type HoldRequest } from './request';
import type { QueueItem } from './request-detail';
import type { RequestKind } from './event';
import type { Risk } from './tool';

/** The queue's system views. */
export type QueueView = 'mine' | 'expiring' | 'open' | 'answered';
export const queueViews: readonly QueueView[] = ['mine', 'expiring', 'open', 'answered'];

export const viewNames: { readonly [V in QueueView]: string } = {
  mine: 'Mine',
  expiring: 'Expiring',
  open: 'All open',
  answered: 'Answered',
};

export type QueueGroupKey = 'ending' | 'live' | 'parked' | 'over';

export const groupNames: { readonly [G in QueueGroupKey]: string } = {
  ending: 'Ends within 5 minutes',
  live: 'Live calls',
  parked: 'Parked, safe to take your time',
  over: 'Answered and over',
};

const groupOrder: readonly QueueGroupKey[] = ['ending', 'live', 'parked', 'over'];

export interface QueueFilter {
  readonly text: string;
  /** Empty for all. */
  readonly kinds: readonly RequestKind[];
  readonly risks: readonly Risk[];
}

export const noFilter: QueueFilter = { text: '', kinds: [], risks: [] };

export function isFiltering(filter: QueueFilter): boolean {
  return filter.text.trim() !== '' || filter.kinds.length > 0 || filter.risks.length > 0;
}

/** Who looks at the queue, and when. */
export interface QueueLook {
  readonly me: PersonId;
  readonly now: number;
  /** Requests that hold text of mine not yet sent. */
  readonly drafted: ReadonlySet<string>;
}

/** The rows of a list in their order, by group. Ids only, so that an order can be kept while contents change. */
export type Arrangement = readonly { readonly group: QueueGroupKey; readonly ids: readonly RequestId[] }[];

/** A view's name from a URL; the whole open queue when it is none. */
export function readView(text: string | null): QueueView {
  return queueViews.find((view) => view === text) ?? 'open';
}

/** Parked: nothing upstream is hanging while a person thinks, since the call is not under way. */
export function isParked(item: Pick<QueueItem, 'request' | 'call'>): boolean {
  const decidesTheCall = item.request.kind === 'approval' || item.request.kind === 'recovery';
  return decidesTheCall && (item.call === null || item.call.state === 'held');
}

export function groupOf(item: QueueItem, now: number): QueueGroupKey {
  if (item.request.state !== 'open') return 'over';
  if (urgencyAt(item.request.deadline.at, now) !== 'calm') return 'ending';
  return isParked(item) ? 'parked' : 'live';
}

export function inView(item: QueueItem, view: QueueView, look: QueueLook): boolean {
  const { request } = item;
  switch (view) {
    case 'answered':
      return request.state !== 'open';
    case 'open':
      return request.state === 'open';
    case 'expiring':
      return groupOf(item, look.now) === 'ending';
    case 'mine':
      return (
        request.state === 'open' &&
        (claimAt(request, look.now)?.by.id === look.me || look.drafted.has(request.requestId))
      );
  }
}

/** Every word must be somewhere in the title, server, tool, agent or id. */
export function passes(item: QueueItem, filter: QueueFilter): boolean {
  const { request } = item;
  if (filter.kinds.length > 0 && !filter.kinds.includes(request.kind)) return false;
  if (filter.risks.length > 0 && !filter.risks.includes(request.risk)) return false;
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = [request.title, request.server, request.tool ?? '', item.agent, request.requestId]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The real deadline first; of two equal ones the older request. */
export function byDeadline(a: QueueItem, b: QueueItem): number {
  const byEnd = a.request.deadline.at - b.request.deadline.at;
  return byEnd !== 0 ? byEnd : byOpening(a, b);
}

function byOpening(a: QueueItem, b: QueueItem): number {
  const byTime = a.request.openedAt - b.request.openedAt;
  return byTime !== 0 ? byTime : a.request.requestId < b.request.requestId ? -1 : 1;
}

/** When a request stopped being open; for an open one when it opened. */
export function overAt(request: HoldRequest): number {
  switch (request.state) {
    case 'open':
      return request.openedAt;
    case 'expired':
    case 'withdrawn':
      return request.endedAt;
    case 'answered':
    case 'delivered':
    case 'undelivered':
      return request.answer.savedAt;
  }
}

function byEnding(a: QueueItem, b: QueueItem): number {
  const byTime = overAt(b.request) - overAt(a.request);
  return byTime !== 0 ? byTime : byOpening(a, b);
}

/** The fresh order of what passed view and filter. Empty groups are left out. */
export function arrange(items: readonly QueueItem[], now: number): Arrangement {
  return groupOrder.flatMap((group) => {
    const ids = items
      .filter((item) => groupOf(item, now) === group)
      .sort(group === 'over' ? byEnding : byDeadline)
      .map((item) => item.request.requestId);
    return ids.length === 0 ? [] : [{ group, ids }];
  });
}

export function idsOf(arrangement: Arrangement): readonly RequestId[] {
  return arrangement.flatMap(({ ids }) => ids);
}

/** How the order on screen differs from the fresh one: what would appear, and what now ends soon. */
export interface PendingChange {
  readonly added: readonly RequestId[];
  readonly hurried: readonly RequestId[];
}

export function pendingChange(shown: Arrangement, fresh: Arrangement): PendingChange {
  const known = new Set(idsOf(shown));
  const ending = new Set(shown.find(({ group }) => group === 'ending')?.ids);
  const endingNow = fresh.find(({ group }) => group === 'ending')?.ids ?? [];
  return {
    added: idsOf(fresh).filter((id) => !known.has(id)),
    hurried: endingNow.filter((id) => known.has(id) && !ending.has(id)),
  };
}

/** Whether two orders show the same rows in the same places. */
export function sameArrangement(a: Arrangement, b: Arrangement): boolean {
  return (
    a.length === b.length &&
    a.every(({ group, ids }, index) => {
      const other = b[index];
      return other?.group === group && other.ids.length === ids.length && other.ids.every((id, at) => id === ids[at]);
    })
  );
}

/** The row `step` rows away, staying inside the list; the first or last when none is chosen. */
export function stepFrom(ids: readonly RequestId[], current: RequestId | null, step: 1 | -1): RequestId | null {
  const at = current === null ? -1 : ids.indexOf(current);
  if (at === -1) return (step === 1 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[Math.max(0, Math.min(ids.length - 1, at + step))] ?? null;
}

/** What to look at after `current` was answered: the next open row below it, else the first open one. */
export function nextOpen(items: readonly QueueItem[], ids: readonly RequestId[], current: RequestId): RequestId | null {
  const open = new Set(items.filter((item) => item.request.state === 'open').map((item) => item.request.requestId));
  const below = ids.slice(ids.indexOf(current) + 1);
  return [...below, ...ids].find((id) => id !== current && open.has(id)) ?? null;
}

export type QueueCounts = { readonly [V in QueueView]: number };

/** The counts beside the views. Answered has none: what is over needs nobody. */
export function countViews(items: readonly QueueItem[], look: QueueLook): QueueCounts {
  const count = (view: QueueView): number => items.filter((item) => inView(item, view, look)).length;
  return { mine: count('mine'), expiring: count('expiring'), open: count('open'), answered: 0 };
}

/** The answer of mine committed last, for the foot of the list. */
export function lastAnswerOf(items: readonly QueueItem[], me: PersonId): QueueItem | null {
  const mine = items.filter(
    ({ request }) => 'answer' in request && request.answer.by.kind === 'person' && request.answer.by.id === me,
  );
  return mine.sort(byEnding)[0] ?? null;
}
