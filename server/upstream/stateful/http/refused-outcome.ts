import type { SendOutcome } from '@/server/engine/ports/upstream';
import { readRefusal } from './refusal';
import type { WireResponse } from './response';

type Refused = Extract<SendOutcome, { ok: false }>;

/** What a status other than 2xx says about a message that was sent. */
export async function refusedOutcome(
  response: WireResponse,
  hasSession: boolean,
): Promise<{ readonly outcome: Refused; readonly body: string }> {
  const { status, gone, message, body } = await readRefusal(response, hasSession);
  // Behind a 5xx the message may have taken effect: a gateway gives up before the server does.
  const code = gone ? 'gone' : status >= 500 ? 'unknown' : 'refused';
  return { outcome: { ok: false, code, status, message }, body };
}
