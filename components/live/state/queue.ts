import type { RequestId } from '@/lib/domain/ids';
import {
  comparePlaces,
  fitsLook,
  indexOfPlace,
  laterAnswer,
  type QueueEyes,
  type QueueRow,
  rowOf,
  sameLook,
} from '@/lib/domain/queue';
import { noCounts, openLook, type QueueCounts, type QueueLook, type QueuePlace } from '@/lib/domain/queue-query';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueuePageReply } from '@/lib/protocol/command/queue-watch';
import type { RequestChangedPush } from '@/lib/protocol/push/request-changed';
import type { RequestGonePush } from '@/lib/protocol/push/request-gone';
import type { Failure } from './failure';
import { isNewer, type Told } from './newer';
import { Shards } from '@/lib/domain/shards';

/** How many that are not in the list are remembered, the ones told last. */
export const asideMost = 500;
/** How many that went away are remembered. */
const goneMost = 500;

export interface QueueEntry extends Told {
  /** Where it stands in the list; null when it does not. */
  readonly row: QueueRow | null;
}

/** The part of the queue that was read, and what was told of it since. Only as long as what was read. */
export interface QueueState {
  /** Of the present look. `loading`: what the list holds is what happened to be known. */
  readonly status: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly look: QueueLook;
  readonly entries: Shards<RequestId, QueueEntry>;
  /** The list in the look's order. The same array until a row comes, goes or moves. */
  readonly rows: readonly QueueRow[];
  /** How far the look was read: what stands behind is not shown. Null when nothing does. */
  readonly floor: QueuePlace | null;
  readonly page: 'idle' | 'reading' | 'failed';
  readonly counts: QueueCounts;
  /** This person's last answer. */
  readonly last: QueueItem | null;
  /** What is not in the list, the one told last at the end. */
  readonly aside: ReadonlySet<RequestId>;
  /** Requests that are not this person's to see any more, and since which `seq`. */
  readonly gone: ReadonlyMap<RequestId, number>;
}

export const noQueue: QueueState = {
  status: 'loading',
  failure: null,
  look: openLook,
  entries: Shards.empty(),
  rows: [],
  floor: null,
  page: 'idle',
  counts: noCounts,
  last: null,
  aside: new Set(),
  gone: new Map(),
};

export type QueuePush = RequestChangedPush | RequestGonePush;

/** Pushes of one frame. Order and repetition make no difference (I12). Costs by what is told, not by what is there. */
export function queueTold(state: QueueState, pushes: readonly QueuePush[], eyes: QueueEyes): QueueState {
  if (pushes.length === 0) return state;
  const change = new Change(state, eyes);
  for (const push of pushes) {
    if (push.type === 'request.gone') change.go(push.requestId, push.seq);
    else change.tell({ item: push.item, seq: push.seq });
  }
  return change.end();
}

/** Another look: what is known of it is shown until it was read. */
export function queueLooked(state: QueueState, look: QueueLook, eyes: QueueEyes): QueueState {
  const next: QueueState = { ...state, look, status: 'loading', failure: null, floor: null, page: 'idle', rows: [] };
  const change = new Change(next, eyes);
  for (const [requestId, entry] of state.entries.entries()) change.place(requestId, { ...entry, row: null });
  return change.end();
}

export function queueAsked(state: QueueState): QueueState {
  return { ...state, page: 'reading', status: state.status === 'failed' ? 'loading' : state.status, failure: null };
}

/** What was shown before stays: it is old, not wrong. */
export function queueFailed(state: QueueState, failure: Failure): QueueState {
  const page = state.page === 'reading' ? 'failed' : state.page;
  return state.status === 'ready' ? { ...state, page } : { ...state, page, status: 'failed', failure };
}

export interface PageAsked {
  readonly look: QueueLook;
  /** Where the page begins; null at the first row. */
  readonly after: QueuePlace | null;
  /** Read again until here: what was loaded stays meanwhile. `end` when all of it was. */
  readonly until: QueuePlace | 'end' | null;
  /** What was known when the page was asked for. */
  readonly known: QueueState['entries'];
  readonly eyes: QueueEyes;
}

