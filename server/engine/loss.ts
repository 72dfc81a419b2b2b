import { holdpoint } from '@/lib/domain/actor';
import { openCalls } from '@/lib/domain/book';
import { isLiveConnection } from '@/lib/domain/connection';
import type { Place } from './place';
import { type Interrupted, interrupted } from './interruption';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Payload } from './ports/store';
import type { Draft } from './session-log';

/**
 * A lost connection settles all it carried at once (I9): never by timeout, never by a silent repeat (I3). A call
 * on it goes again where that is known to be safe, or a person is asked (I4).
 */
export function lossOf(
  parts: EngineParts,
  live: LiveSession,
  loss: { readonly place: Pick<Place, 'server' | 'connectionId'>; readonly why: string; readonly now: number },
): Interrupted {
  const { place, why, now } = loss;
  const book = bookOf(live);
  const connection = book.connections.get(place.connectionId);
  if (connection === undefined || !isLiveConnection(connection)) return { events: [], payloads: [] };
  const { connectionId } = place;
  const events: Draft[] = [{ actor: holdpoint, body: { type: 'connection.lost', connectionId, why } }];
  const payloads: Payload[] = [];
  const requestsWhy = `The connection to ${place.server} was lost.`;
  for (const call of openCalls(book)) {
    if (call.state === 'held' || call.connectionId !== connectionId || live.sending.has(call.callId)) continue;
    const left = interrupted(parts, live, {
      call,
      why: { why: `The connection to ${place.server} was lost (${why}).`, requests: requestsWhy },
      now,
    });
    events.push(...left.events);
    payloads.push(...left.payloads);
  }
  return { events: [...unclaimed(live, { connectionId, why: requestsWhy, events }), ...events], payloads };
}

/** Questions of the connection that no call of it settles: of no call, or of one that is being sent. */
function unclaimed(
  live: LiveSession,
  loss: { readonly connectionId: Place['connectionId']; readonly why: string; readonly events: readonly Draft[] },
): readonly Draft[] {
  const settled = new Set(loss.events.flatMap(({ body }) => ('requestId' in body ? [body.requestId] : [])));
  const drafts: Draft[] = [];
  for (const { requestId, upstream, state } of bookOf(live).requests.values()) {
    if (upstream?.connectionId !== loss.connectionId || settled.has(requestId)) continue;
    if (state === 'open')
      drafts.push({ actor: holdpoint, body: { type: 'request.withdrawn', requestId, why: loss.why } });
    if (state === 'answered')
      drafts.push({ actor: holdpoint, body: { type: 'answer.undelivered', requestId, why: loss.why } });
  }
  return drafts;
}
