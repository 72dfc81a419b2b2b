import type { OperationId, RequestId } from '@/lib/domain/ids';
import type { Refusal } from '@/lib/domain/refusal';
import type { AnswerOrder } from '@/lib/domain/request-detail';

/** One attempt to answer. It keeps its operation id until a reply that decides it (I1). */
export type Attempt =
  /** Kept here until `untilAt`, so that it can be undone. No byte of it was sent. */
  | { readonly order: AnswerOrder; readonly state: 'held'; readonly untilAt: number }
  /** `queued`: waits for the line; no byte of it was sent either. `sending`: it may have arrived. */
  | { readonly order: AnswerOrder; readonly state: 'queued' | 'sending' };

/** How an attempt begins. */
export type AttemptStart =
  | { readonly state: 'held'; readonly untilAt: number }
  | { readonly state: 'queued' | 'sending' };

/** What a person typed for one request and has not sent, and what became of their answer. */
export interface Draft {
  /** As the screen wrote it; this folder does not look inside. */
  readonly text: string | null;
  readonly attempt: Attempt | null;
  readonly refusal: Refusal | null;
  /** The refused order whose outcome a retry must not double. */
  readonly undecided: AnswerOrder | null;
  readonly touchedAt: number;
}

export type Drafts = ReadonlyMap<RequestId, Draft>;

export const noDrafts: Drafts = new Map();
const noDraft: Draft = { text: null, attempt: null, refusal: null, undecided: null, touchedAt: 0 };

/** `text` null: nothing would be lost, forget it. */
export function draftTyped(
  drafts: Drafts,
  requestId: RequestId,
  typed: { readonly text: string | null; readonly at: number },
): Drafts {
  const known = drafts.get(requestId) ?? noDraft;
  return put(drafts, requestId, { ...known, text: typed.text, touchedAt: typed.at });
}

export type AttemptOrder = Omit<AnswerOrder, 'operationId'>;

/**
 * Starts an attempt; one under way is left alone. An order that was refused without a decision keeps its
 * operation id when it is given again unchanged, and only then: the same id is the same answer.
 */
export function attemptMade(
  drafts: Drafts,
  order: AttemptOrder,
  given: { readonly operationId: OperationId; readonly start: AttemptStart; readonly at: number },
): Drafts {
  const known = drafts.get(order.requestId) ?? noDraft;
  if (known.attempt !== null) return drafts;
  const operationId =
    known.undecided !== null && sameOrder(known.undecided, order) ? known.undecided.operationId : given.operationId;
  const attempt: Attempt = { order: { ...order, operationId }, ...given.start };
  return put(drafts, order.requestId, { ...known, attempt, refusal: null, undecided: null, touchedAt: given.at });
}

/** Its first byte goes out now: from here on it cannot be taken back. */
export function attemptSent(drafts: Drafts, requestId: RequestId): Drafts {
  return attemptIn(drafts, requestId, 'sending');
}

/** The time to undo it is over while the line is away: it waits for the line. */
export function attemptQueued(drafts: Drafts, requestId: RequestId): Drafts {
  return attemptIn(drafts, requestId, 'queued');
}

function attemptIn(drafts: Drafts, requestId: RequestId, state: 'queued' | 'sending'): Drafts {
  const known = drafts.get(requestId);
  if (known?.attempt == null || known.attempt.state === 'sending' || known.attempt.state === state) return drafts;
  return put(drafts, requestId, { ...known, attempt: { order: known.attempt.order, state } });
}

export function attemptTakenBack(drafts: Drafts, requestId: RequestId): Drafts {
  const known = drafts.get(requestId);
  if (known?.attempt == null || known.attempt.state === 'sending') return drafts;
  return put(drafts, requestId, { ...known, attempt: null });
}

/** The answer is saved: nothing has to be kept. What was typed after it was sent is not part of it. */
export function attemptSaved(drafts: Drafts, operationId: OperationId): Drafts {
  const requestId = ownerOf(drafts, operationId);
  return requestId === null ? drafts : put(drafts, requestId, noDraft);
}

/** Refused: the typed text stays, whoever won. */
export function attemptRefused(drafts: Drafts, operationId: OperationId, refusal: Refusal): Drafts {
  const requestId = ownerOf(drafts, operationId);
  const known = requestId === null ? undefined : drafts.get(requestId);
  if (requestId === null || known?.attempt == null) return drafts;
  const undecided = decides(refusal) ? null : known.attempt.order;
  return put(drafts, requestId, { ...known, attempt: null, refusal, undecided });
}

/** Whether a refusal says that this order was not and will not be taken. */
function decides(refusal: Refusal): boolean {
  return refusal.code !== 'cannot_save' && refusal.code !== 'too_many';
}

function ownerOf(drafts: Drafts, operationId: OperationId): RequestId | null {
  for (const [requestId, { attempt }] of drafts) if (attempt?.order.operationId === operationId) return requestId;
  return null;
}

function sameOrder(a: AnswerOrder, b: AttemptOrder): boolean {
  return (
    a.requestId === b.requestId &&
    a.revision === b.revision &&
    a.action === b.action &&
    a.reason === b.reason &&
    JSON.stringify(a.content) === JSON.stringify(b.content) &&
    JSON.stringify(a.remember) === JSON.stringify(b.remember)
  );
}

function put(drafts: Drafts, requestId: RequestId, draft: Draft): Drafts {
  const next = new Map(drafts);
  const empty = draft.text === null && draft.attempt === null && draft.refusal === null && draft.undecided === null;
  if (empty) next.delete(requestId);
  else next.set(requestId, draft);
  return next;
}
