import { holdpoint } from '@/lib/domain/actor';
import { openRequests } from '@/lib/domain/book';
import { isUnderWay } from '@/lib/domain/call';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { isPermit } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';
import { bookOf, type LiveSession } from './parts';
import type { Draft } from './session-log';

export function requestsOf(live: LiveSession, callId: CallId): readonly HoldRequest[] {
  return [...bookOf(live).requests.values()].filter((request) => request.callId === callId);
}

/** Withdraws what is still open of a call, as part of the change that ends it. */
export function withdrawals(live: LiveSession, callId: CallId, why: string): readonly Draft[] {
  const book = bookOf(live);
  // One that may be of several calls goes with the last of them.
  const isOver = (id: CallId): boolean => {
    const call = book.calls.get(id);
    return id === callId || call === undefined || !isUnderWay(call);
  };
  return openRequests(book)
    .filter((request) =>
      request.callId === null
        ? request.candidates.includes(callId) && request.candidates.every(isOver)
        : request.callId === callId,
    )
    .map(
      (request): Draft => ({
        actor: holdpoint,
        body: { type: 'request.withdrawn', requestId: request.requestId, why },
      }),
    );
}

/** Answers that were saved for a call that ended before they arrived. */
export function undelivered(live: LiveSession, callId: CallId, why: string): readonly Draft[] {
  return declared(live, { callId, why, permits: 'leave' });
}

/** Permits that will never take effect: who gave one is told. */
export function voided(live: LiveSession, callId: CallId, why: string): readonly Draft[] {
  return declared(live, { callId, why, permits: 'only' });
}

function declared(
  live: LiveSession,
  how: { readonly callId: CallId; readonly why: string; readonly permits: 'only' | 'leave' },
): readonly Draft[] {
  return requestsOf(live, how.callId)
    .filter((request) => request.state === 'answered' && isPermit(request) === (how.permits === 'only'))
    .map(
      (request): Draft => ({
        actor: holdpoint,
        body: { type: 'answer.undelivered', requestId: request.requestId, why: how.why },
      }),
    );
}

/** The approval a call was held for; null when it needed none. */
export function approvalOf(live: LiveSession, callId: CallId): RequestId | null {
  return requestsOf(live, callId).find((request) => request.kind === 'approval')?.requestId ?? null;
}

/** The permits a call is about to leave with: saved, and not on their way yet. */
export function permitsOf(live: LiveSession, callId: CallId): readonly HoldRequest[] {
  return requestsOf(live, callId).filter((request) => request.state === 'answered' && isPermit(request));
}
