import type { RequestId } from '@/lib/domain/ids';
import { type LiveParts, readPatiently } from './live-parts';
import { failureOf } from './state/failure';
import { detailRead, detailReading, stageKey, withDetail } from './state/details';

const keptMost = 40;

/** Keeps the details of the requests that are on screen as fresh as the queue's items. */
export class Reading {
  private readonly shown = new Map<RequestId, number>();
  private readonly asked = new Map<RequestId, string>();

  constructor(private readonly parts: LiveParts) {}

  /** Shows a request until the returned function is called. */
  open(requestId: RequestId): () => void {
    this.shown.set(requestId, (this.shown.get(requestId) ?? 0) + 1);
    const { store } = this.parts;
    if (!store.state.seen.has(requestId)) store.change(({ seen }) => ({ seen: new Set(seen).add(requestId) }));
    if (store.state.details.get(requestId)?.status !== 'ready') {
      store.change(({ details }) => ({ details: withDetail(details, requestId, detailReading) }));
    }
    this.read(requestId);
    return () => this.close(requestId);
  }

  read(requestId: RequestId): void {
    if (this.parts.isOnline()) void this.ask(requestId);
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
      const stage = stageKey(known.detail.request);
      if (stage !== known.readFor && this.asked.get(requestId) !== stage) this.read(requestId);
    }
  }

  private async ask(requestId: RequestId): Promise<void> {
    const { store } = this.parts;
    const known = store.state.details.get(requestId);
    this.asked.set(requestId, known?.status === 'ready' ? stageKey(known.detail.request) : '');
    const reply = await readPatiently(this.parts, { type: 'request.read', requestId });
    if (reply === null) return;
    if (reply.ok) {
      const detail = reply.value;
      store.change(({ details, queue }) => ({
        details: detailRead(details, detail, queue.entries.get(requestId) ?? null),
      }));
    } else {
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

  private forgetOldest(): void {
    const { store } = this.parts;
    const idle = [...store.state.details.keys()].filter((id) => !this.shown.has(id));
    const surplus = idle.slice(0, Math.max(0, idle.length - keptMost));
    if (surplus.length === 0) return;
    const dropped = new Set(surplus);
    store.change(({ details }) => ({ details: new Map([...details].filter(([id]) => !dropped.has(id))) }));
  }
}
