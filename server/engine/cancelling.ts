import type { Actor } from '@/lib/domain/actor';
import { holdpoint } from '@/lib/domain/actor';
import { type Call, isOpenCall, sentOf } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import { maskText } from '@/lib/domain/mask';
import type { Person } from '@/lib/domain/permission';
import { type Result, refuse } from '@/lib/domain/refusal';
import { oneLine } from './ask';
import { undelivered, voided, withdrawals } from './call-requests';
import type { Connections } from './connections';
import { isHarmless } from './ending-preview';
import { insist } from './insist';
import type { EngineParts, LiveSession } from './parts';
import type { SendOutcome } from './ports/upstream';
import type { Draft } from './session-log';

/** A person ends one call; its session and the other calls go on. Each step is an event (I10). */
export class Cancelling {
  constructor(
    private readonly parts: EngineParts,
    private readonly connections: Connections,
  ) {}

  /**
   * Resolved when it is committed: from then on the agent has its outcome. What never left is rejected; what did is
   * cancelled where it cannot have done anything, and otherwise its outcome is unknown (I4).
   */
  async cancel(
    live: LiveSession,
    person: Person,
    order: { readonly callId: CallId; readonly reason: string },
  ): Promise<Result<null>> {
    const { callId, reason } = order;
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const cancelled = await live.log.change((book) => {
      const call = book.calls.get(callId);
      if (call === undefined) return refuse('not_found');
      if (!isOpenCall(call)) return refuse('not_open', `This call is over: ${call.state}.`);
      if (book.session?.state !== 'active') return refuse('session_ended');
      const why = `${person.name} cancelled the call.`;
      const events: Draft[] = [
        { actor, body: { type: 'call.cancel_ordered', callId, reason } },
        ...withdrawals(live, callId, why),
        ...undelivered(live, callId, why),
        ...voided(live, callId, why),
        { actor: holdpoint, body: outcomeOf(call, { by: person.name, reason }) },
      ];
      return { events, from: person.from ?? null, value: call };
    });
    if (!cancelled.ok) return cancelled;
    const call = cancelled.value;
    // The answer is not kept waiting for a server that may hang.
    if (call.state !== 'held') {
      this.tell(live, call).catch((error: unknown) =>
        this.parts.log.error({ err: error, callId }, 'a cancel could not be sent'),
      );
    }
    return { ok: true, value: null };
  }

  private async tell(live: LiveSession, call: Call): Promise<void> {
    const { callId } = call;
    const sent = sentOf(call);
    const link = await this.connections.ready(live, call.server);
    const isSame = link !== null && sent !== null && link.connectionId === sent.connectionId;
    const outcome = isSame ? await this.inTime(link.connection.cancelCall(sent.rpcId, 'Cancelled by an admin.')) : gone;
    const body: EventBody = outcome.ok
      ? { type: 'call.cancel_sent', callId, status: outcome.status, why: null }
      : { type: 'call.cancel_sent', callId, status: outcome.status, why: oneLine(maskText(outcome.message)) };
    await insist(this.parts, live, (book) =>
      book.session?.state === 'ended' ? refuse('session_ended') : { events: [{ actor: holdpoint, body }], value: null },
    );
  }

  /** A server that hangs is told nothing more of it; the proof says so. */
  private inTime(sending: Promise<SendOutcome>): Promise<SendOutcome> {
    let cancel = (): void => {};
    const late = new Promise<SendOutcome>((resolve) => {
      cancel = this.parts.clock.after(this.parts.settings.endingGraceMs, () =>
        resolve({ ok: false, code: 'unknown', status: null, message: 'the server did not take it in time' }),
      );
    });
    return Promise.race([sending, late]).finally(cancel);
  }
}

const gone: SendOutcome = { ok: false, code: 'gone', status: null, message: 'its connection is gone' };

function outcomeOf(call: Call, { by, reason }: { readonly by: string; readonly reason: string }): EventBody {
  const { callId } = call;
  const words = `${by} cancelled it: “${reason}”.`;
  if (sentOf(call) === null && call.turnedBack > 0)
    return {
      type: 'call.cancelled',
      callId,
      by: 'person',
      reason: `${words} Its server had said that it was not run.`,
    };
  if (sentOf(call) === null) return { type: 'call.rejected', callId, reason: `${words} Nothing was sent.` };
  if (isHarmless(call)) return { type: 'call.cancelled', callId, by: 'person', reason: words };
  const before = call.state === 'held' && call.interrupted !== null ? `${call.interrupted.why} ` : '';
  return { type: 'call.indeterminate', callId, why: `${before}${words} It had been sent.` };
}
