import { holdpoint } from '@/lib/domain/actor';
import { openRequests } from '@/lib/domain/book';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { bookOf, type LiveSession } from './parts';
import type { Draft } from './session-log';

/** Withdraws what is still open of a call, as part of the change that ends it. */
export function withdrawals(live: LiveSession, callId: CallId, why: string): readonly Draft[] {
  return openRequests(bookOf(live))
    .filter((request) => request.callId === callId)
    .map(
      (request): Draft => ({
        actor: holdpoint,
        body: { type: 'request.withdrawn', requestId: request.requestId, why },
      }),
    );
}

/** Answers that were saved for a call that ended before they arrived. */
export function undelivered(live: LiveSession, callId: CallId): readonly Draft[] {
  return [...bookOf(live).requests.values()]
    .filter((request) => request.callId === callId && request.state === 'answered' && request.kind !== 'approval')
    .map(
      (request): Draft => ({
        actor: holdpoint,
        body: {
          type: 'answer.undelivered',
          requestId: request.requestId,
          why: 'The call ended before the answer arrived.',
        },
      }),
    );
}

/** Approvals that will never take effect: who gave one is told. */
export function voided(live: LiveSession, callId: CallId, why: string): readonly Draft[] {
  return [...bookOf(live).requests.values()]
    .filter((request) => request.callId === callId && request.state === 'answered' && request.kind === 'approval')
    .map(
      (request): Draft => ({
        actor: holdpoint,
        body: { type: 'answer.undelivered', requestId: request.requestId, why },
      }),
    );
}

export function approvalOf(live: LiveSession, callId: CallId): RequestId | null {
  for (const request of bookOf(live).requests.values()) {
    if (request.callId === callId && request.kind === 'approval') return request.requestId;
  }
  return null;
}
