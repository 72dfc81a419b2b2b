import { mintId, type OperationId, type RequestId } from '@/lib/domain/ids';
import type { LiveParts } from './live-parts';
import {
  type AttemptOrder,
  attemptMade,
  attemptRefused,
  attemptSaved,
  attemptSent,
  attemptTakenBack,
  draftTyped,
} from './state/drafts';
import { applyRequest } from './state/live-state';

const tryAgainMs = 1_000;

/** Takes answers to the server: each until a reply decides it, always with the same operation id (I1). */
export class Answering {
  private readonly underWay = new Set<OperationId>();

  constructor(private readonly parts: LiveParts) {}

  typed(requestId: RequestId, text: string | null): void {
    const { store, around } = this.parts;
    store.change(({ drafts }) => ({ drafts: draftTyped(drafts, requestId, { text, at: around.now() }) }));
  }

  answer(order: AttemptOrder): void {
    const { store, around } = this.parts;
    const operationId = mintId('operation', around.random);
    const line = this.parts.isOnline() ? 'online' : 'away';
    store.change(({ drafts }) => ({ drafts: attemptMade(drafts, order, { operationId, line, at: around.now() }) }));
    void this.transmit(order.requestId);
  }

  /** Takes back an answer that was never sent. */
  unqueue(requestId: RequestId): void {
    this.parts.store.change(({ drafts }) => ({ drafts: attemptTakenBack(drafts, requestId) }));
  }

  /** The line is back: everything undecided goes out again. */
  resync(): void {
    for (const [requestId, { attempt }] of this.parts.store.state.drafts)
      if (attempt !== null) void this.transmit(requestId);
  }

  private async transmit(requestId: RequestId): Promise<void> {
    const { store, around } = this.parts;
    const attempt = store.state.drafts.get(requestId)?.attempt ?? null;
    if (attempt === null || !this.parts.isOnline()) return;
    const { order } = attempt;
    if (this.underWay.has(order.operationId)) return;
    this.underWay.add(order.operationId);
    store.change(({ drafts }) => ({ drafts: attemptSent(drafts, requestId) }));
    const reply = await this.parts.send({ type: 'request.answer', ...order });
    this.underWay.delete(order.operationId);
    if (reply.ok) {
      const { value } = reply;
      store.change((state) => ({
        ...applyRequest(state, value),
        drafts: attemptSaved(state.drafts, order.operationId),
      }));
      return;
    }
    switch (reply.code) {
      case 'offline':
      case 'stopping':
        // Whether it was heard is unknown. While the line is away, its return sends again.
        around.later(tryAgainMs, () => void this.transmit(requestId));
        return;
      case 'not_signed_in':
        return;
      default:
        store.change(({ drafts }) => ({ drafts: attemptRefused(drafts, order.operationId, reply) }));
    }
  }
}
