import type { SessionId } from '@/lib/domain/ids';
import type { EventLook } from '@/lib/domain/timeline/find';
import type { CommandOf } from '@/lib/protocol/commands';
import type { Push } from '@/lib/protocol/pushes';
import { type LiveParts, readPatiently } from './live-parts';
import { failureOf } from './state/failure';
import { isRawBehind, newRaw, type RawView, rawBegun, rawPreceded, rawReplied } from './state/raw';
import { eventsFound, newlyWatched, nextHole, pageRead, type WatchedSession, watchReplied } from './state/watched';
import { rawViewsTold, watchedTold } from './state/watched-pushes';

export type ShownPlace = Exclude<CommandOf<'session.page'>['place'], { readonly is: 'before' }>;

/** Sessions that were looked at before stay folded, so that going back is instant. */
const keptMost = 4;

/** Keeps the sessions on screen complete: reads to their end, and again wherever a push shows a gap. */
export class Watching {
  private readonly shown = new Map<SessionId, number>();
  private readonly rawShown = new Map<SessionId, number>();
  private readonly asking = new Map<string, symbol>();

  constructor(private readonly parts: LiveParts) {}

  open(sessionId: SessionId): () => void {
    this.shown.set(sessionId, (this.shown.get(sessionId) ?? 0) + 1);
    this.put(sessionId, this.parts.store.state.watched.get(sessionId) ?? newlyWatched);
    void this.readEvents(sessionId);
    return () => this.close(sessionId);
  }

  openRaw(sessionId: SessionId): () => void {
    this.rawShown.set(sessionId, (this.rawShown.get(sessionId) ?? 0) + 1);
    this.putRaw(sessionId, this.parts.store.state.raw.get(sessionId) ?? newRaw);
    void this.readRaw(sessionId);
    return () => {
      const left = (this.rawShown.get(sessionId) ?? 1) - 1;
      if (left > 0) this.rawShown.set(sessionId, left);
      else this.rawShown.delete(sessionId);
    };
  }

  /** Tries again after a failure. */
  read(sessionId: SessionId): void {
    void this.readEvents(sessionId);
  }

  resync(): void {
    this.asking.clear();
    for (const sessionId of this.shown.keys()) void this.readEvents(sessionId);
    for (const sessionId of this.rawShown.keys()) void this.readRaw(sessionId);
  }

  take(pushes: readonly Push[]): void {
    const { watched, raw } = this.parts.store.state;
    const next = { watched: watchedTold(watched, pushes), raw: rawViewsTold(raw, pushes) };
    if (next.watched !== watched || next.raw !== raw) this.parts.store.change(() => next);
    this.follow();
  }

  /** Whoever fell behind is read again from the last event without a gap. */
  private follow(): void {
    const { watched, raw } = this.parts.store.state;
    for (const sessionId of this.shown.keys()) {
      const known = watched.get(sessionId);
      if (known?.status === 'ready' && nextHole(known) !== null) void this.readHoles(sessionId);
    }
    for (const sessionId of this.rawShown.keys()) {
      const view = raw.get(sessionId);
      if (view?.status === 'ready' && isRawBehind(view)) void this.readRaw(sessionId);
    }
  }

  private async readEvents(sessionId: SessionId): Promise<void> {
    const isOurs = this.begin(`events ${sessionId}`);
    if (isOurs === null) return;
    const { status, read, heardSeq } = this.parts.store.state.watched.get(sessionId) ?? newlyWatched;
    // The newest first; one that was read before goes on from where it was.
    const asked = { afterSeq: status === 'ready' ? (read.at(-1)?.to ?? null) : null, heardSeq };
    const reply = await readPatiently(this.parts, { type: 'session.watch', sessionId, afterSeq: asked.afterSeq });
    if (!isOurs()) return;
    const known = this.parts.store.state.watched.get(sessionId);
    if (reply !== null && known !== undefined) {
      if (reply.ok) this.put(sessionId, watchReplied(known, reply.value, asked));
      else this.put(sessionId, { ...known, status: 'failed', failure: failureOf(reply) });
      if (reply.ok) await this.fill(sessionId, isOurs);
    }
    if (isOurs()) this.asking.delete(`events ${sessionId}`);
  }

  private async readHoles(sessionId: SessionId): Promise<void> {
    const isOurs = this.begin(`events ${sessionId}`);
    if (isOurs === null) return;
    await this.fill(sessionId, isOurs);
    if (isOurs()) this.asking.delete(`events ${sessionId}`);
  }

  /** Reads what is missing, from the newest hole to the beginning. */
  private async fill(sessionId: SessionId, isOurs: () => boolean): Promise<void> {
    for (;;) {
      const before = this.parts.store.state.watched.get(sessionId);
      const hole = before === undefined ? null : nextHole(before);
      if (hole === null) return;
      const place = { is: 'before', seq: hole.to + 1 } as const;
      const reply = await readPatiently(this.parts, { type: 'session.page', sessionId, place });
      const known = this.parts.store.state.watched.get(sessionId);
      if (!isOurs() || reply === null || known === undefined) return;
      if (!reply.ok) return this.put(sessionId, { ...known, status: 'failed', failure: failureOf(reply) });
      // What lies in the hole and is not in the page is not in the log.
      this.put(sessionId, pageRead(known, { ...reply.value, throughSeq: hole.to }));
    }
  }

