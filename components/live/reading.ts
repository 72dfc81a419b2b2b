import type { RequestId } from '@/lib/domain/ids';
import { type LiveParts, readPatiently } from './live-parts';
import { failureOf } from './state/failure';
import type { HoldRequest } from '@/lib/domain/request';
import { detailRead, detailReading, stageKey, withDetail } from './state/details';

const keptMost = 40;
const openedMost = 500;
/** Opened one right after the other, only where it ends is read. */
const quickMs = 100;
const settledMs = 60;

/** What a detail depends on: it is read again when this changes. */
export function freshnessOf(request: HoldRequest): string {
  const { votes, notes, assignedTo, alsoTeams, writer } = request;
  const voted = votes.map(({ by, vote, at }) => `${by.id} ${vote} ${at}`).join(',');
  return `${stageKey(request)} ${notes} ${assignedTo?.id ?? ''} ${alsoTeams.length} ${writer} ${voted}`;
}

/** Keeps the details of the requests that are on screen as fresh as the queue's items. */
export class Reading {
  private readonly shown = new Map<RequestId, number>();
  /** What each request on screen was asked for, and what it was last read for. */
  private readonly asked = new Map<RequestId, string>();
  private readonly readFor = new Map<RequestId, string>();
  private readonly openedAt = new Map<RequestId, number>();
  private lastOpenAt = Number.NEGATIVE_INFINITY;
  private cancelRead: (() => void) | null = null;

  constructor(private readonly parts: LiveParts) {}

  /** Shows a request until the returned function is called. */
  open(requestId: RequestId): () => void {
    this.shown.set(requestId, (this.shown.get(requestId) ?? 0) + 1);
    const { store } = this.parts;
    if (!store.state.seen.has(requestId)) store.change(({ seen }) => ({ seen: new Set(seen).add(requestId) }));
    if (store.state.details.get(requestId)?.status !== 'ready') {
      store.change(({ details }) => ({ details: withDetail(details, requestId, detailReading) }));
    }
    this.noteOpened(requestId);
    this.readSettled(requestId);
    return () => this.close(requestId);
  }

  /** How long ago this tab first showed the request while it was open; null when it did not. */
  openForMs(requestId: RequestId): number | null {
    const at = this.openedAt.get(requestId);
    return at === undefined ? null : Math.max(0, Math.round(this.parts.around.now() - at));
  }

  read(requestId: RequestId): void {
    if (this.parts.isOnline()) void this.ask(requestId);
  }

  /** Reads what is likely to be opened next, so that it is there at once; it is read again when it is. */
  ahead(requestId: RequestId): void {
    if (this.parts.isOnline() && this.parts.store.state.details.get(requestId)?.status !== 'ready')
      void this.ask(requestId);
  }

  resync(): void {
    this.asked.clear();
    for (const requestId of this.shown.keys()) this.read(requestId);
  }

  /** After pushes: what moved on is read again, once for each stage. */
  follow(): void {
    for (const requestId of this.shown.keys()) {
      const known = this.parts.store.state.details.get(requestId);
      if (known?.status !== 'ready') continue;
      const stage = freshnessOf(known.detail.request);
      if (stage !== this.readFor.get(requestId) && this.asked.get(requestId) !== stage) this.read(requestId);
    }
  }

  private readSettled(requestId: RequestId): void {
    const now = this.parts.around.now();
    const isQuick = now - this.lastOpenAt < quickMs;
    this.lastOpenAt = now;
    this.cancelRead?.();
    this.cancelRead = null;
    if (!isQuick) return this.read(requestId);
    this.cancelRead = this.parts.around.later(settledMs, () => {
      this.cancelRead = null;
      if (this.shown.has(requestId)) this.read(requestId);
    });
  }

  private async ask(requestId: RequestId): Promise<void> {
    const { store } = this.parts;
    const known = store.state.details.get(requestId);
    this.asked.set(requestId, known?.status === 'ready' ? freshnessOf(known.detail.request) : '');
    const reply = await readPatiently(this.parts, { type: 'request.read', requestId });
    if (reply === null) return;
    if (reply.ok) {
      const detail = reply.value;
      this.readFor.set(requestId, freshnessOf(detail.request));
      store.change(({ details, queue }) => ({
        details: detailRead(details, detail, queue.entries.get(requestId) ?? null),
      }));
      this.noteOpened(requestId);
      if (!this.shown.has(requestId)) this.forgetOldest();
    } else if (this.shown.has(requestId)) {
      store.change(({ details }) => ({
        details: withDetail(details, requestId, { status: 'failed', failure: failureOf(reply) }),
      }));
    }
    this.follow();
  }

  private close(requestId: RequestId): void {
    const left = (this.shown.get(requestId) ?? 1) - 1;
    if (left > 0) return void this.shown.set(requestId, left);
    this.shown.delete(requestId);
    this.asked.delete(requestId);
    this.forgetOldest();
  }

  private noteOpened(requestId: RequestId): void {
    const known = this.parts.store.state.details.get(requestId);
    if (this.openedAt.has(requestId) || !this.shown.has(requestId) || known?.status !== 'ready') return;
    if (known.detail.request.state !== 'open') return;
    this.openedAt.set(requestId, this.parts.around.now());
    const oldest = this.openedAt.size > openedMost ? this.openedAt.keys().next() : null;
    if (oldest !== null && oldest.done !== true) this.openedAt.delete(oldest.value);
  }

  private forgetOldest(): void {
    const { store } = this.parts;
    const idle = [...store.state.details.keys()].filter((id) => !this.shown.has(id));
    const surplus = idle.slice(0, Math.max(0, idle.length - keptMost));
    if (surplus.length === 0) return;
    const dropped = new Set(surplus);
    for (const id of surplus) this.readFor.delete(id);
    store.change(({ details }) => ({ details: new Map([...details].filter(([id]) => !dropped.has(id))) }));
  }
}
