import { holdpoint } from '@/lib/domain/actor';
import { isUnderWay } from '@/lib/domain/call';
import type { CallId } from '@/lib/domain/ids';
import { isPermit } from '@/lib/domain/permit';
import { triesOf } from '@/lib/domain/turn-back';
import { requestsOf, voided } from './call-requests';
import { type Interrupted, interrupted, isRepeatable } from './interruption';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';

/**
 * A call whose result cannot come ends once nothing of it waits any more: its open question is still answered and
 * the answer still delivered. What is known to be safe goes again instead (I4).
 */
export function settledIfResultLost(
  parts: EngineParts,
  live: LiveSession,
  what: { readonly callId: CallId; readonly why: string; readonly now: number },
): Interrupted {
  const { callId, why, now } = what;
  const call = bookOf(live).calls.get(callId);
  const nothing: Interrupted = { events: [], payloads: [] };
  if (call === undefined || !isUnderWay(call)) return nothing;
  const waits = requestsOf(live, callId).some(
    (request) => (request.state === 'open' || request.state === 'answered') && !isPermit(request),
  );
  if (waits) return nothing;
  if (isRepeatable(call, parts.servers.get(call.server)) && triesOf(call) === 1)
    return interrupted(parts, live, { call, why: { why, requests: why }, now });
  const permits = voided(live, callId, 'The call ended first.');
  return {
    events: [...permits, { actor: holdpoint, body: { type: 'call.indeterminate', callId, why } }],
    payloads: [],
  };
}

/** After an answer went its way, or nobody gave one. */
export async function settleIfResultLost(parts: EngineParts, live: LiveSession, callId: CallId | null): Promise<void> {
  const lostWhy = (): string | null => {
    const call = callId === null ? undefined : bookOf(live).calls.get(callId);
    return call !== undefined && 'resultLost' in call ? call.resultLost : null;
  };
  if (callId === null || lostWhy() === null) return;
  await insist(parts, live, (_book, now) => {
    const why = lostWhy();
    return { ...(why === null ? { events: [] } : settledIfResultLost(parts, live, { callId, why, now })), value: null };
  });
}
