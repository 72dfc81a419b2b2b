import { mintId, type OperationId, type RequestId } from '@/lib/domain/ids';
import { claimAt } from '@/lib/domain/claim';
import type { HoldRequest } from '@/lib/domain/request';
import type { AnswerOrder } from '@/lib/domain/request-detail';
import type { CommandOf } from '@/lib/protocol/commands';
import type { LiveParts } from './live-parts';
import { type Leaving, leavingOfPage } from './leaving';
import {
  type AttemptOrder,
  type AttemptStart,
  attemptMade,
  attemptQueued,
  attemptRefused,
  attemptSaved,
  attemptSent,
  attemptTakenBack,
  draftTyped,
} from './state/drafts';
import { applyRequest } from './state/live-state';

const tryAgainMs = 1_000;
/** How long an answer can be undone. */
export const undoMs = 4_000;
/** Nearer than this to its deadline, an answer is sent at once. */
export const undoFromMs = 60_000;

function commandOf({ remember, ...order }: AnswerOrder): CommandOf<'request.answer'> {
  const kept = remember === null ? null : { for: remember.for, fields: [...remember.fields] };
  return { type: 'request.answer', ...order, remember: kept };
}

/** Takes answers to the server: each until a reply decides it, always with the same operation id (I1). */
export class Answering {
  private readonly underWay = new Set<OperationId>();
  private readonly held = new Map<RequestId, () => void>();
  private stopLeaving: (() => void) | null = null;

  constructor(
    private readonly parts: LiveParts,
    private readonly leaving: Leaving = leavingOfPage,
  ) {}

  typed(requestId: RequestId, text: string | null): void {
    const { store, around } = this.parts;
    store.change(({ drafts }) => ({ drafts: draftTyped(drafts, requestId, { text, at: around.now() }) }));
  }

  /** `undoable`: kept here for a moment first, where there is time for it and the line is there. */
  answer(order: AttemptOrder, how: 'undoable' | 'at_once' = 'at_once'): void {
    const { store, around } = this.parts;
    const { requestId } = order;
    const operationId = mintId('operation', around.random);
    const start = this.startOf(order, how);
    const before = store.state.drafts;
    store.change(({ drafts }) => ({ drafts: attemptMade(drafts, order, { operationId, start, at: around.now() }) }));
    if (store.state.drafts === before) return;
    if (start.state === 'held') this.hold(requestId);
    else void this.transmit(requestId);
  }

  /** Takes back an answer of which no byte was sent: held for undoing, or waiting for the line. */
  unqueue(requestId: RequestId): void {
    this.letGo(requestId);
    this.parts.store.change(({ drafts }) => ({ drafts: attemptTakenBack(drafts, requestId) }));
  }

  /** The line is back: everything undecided goes out again, but for what can still be undone. */
  resync(): void {
    for (const [requestId, { attempt }] of this.parts.store.state.drafts)
      if (attempt !== null && !this.held.has(requestId)) void this.transmit(requestId);
  }

  /** Sends at once what could still be undone: the page is left or hidden, and may not come back. */
  sendHeld(): void {
    for (const requestId of [...this.held.keys()]) this.overdue(requestId);
  }

  private startOf({ requestId, action }: AttemptOrder, how: 'undoable' | 'at_once'): AttemptStart {
    const { store, around } = this.parts;
    if (!this.parts.isOnline()) return { state: 'queued' };
    const known = store.state.details.get(requestId);
    if (how === 'at_once' || action === 'cancel' || known?.status !== 'ready') return { state: 'sending' };
    const now = around.now();
    const leftMs = known.detail.request.deadline.at - (now + store.state.clockOffsetMs);
    return leftMs > undoFromMs ? { state: 'held', untilAt: now + undoMs } : { state: 'sending' };
  }

  private hold(requestId: RequestId): void {
    this.held.set(
      requestId,
      this.parts.around.later(undoMs, () => this.overdue(requestId)),
    );
    this.stopLeaving ??= this.leaving(() => this.sendHeld());
    this.keepClaim(requestId);
  }

  private overdue(requestId: RequestId): void {
    this.letGo(requestId);
    if (!this.parts.isOnline()) this.parts.store.change(({ drafts }) => ({ drafts: attemptQueued(drafts, requestId) }));
    void this.transmit(requestId);
  }

  private letGo(requestId: RequestId): void {
    this.held.get(requestId)?.();
    this.held.delete(requestId);
    if (this.held.size > 0) return;
    this.stopLeaving?.();
    this.stopLeaving = null;
  }

  /** Others see that it is being answered, and do not answer beside it. */
  private keepClaim(requestId: RequestId): void {
    const { store, around, send } = this.parts;
    const { details, person, clockOffsetMs } = store.state;
    const known = details.get(requestId);
    if (person === null || known?.status !== 'ready' || !known.detail.allowed.claim.ok) return;
    const claim = claimAt(known.detail.request, around.now() + clockOffsetMs);
    if (claim === null || claim.by.id === person.id) void send({ type: 'request.claim', requestId });
  }

  private async transmit(requestId: RequestId): Promise<void> {
    const { store, around } = this.parts;
    const attempt = store.state.drafts.get(requestId)?.attempt ?? null;
    if (attempt === null || !this.parts.isOnline()) return;
    const { order } = attempt;
    if (this.underWay.has(order.operationId)) return;
    this.underWay.add(order.operationId);
    store.change(({ drafts }) => ({ drafts: attemptSent(drafts, requestId) }));
    const reply = await this.parts.send(commandOf(order));
    this.underWay.delete(order.operationId);
    if (reply.ok) {
      const { value } = reply;
      store.change((state) => ({
        ...applyRequest(state, value),
        drafts: attemptSaved(state.drafts, order.operationId),
      }));
      this.releaseAfterVote(value);
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

  /** A vote that did not decide is done: the claim is not to keep the next person waiting. */
  private releaseAfterVote(request: HoldRequest): void {
    const { store, around, send } = this.parts;
    const claim = claimAt(request, around.now() + store.state.clockOffsetMs);
    if (claim !== null && claim.by.id === store.state.person?.id)
      void send({ type: 'request.release', requestId: request.requestId });
  }
}
