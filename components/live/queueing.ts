import type { RequestId } from '@/lib/domain/ids';
import { comparePlaces, rowOf, sameLook } from '@/lib/domain/queue';
import { openLook, type QueueLook, type QueuePlace } from '@/lib/domain/queue-query';
import type { Result } from '@/lib/domain/refusal';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueuePageReply } from '@/lib/protocol/command/queue-watch';
import type { CommandOf } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import { type LiveParts, readPatiently } from './live-parts';
import { failureOf } from './state/failure';
import { eyesOf } from './state/live-state';
import { presenceSnapshot } from './state/presence';
import { type PageAsked, queueAsked, queueCounted, queueFailed, queueLooked, queuePaged } from './state/queue';

const pagesMost = 200;
const countsAfterMs = 1_000;
/** Time alone moves requests between views; nobody tells of that. */
const beatMs = 15_000;
const longestSearch = 200;
/** Before every place of an order by what is yet to come, and of one by what was. */
const firstId = 'req_000000000000' as RequestId;
const beforeOpen: QueuePlace = { at: 0, requestId: firstId };
const beforeOver: QueuePlace = { at: Number.MAX_SAFE_INTEGER, requestId: firstId };

/** Keeps the part of the queue that is looked at: a first page, then more as they are needed. */
export class Queueing {
  private asking: symbol | null = null;
  private cancelCounts: (() => void) | null = null;
  private cancelBeat: (() => void) | null = null;
  private countedAt = 0;

  constructor(
    private readonly parts: LiveParts,
    private readonly afterPage: () => void,
  ) {}

  /** Looks elsewhere. What is known of it is shown at once. */
  look(look: QueueLook): void {
    const { store } = this.parts;
    if (sameLook(store.state.queue.look, look)) return;
    store.change((state) => ({ queue: queueLooked(state.queue, look, eyesOf(state, this.now())) }));
    void this.readThrough(null);
  }

  /** The next page, unless one is on its way. */
  more(): void {
    const { floor, status, page } = this.parts.store.state.queue;
    if (floor === null || status !== 'ready' || page === 'reading') return;
    void this.readPage({ after: floor, until: null }, this.begin());
  }

  /** Reads again as far as was read before, since any of it may have changed. */
  resync(): void {
    const { status, floor } = this.parts.store.state.queue;
    void this.readThrough(status === 'ready' ? (floor ?? 'end') : null);
    this.beat();
  }

  /** After pushes: the counts are asked for again, once a second at most. */
  told(batch: readonly Push[]): void {
    if (!batch.some(({ type }) => type === 'request.changed' || type === 'request.gone')) return;
    const waitMs = Math.max(0, this.countedAt + countsAfterMs - this.parts.around.now());
    this.cancelCounts ??= this.parts.around.later(waitMs, () => {
      this.cancelCounts = null;
      void this.count();
    });
  }

  /** Finds requests without looking elsewhere, what is over after what is open. Null when they could not be asked for. */
  async find(text: string): Promise<readonly QueueItem[] | null> {
    const look = toSend({ ...openLook, text: text.slice(0, longestSearch) });
    const [open, over] = await Promise.all([
      this.parts.send({ type: 'queue.page', look, after: beforeOpen }),
      this.parts.send({ type: 'queue.page', look: { ...look, view: 'answered' }, after: beforeOver }),
    ]);
    return open.ok && over.ok ? [...open.value.items, ...over.value.items] : null;
  }

  stop(): void {
    this.asking = null;
    this.cancelCounts?.();
    this.cancelBeat?.();
    this.cancelCounts = null;
    this.cancelBeat = null;
  }

  private beat(): void {
    this.cancelBeat?.();
    this.cancelBeat = this.parts.around.later(beatMs, () => {
      this.beat();
      if (!this.parts.isOnline()) return;
      const { look, page } = this.parts.store.state.queue;
      const movesByTime = look.view === 'mine' || look.view === 'expiring';
      if (movesByTime && page === 'idle') this.resync();
      else void this.count();
    });
  }

  private async count(): Promise<void> {
    if (!this.parts.isOnline()) return;
    this.countedAt = this.parts.around.now();
    const reply = await this.parts.send({ type: 'queue.counts' });
    if (reply.ok) this.parts.store.change(({ queue }) => ({ queue: queueCounted(queue, reply.value) }));
  }

  private async readThrough(until: PageAsked['until']): Promise<void> {
    const mine = this.begin();
    let after: QueuePlace | null = null;
    for (let pages = 0; pages < pagesMost; pages += 1) {
      const reached = await this.readPage({ after, until }, mine);
      if (reached === null || until === null) return;
      if (until !== 'end' && comparePlaces(reached, until, this.parts.store.state.queue.look) >= 0) return;
      after = reached;
      this.asking = mine;
    }
  }

  /** Where the page ended; null when nothing is left to read, or nothing could be. */
  private async readPage(
    { after, until }: Pick<PageAsked, 'after' | 'until'>,
    mine: symbol,
  ): Promise<QueuePlace | null> {
    const { store } = this.parts;
    if (!this.parts.isOnline()) return null;
    store.change(({ queue }) => ({ queue: queueAsked(queue) }));
    const { look, entries: known } = store.state.queue;
    const reply = await this.ask(look, after);
    if (this.asking !== mine || reply === null) return null;
    this.asking = null;
    if (!reply.ok) {
      store.change(({ queue }) => ({ queue: queueFailed(queue, failureOf(reply)) }));
      return null;
    }
    store.change((state) => {
      const asked = { look, after, until, known, eyes: eyesOf(state, this.now()) };
      return { queue: queuePaged(state.queue, asked, reply.value) };
    });
    this.afterPage();
    return reply.value.end;
  }

  private async ask(look: QueueLook, after: QueuePlace | null): Promise<Result<Paged> | null> {
    if (after !== null) {
      // A row stands in for its place, and the wire takes nothing beside that.
      const { at, requestId } = after;
      const command = { type: 'queue.page', look: toSend(look), after: { at, requestId } } as const;
      return withEnd(await readPatiently(this.parts, command), look);
    }
    const reply = await readPatiently(this.parts, { type: 'queue.watch', look: toSend(look) });
    if (reply?.ok === true) {
      const { counts, presence } = reply.value;
      this.countedAt = this.parts.around.now();
      this.parts.store.change(({ queue }) => ({
        queue: queueCounted(queue, counts),
        presence: presenceSnapshot(presence),
      }));
    }
    return withEnd(reply, look);
  }

  private now(): number {
    return this.parts.around.now() + this.parts.store.state.clockOffsetMs;
  }

  /** A later reading calls an earlier one off. */
  private begin(): symbol {
    const mine = Symbol('reading');
    this.asking = mine;
    return mine;
  }
}

type Paged = QueuePageReply & {
  /** Where it ended; null when nothing comes after it. */
  readonly end: QueuePlace | null;
};

function withEnd(reply: Result<QueuePageReply> | null, look: QueueLook): Result<Paged> | null {
  if (reply === null || !reply.ok) return reply;
  const last = reply.value.items.at(-1);
  const end = reply.value.more && last !== undefined ? rowOf(last, look) : null;
  return { ok: true, value: { ...reply.value, end } };
}

/** As the wire's schema types it: lists of its own. */
export function toSend(look: QueueLook): CommandOf<'queue.watch'>['look'] {
  return { ...look, kinds: [...look.kinds], risks: [...look.risks], teams: [...look.teams] };
}
