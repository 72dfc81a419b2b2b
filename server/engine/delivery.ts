import { holdpoint } from '@/lib/domain/actor';
import { isOpenCall } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import { refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import { answerBody, nobodyAnswered } from './answer-body';
import { oneLine } from './ask';
import { insist, insistSoon } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { OutgoingAnswer, SendOutcome } from './ports/upstream';
import { readBack } from './read-back';
import { settleIfResultLost } from './result-lost';

/** An answer is at-least-once safe (MCP.md, item 15): it is sent again while its connection lives. */
const retryFirstMs = 200;
const retryMostMs = 2_000;
/** A server that keeps failing on an answer, by a status, is not asked for ever. */
const failuresMost = 6;

/** Saved answers on their way to who asked, followed to the end (I5). */
export class Delivery {
  /** What the winning answers hold, from their decision to their delivery; spares reading back what was just written. */
  private readonly contents = new Map<RequestId, JsonObject | null>();

  /** On their way: after a restart both the recovery and a fresh answer may ask for the same delivery. */
  private readonly delivering = new Set<RequestId>();

  constructor(private readonly parts: EngineParts) {}

  /** To be called at the moment of deciding. */
  keep(requestId: RequestId, content: JsonObject | null): void {
    this.contents.set(requestId, content);
  }

  forget(requestId: RequestId): void {
    this.contents.delete(requestId);
  }

  /** Effect of `request.answered`: takes it to the server that asked and records how far it got. */
  async deliver(live: LiveSession, requestId: RequestId): Promise<void> {
    if (this.delivering.has(requestId)) return;
    this.delivering.add(requestId);
    try {
      await this.carry(live, requestId);
    } finally {
      this.delivering.delete(requestId);
    }
  }

  private async carry(live: LiveSession, requestId: RequestId): Promise<void> {
    const request = bookOf(live).requests.get(requestId);
    const held = this.contents.get(requestId);
    this.contents.delete(requestId);
    if (request === undefined || request.state !== 'answered') return;
    if (request.upstream === null) {
      // A permit that let its call go is on its way with the call; any other answer is the agent's to hear.
      const call = request.callId === null ? undefined : bookOf(live).calls.get(request.callId);
      if (call === undefined || !isOpenCall(call))
        await this.append(live, [
          { type: 'answer.sent', requestId, to: 'agent' },
          { type: 'answer.accepted', requestId, status: null },
        ]);
      return;
    }
    const stored =
      held === undefined ? await readBack(this.parts, () => this.parts.store.payload(requestId, 'answer')) : held;
    const { action, reason } = request.answer;
    const body = answerBody(request.upstream.rpcId, {
      kind: request.kind,
      action,
      reason,
      content: isJsonObject(stored) ? stored : null,
    });
    // At least once is safe toward the server, so the record of sending need not come first.
    const saidSent = this.append(live, [{ type: 'answer.sent', requestId, to: 'server' }]);
    const outcome = await this.respond(live, request, body);
    if (outcome.ok) {
      await Promise.all([
        saidSent,
        this.append(live, [{ type: 'answer.accepted', requestId, status: outcome.status }]),
      ]);
      return settleIfResultLost(this.parts, live, request.callId);
    }
    await saidSent;
    if (this.parts.stopping) return;
    await insist(this.parts, live, (book) =>
      book.requests.get(requestId)?.state === 'answered'
        ? {
            events: [
              {
                actor: holdpoint,
                body: { type: 'answer.undelivered', requestId, why: oneLine(maskText(outcome.message)) },
              },
            ],
            value: null,
          }
        : refuse('not_allowed_now'),
    );
    await settleIfResultLost(this.parts, live, request.callId);
  }

  /**
   * Posts it over the very connection that asked, again and again while that lives (I5): a server that is away for a
   * moment gets it when it is back.
   */
  private async respond(live: LiveSession, request: HoldRequest, body: OutgoingAnswer): Promise<SendOutcome> {
    let last: SendOutcome = {
      ok: false,
      code: 'unsent',
      status: null,
      message: `The connection to ${request.server} is gone.`,
    };
    let failures = 0;
    for (let waitMs = retryFirstMs; ; waitMs = Math.min(waitMs * 2, retryMostMs)) {
      const link = await live.links.get(request.server);
      if (link?.ok !== true || link.value.connectionId !== request.upstream?.connectionId) return last;
      last = await link.value.connection.respond(body);
      if (last.ok || last.code === 'gone' || last.code === 'refused') return last;
      if (last.status !== null) failures += 1;
      const connection = bookOf(live).connections.get(link.value.connectionId);
      const isOver = connection === undefined || !isLiveConnection(connection);
      if (isOver || failures >= failuresMost || this.parts.stopping) return last;
      await new Promise<void>((resolve) => {
        this.parts.clock.after(waitMs, resolve);
      });
    }
  }

  /** Effects of `request.expired` and `request.withdrawn`: a server must not be left waiting. */
  async tellNobodyAnswered(live: LiveSession, requestId: RequestId): Promise<void> {
    const request = bookOf(live).requests.get(requestId);
    if (request !== undefined) await this.tellNobody(live, request);
  }

  async tellNobody(live: LiveSession, request: HoldRequest): Promise<void> {
    if (request.upstream === null) return;
    const why = request.state === 'withdrawn' ? request.why : 'No one answered in time.';
    await this.respond(live, request, nobodyAnswered(request.upstream.rpcId, request.kind, why));
    await settleIfResultLost(this.parts, live, request.callId);
  }

  /** The stages of a receipt: what they tell has happened, and the tool does not wait for them. */
  private async append(live: LiveSession, bodies: readonly EventBody[]): Promise<void> {
    await insistSoon(this.parts, live, () => ({
      events: bodies.map((body) => ({ actor: holdpoint, body })),
      value: null,
    }));
  }
}