  /** Reads what is around an event or an instant, ahead of what lies between. */
  async show(sessionId: SessionId, place: ShownPlace): Promise<void> {
    const known = this.parts.store.state.watched.get(sessionId);
    if (place.is === 'around' && known?.timeline.events.find(place.seq) !== undefined) return;
    const reply = await readPatiently(this.parts, { type: 'session.page', sessionId, place });
    if (reply?.ok === true) this.change(sessionId, (watched) => pageRead(watched, reply.value));
  }

  /** Has the server search what is not read yet; how many match in all, null when it could not say. */
  async find(sessionId: SessionId, look: EventLook): Promise<number | null> {
    const reply = await readPatiently(this.parts, { type: 'session.find', sessionId, ...look });
    if (reply?.ok !== true) return null;
    const { events, origins, total } = reply.value;
    this.change(sessionId, (watched) => eventsFound(watched, [...origins, ...events]));
    return total;
  }

  private change(sessionId: SessionId, next: (watched: WatchedSession) => WatchedSession): void {
    const known = this.parts.store.state.watched.get(sessionId);
    if (known !== undefined) this.put(sessionId, next(known));
  }

  private async readRaw(sessionId: SessionId): Promise<void> {
    const isOurs = this.begin(`raw ${sessionId}`);
    if (isOurs === null) return;
    for (;;) {
      const before = this.parts.store.state.raw.get(sessionId) ?? newRaw;
      const { throughSeq } = before;
      const page = throughSeq === null ? ({ is: 'newest' } as const) : ({ is: 'after', seq: throughSeq } as const);
      const reply = await readPatiently(this.parts, { type: 'session.raw', sessionId, page });
      if (!isOurs()) return;
      const known = this.parts.store.state.raw.get(sessionId);
      if (reply === null || known === undefined) break;
      if (!reply.ok) {
        this.putRaw(sessionId, { ...known, status: 'failed', failure: failureOf(reply) });
        break;
      }
      const next =
        page.is === 'newest' ? rawBegun(known, reply.value) : rawReplied(known, reply.value, before.heardSeq);
      this.putRaw(sessionId, next);
      if (!isRawBehind(next)) break;
    }
    this.asking.delete(`raw ${sessionId}`);
  }

  /** The page before the first message that is loaded. */
  readOlderRaw(sessionId: SessionId): void {
    void this.olderRaw(sessionId);
  }

  private async olderRaw(sessionId: SessionId): Promise<void> {
    const view = this.parts.store.state.raw.get(sessionId);
    const first = view?.messages[0];
    if (view?.older !== 'some' || first === undefined || !this.parts.isOnline()) return;
    this.putRaw(sessionId, { ...view, older: 'reading' });
    const page = { is: 'before', seq: first.seq } as const;
    const reply = await readPatiently(this.parts, { type: 'session.raw', sessionId, page });
    const known = this.parts.store.state.raw.get(sessionId);
    if (known?.older !== 'reading') return;
    // Without an answer it is asked again when it is wanted again.
    if (reply === null || !reply.ok) return this.putRaw(sessionId, { ...known, older: 'some' });
    this.putRaw(sessionId, rawPreceded(known, reply.value));
  }

  /** One reader at a time for each; null when one is at it. A reader that was called off is no longer the one. */
  private begin(what: string): (() => boolean) | null {
    if (this.asking.has(what) || !this.parts.isOnline()) return null;
    const mine = Symbol(what);
    this.asking.set(what, mine);
    return () => this.asking.get(what) === mine;
  }

  private close(sessionId: SessionId): void {
    const left = (this.shown.get(sessionId) ?? 1) - 1;
    if (left > 0) return void this.shown.set(sessionId, left);
    this.shown.delete(sessionId);
    this.rawShown.delete(sessionId);
    // A reading under way would subscribe behind the back of what follows.
    this.asking.delete(`events ${sessionId}`);
    this.asking.delete(`raw ${sessionId}`);
    void this.parts.send({ type: 'session.unwatch', sessionId });
    this.forgetOldest(sessionId);
  }

  private forgetOldest(closed: SessionId): void {
    this.parts.store.change(({ watched, raw }) => {
      const idle = [...watched.keys()].filter((id) => !this.shown.has(id));
      const dropped = new Set(idle.slice(0, Math.max(0, idle.length - keptMost)));
      return {
        watched: dropped.size === 0 ? watched : new Map([...watched].filter(([id]) => !dropped.has(id))),
        raw: raw.has(closed) ? new Map([...raw].filter(([id]) => id !== closed)) : raw,
      };
    });
  }

  private put(sessionId: SessionId, next: WatchedSession): void {
    this.parts.store.change(({ watched }) => ({ watched: new Map(watched).set(sessionId, next) }));
  }

  private putRaw(sessionId: SessionId, next: RawView): void {
    this.parts.store.change(({ raw }) => ({ raw: new Map(raw).set(sessionId, next) }));
  }
}
