import type { RequestId } from '@/lib/domain/ids';
import { overAt } from '@/lib/domain/queue';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueueWatchReply } from '@/lib/protocol/command/queue-watch';
import type { RequestChangedPush } from '@/lib/protocol/push/request-changed';
import type { Failure } from './failure';
import { compareStage, isNewer, type Told } from './newer';

/** How many that are over stay in the list, the latest ones. */
export const overMost = 200;

export interface QueueState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly entries: ReadonlyMap<RequestId, Told>;
  /** The same, for lists. */
  readonly items: readonly QueueItem[];
  /** Told while a snapshot was on its way: the snapshot may be older than these. */
  readonly toldSince: ReadonlySet<RequestId>;
}

export const noQueue: QueueState = {
  status: 'loading',
  failure: null,
  entries: new Map(),
  items: [],
  toldSince: new Set(),
};

/** Pushes of one frame. Order and repetition make no difference (I12). */
export function queueTold(state: QueueState, pushes: readonly RequestChangedPush[]): QueueState {
  if (pushes.length === 0) return state;
  const entries = new Map(state.entries);
  const toldSince = new Set(state.toldSince);
  let changed = false;
  for (const { item, seq } of pushes) {
    const { requestId } = item.request;
    const known = entries.get(requestId);
    if (known !== undefined && !isNewer({ item, seq }, known)) continue;
    entries.set(requestId, { item, seq });
    toldSince.add(requestId);
    changed = true;
  }
  return changed ? withEntries({ ...state, toldSince }, entries) : state;
}

/** The snapshot is asked for: what is told from now on may be newer than it. */
export function queueAsked(state: QueueState): QueueState {
  return { ...state, status: state.status === 'failed' ? 'loading' : state.status, toldSince: new Set() };
}

/** What was shown before stays: it is old, not wrong. */
export function queueFailed(state: QueueState, failure: Failure): QueueState {
  return state.status === 'ready' ? state : { ...state, status: 'failed', failure };
}

/** The whole of what is open: replaces what is there and drops what is absent, but for what was told meanwhile. */
export function queueSnapshot(state: QueueState, reply: QueueWatchReply): QueueState {
  const entries = new Map<RequestId, Told>();
  for (const item of [...reply.recent, ...reply.open]) {
    const { requestId } = item.request;
    const known = state.entries.get(requestId);
    // A snapshot says no seq; the last one heard stays the floor under which nothing is news.
    entries.set(requestId, { item, seq: known?.seq ?? 0 });
  }
  for (const requestId of state.toldSince) {
    const told = state.entries.get(requestId);
    const listed = entries.get(requestId);
    if (told === undefined) continue;
    if (listed === undefined || compareStage(listed.item.request, told.item.request) <= 0) entries.set(requestId, told);
  }
  return withEntries({ ...state, status: 'ready', failure: null, toldSince: new Set() }, entries);
}

/** A request that came as the reply to a command: no seq, so it counts only where it is further on. */
export function queueAdvanced(state: QueueState, request: HoldRequest): QueueState {
  const known = state.entries.get(request.requestId);
  if (known === undefined || compareStage(request, known.item.request) <= 0) return state;
  const entries = new Map(state.entries).set(request.requestId, { item: { ...known.item, request }, seq: known.seq });
  return withEntries({ ...state, toldSince: new Set(state.toldSince).add(request.requestId) }, entries);
}

function withEntries(state: QueueState, entries: Map<RequestId, Told>): QueueState {
  const over = [...entries.values()].filter(({ item }) => item.request.state !== 'open');
  if (over.length > overMost) {
    over.sort((a, b) => latestFirst(a.item.request, b.item.request));
    for (const { item } of over.slice(overMost)) entries.delete(item.request.requestId);
  }
  return { ...state, entries, items: [...entries.values()].map(({ item }) => item) };
}

function latestFirst(a: HoldRequest, b: HoldRequest): number {
  return overAt(b) - overAt(a) || (a.requestId < b.requestId ? -1 : 1);
}