/**
 * A page of the look. What it should hold and does not is forgotten, but for what was told after the question:
 * the page may be older than that (I12).
 */
export function queuePaged(state: QueueState, asked: PageAsked, reply: QueuePageReply): QueueState {
  if (!sameLook(state.look, asked.look)) return state;
  const { look } = state;
  const { eyes } = asked;
  const lastItem = reply.items.at(-1);
  const lastRow = reply.more && lastItem !== undefined ? rowOf(lastItem, look) : null;
  const floor = lastRow === null ? null : furthest(lastRow, asked, look);
  const change = new Change({ ...state, status: 'ready', failure: null, page: 'idle', floor }, eyes);
  const held = new Set(reply.items.map(({ request }) => request.requestId));
  const from = asked.after === null ? 0 : indexOfPlace(state.rows, asked.after, look);
  const to = lastRow === null ? state.rows.length : indexOfPlace(state.rows, lastRow, look);
  const known = [...state.rows.slice(from, to).map(({ requestId }) => requestId), ...state.aside];
  for (const requestId of known) {
    const entry = state.entries.get(requestId);
    if (entry === undefined || held.has(requestId) || entry !== asked.known.get(requestId)) continue;
    const row = fitsLook(entry.item, look, eyes) ? rowOf(entry.item, look) : entry.row;
    if (row !== null && isWithin(row, { after: asked.after, last: lastRow }, look)) change.drop(requestId);
  }
  for (const item of reply.items) change.tell({ item, seq: item.seq });
  change.settle();
  return change.end();
}

/** A request that came as the reply to a command. It says nothing of its call, so its push still counts. */
export function queueAdvanced(state: QueueState, request: HoldRequest, eyes: QueueEyes): QueueState {
  const known = state.entries.get(request.requestId);
  if (known === undefined || request.seq <= known.seq) return state;
  const change = new Change(state, eyes);
  change.place(request.requestId, { item: { ...known.item, request }, seq: request.seq - 0.5, row: known.row });
  return change.end();
}

export function queueCounted(state: QueueState, counts: QueueCounts): QueueState {
  const { mine, teams, expiring, open, answered } = state.counts;
  const same =
    counts.mine === mine &&
    counts.teams === teams &&
    counts.expiring === expiring &&
    counts.open === open &&
    counts.answered === answered;
  return same ? state : { ...state, counts };
}

interface Span {
  readonly after: QueuePlace | null;
  readonly last: QueuePlace | null;
}

function isWithin(row: QueueRow, span: Span, look: QueueLook): boolean {
  if (span.after !== null && comparePlaces(row, span.after, look) <= 0) return false;
  return span.last === null || comparePlaces(row, span.last, look) <= 0;
}

/** While a list is read again it reaches as far as it did. */
function furthest(row: QueueRow, { until }: PageAsked, look: QueueLook): QueuePlace | null {
  if (until === 'end') return null;
  return until !== null && comparePlaces(row, until, look) < 0 ? until : row;
}

/** Gathers what changes in one step, so that each structure is copied once at most. */
class Change {
  private readonly entries = new Map<RequestId, QueueEntry | null>();
  private readonly leaving: QueueRow[] = [];
  private readonly joining: QueueRow[] = [];
  private gone: Map<RequestId, number> | null = null;
  private last: QueueItem | null;

  constructor(
    private readonly state: QueueState,
    private readonly eyes: QueueEyes,
  ) {
    this.last = state.last;
  }

  tell(told: Told): void {
    const { requestId } = told.item.request;
    const goneSeq = (this.gone ?? this.state.gone).get(requestId);
    if (goneSeq !== undefined && goneSeq >= told.seq) return;
    const known = this.entry(requestId);
    if (known !== null && !isNewer(told, known)) return;
    if (goneSeq !== undefined) this.ownGone().delete(requestId);
    this.place(requestId, { ...told, row: known?.row ?? null });
  }

