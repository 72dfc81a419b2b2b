import { openCalls } from '@/lib/domain/book';
import { isUnderWay, sentOf } from '@/lib/domain/call';
import type { CallId } from '@/lib/domain/ids';
import type { Place } from './place';
import { bookOf, type LiveSession } from './parts';
import type { Arrival } from './ports/upstream';
import { callOfRpcId } from './rpc-ids';

/** Which call asks: the one whose stream it came on, or the only one in flight; else the candidates. */
export function attribution(
  live: LiveSession,
  place: Place,
  arrival: Arrival,
): { readonly callId: CallId | null; readonly candidates: readonly CallId[] } | null {
  const book = bookOf(live);
  const named = callOfRpcId(arrival.callRpcId);
  if (named !== null) {
    const call = book.calls.get(named);
    return call !== undefined && isUnderWay(call) ? { callId: named, candidates: [] } : null;
  }
  const inFlight = openCalls(book).filter((call) => sentOf(call)?.connectionId === place.connectionId);
  const only = inFlight.length === 1 ? inFlight[0] : undefined;
  if (only !== undefined) return { callId: only.callId, candidates: [] };
  return { callId: null, candidates: inFlight.map((call) => call.callId) };
}
