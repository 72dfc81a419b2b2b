import { holdpoint } from '@/lib/domain/actor';
import { isOpenCall } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import { undelivered, voided, withdrawals } from './call-requests';
import { insist } from './insist';
import type { EngineParts, LiveSession } from './parts';

const whyMost = 500;

/** Ends a call, with all that hangs on it, in one commit. Of one that is over only its permits are told of. */
export async function endCall(
  parts: EngineParts,
  live: LiveSession,
  end: {
    readonly callId: CallId;
    readonly body: EventBody | null;
    /** Done at the moment of deciding. */
    readonly deciding?: () => void;
  },
): Promise<void> {
  const { callId, body } = end;
  await insist(parts, live, (book) => {
    end.deciding?.();
    const call = book.calls.get(callId);
    const permits = voided(live, callId, unsentWords(body));
    if (body === null || call === undefined || !isOpenCall(call)) return { events: permits, value: null };
    return {
      events: [
        ...withdrawals(live, callId, 'The call ended first.'),
        ...undelivered(live, callId, 'The call ended before the answer arrived.'),
        ...permits,
        { actor: holdpoint, body },
      ],
      value: null,
    };
  });
}

/** Why what was allowed was not sent, for who allowed it. */
function unsentWords(body: EventBody | null): string {
  return body?.type === 'call.failed'
    ? `The call failed: ${body.error.message.slice(0, whyMost)}`
    : 'The call ended before the answer took effect.';
}