  go(requestId: RequestId, seq: number): void {
    const known = this.entry(requestId);
    const goneSeq = (this.gone ?? this.state.gone).get(requestId) ?? -1;
    if (goneSeq >= seq || (known !== null && known.seq > seq)) return;
    this.ownGone().set(requestId, seq);
    this.drop(requestId);
  }

  drop(requestId: RequestId): void {
    const known = this.entry(requestId);
    if (known === null) return;
    if (known.row !== null) this.leaving.push(known.row);
    this.entries.set(requestId, null);
  }

  /** Keeps an entry, in the list where it belongs there. */
  place(requestId: RequestId, { item, seq, row: before }: QueueEntry): void {
    const row = this.rowOf(item);
    const stays = before !== null && row !== null && before.at === row.at && before.pace === row.pace;
    if (!stays) {
      if (before !== null) this.leaving.push(before);
      if (row !== null) this.joining.push(row);
    }
    this.entries.set(requestId, { item, seq, row: stays ? before : row });
    this.last = laterAnswer(this.last, item, this.eyes.person.id);
  }

  /** After the floor moved: what stands behind it leaves the list, what was set aside may join it. */
  settle(): void {
    const { floor, rows, look, aside } = this.state;
    const end = floor === null ? rows.length : indexOfPlace(rows, floor, look);
    for (const row of rows.slice(end)) this.again(row.requestId);
    for (const requestId of aside) this.again(requestId);
  }

  end(): QueueState {
    const { state, last } = this;
    const gone = this.gone ?? state.gone;
    if (this.entries.size === 0) return gone === state.gone && last === state.last ? state : { ...state, gone, last };
    const aside = this.asideAfter();
    return { ...state, entries: state.entries.with(this.entries), rows: this.rowsAfter(), aside, last, gone };
  }

  private again(requestId: RequestId): void {
    const known = this.entry(requestId);
    if (known !== null && !this.entries.has(requestId)) this.place(requestId, known);
  }

  private entry(requestId: RequestId): QueueEntry | null {
    const changed = this.entries.get(requestId);
    return changed === undefined ? (this.state.entries.get(requestId) ?? null) : changed;
  }

  private rowOf(item: QueueItem): QueueRow | null {
    const { look, floor } = this.state;
    if (!fitsLook(item, look, this.eyes)) return null;
    const row = rowOf(item, look);
    return floor === null || comparePlaces(row, floor, look) <= 0 ? row : null;
  }

  private ownGone(): Map<RequestId, number> {
    this.gone ??= new Map(this.state.gone);
    const oldest = this.gone.size > goneMost ? this.gone.keys().next() : null;
    if (oldest !== null && oldest.done !== true) this.gone.delete(oldest.value);
    return this.gone;
  }

  private rowsAfter(): readonly QueueRow[] {
    const { rows, look } = this.state;
    if (this.leaving.length === 0 && this.joining.length === 0) return rows;
    // Many at once are sorted; a few find their places.
    if (this.joining.length > 64) {
      const left = new Set(this.leaving);
      const all = rows.concat(this.joining).filter((row) => !left.has(row));
      return all.sort((a, b) => comparePlaces(a, b, look));
    }
    const next = rows.slice();
    for (const row of this.leaving) {
      const at = indexOfPlace(next, row, look);
      if (next[at]?.requestId === row.requestId) next.splice(at, 1);
    }
    for (const row of this.joining) {
      if (this.entries.get(row.requestId)?.row !== row) continue;
      next.splice(indexOfPlace(next, row, look), 0, row);
    }
    return next;
  }

  private asideAfter(): ReadonlySet<RequestId> {
    const { state } = this;
    const aside = new Set(state.aside);
    for (const [requestId, entry] of this.entries) {
      aside.delete(requestId);
      if (entry !== null && entry.row === null) aside.add(requestId);
    }
    // While a page is on its way it may be older than what was told meanwhile: nothing of that is forgotten.
    if (state.page === 'reading' || aside.size <= asideMost) return aside;
    const surplus = [...aside].slice(0, aside.size - asideMost);
    for (const requestId of surplus) {
      aside.delete(requestId);
      this.entries.set(requestId, null);
    }
    return aside;
  }
}
