import { holdpoint } from '@/lib/domain/actor';
import type { CallId } from '@/lib/domain/ids';
import { requestsOf } from './call-requests';
import { bookOf, type LiveSession } from './parts';
import type { Draft } from './session-log';

/** The receipt's last stage: the tool's next message after an answer it accepted. */
export function movedOn(live: LiveSession, callId: CallId | null): readonly Draft[] {
  if (callId === null) return [];
  return [...bookOf(live).requests.values()]
    .filter((request) => request.callId === callId && (request.state === 'answered' || request.state === 'delivered'))
    .filter((request) => 'receipt' in request && request.receipt.to === 'server' && request.receipt.movedOnAt === null)
    .map(
      (request): Draft => ({
        actor: { kind: 'server', name: request.server },
        body: { type: 'answer.moved_on', requestId: request.requestId },
      }),
    );
}

/** What its server had when it turned the call back: it took it, and the tool did not move. */
export function taken(live: LiveSession, callId: CallId): readonly Draft[] {
  return requestsOf(live, callId)
    .filter((request) => request.state === 'answered' && request.receipt.to === 'server')
    .map(({ requestId }): Draft => ({ actor: holdpoint, body: { type: 'answer.accepted', requestId, status: null } }));
}
