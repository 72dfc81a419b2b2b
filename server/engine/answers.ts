import { type Actor, holdpoint } from '@/lib/domain/actor';
import { isOpenCall } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import { type ConnectionId, mintId, type RequestId } from '@/lib/domain/ids';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { validateAnswer } from '@/lib/domain/form/validate-answer';
import { checkLink } from '@/lib/domain/link';
import { maskText } from '@/lib/domain/mask';
import type { Person } from '@/lib/domain/permission';
import { readRecovery } from '@/lib/domain/recovery';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import { advanceRequest, claimAt, claimLeaseMs, type HoldRequest } from '@/lib/domain/request';
import type { AnswerOrder } from '@/lib/domain/request-detail';
import { answerBody, nobodyAnswered } from './answer-body';
import { oneLine } from './ask';
import { checkAgainstSchema } from './answer-schema';
import { consequenceOf, whyInterrupted } from './consequence';
import { insist, insistSoon } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Payload } from './ports/store';
import type { OutgoingAnswer, SendOutcome } from './ports/upstream';
import { readBack } from './read-back';
import { settleIfResultLost } from './result-lost';
import type { Draft } from './session-log';

const replyCharacters = 200_000;
/** An answer is at-least-once safe (MCP.md, item 15): it is sent again while its connection lives. */
const retryFirstMs = 200;
const retryMostMs = 2_000;
/** A server that keeps failing on an answer, by a status, is not asked for ever. */
const failuresMost = 6;

/** Answering: one answer wins, is saved before it is said, and its way is followed to the end. */
export class Answers {
  /** What the winning answers hold, from their decision to their delivery; spares reading back what was just written. */
  private readonly contents = new Map<RequestId, JsonObject | null>();

  /** On their way: after a restart both the recovery and a fresh answer may ask for the same delivery. */
  private readonly delivering = new Set<RequestId>();

  constructor(private readonly parts: EngineParts) {}

  async claim(live: LiveSession, person: Person, requestId: RequestId): Promise<Result<HoldRequest>> {
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const claimed = await live.log.change((book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined) return refuse('not_found');
      const own = claimAt(request, now);
      // Renewing more often than half the lease would only fill the log.
      if (own !== null && own.by.id === person.id && own.untilAt - now > claimLeaseMs / 2)
        return { events: [], value: null };
      return {
        events: [{ actor, body: { type: 'request.claimed', requestId, untilAt: now + claimLeaseMs } }],
        value: null,
      };
    });
    return claimed.ok ? this.current(live, requestId) : claimed;
  }

  async release(live: LiveSession, person: Person, requestId: RequestId): Promise<Result<HoldRequest>> {
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const released = await live.log.change((book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined) return refuse('not_found');
      if (claimAt(request, now)?.by.id !== person.id) return { events: [], value: null };
      return { events: [{ actor, body: { type: 'request.released', requestId } }], value: null };
    });
    return released.ok ? this.current(live, requestId) : released;
  }

  /** I1, I2: resolved when the answer is committed; delivery follows as an effect. */
  async answer(live: LiveSession, person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const request = bookOf(live).requests.get(order.requestId);
    if (request === undefined) return this.answerOver(person, order);
    // The book may be ahead of the disk: what is said again waits for the same commit (I2).
    const isRepeated = repeated(request, order) !== null;
    const content = isRepeated ? done(null) : await this.readContent(request, order);
    if (!content.ok) return content;
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const { callId } = request;
    const definition =
      request.kind === 'recovery' && callId !== null ? await this.parts.store.payload(callId, 'tool') : null;
    const answered = await live.log.change((book, now) => {
      const now_ = book.requests.get(order.requestId);
      if (now_ === undefined) return refuse('not_found');
      const refusal = refusalOf(now_, { order, person, now });
      if (refusal !== null) return repeated(now_, order)?.ok === true ? { events: [], value: null } : refusal;
      if (isRepeated) return refuse('cannot_save');
      const { requestId, action, operationId } = order;
      const body: EventBody = { type: 'request.answered', requestId, action, reason: order.reason, operationId };
      this.contents.set(requestId, content.value);
      const follows = consequenceOf(live, now_, { order, actor, tool: definition });
      const payloads: Payload[] = [...follows.payloads];
      if (content.value !== null) payloads.push({ owner: requestId, kind: 'answer', body: content.value });
      return { events: [{ actor, body }, ...follows.events], payloads, value: null };
    });
    if (!answered.ok && answered.code === 'cannot_save') this.contents.delete(order.requestId);
    return answered.ok ? this.current(live, order.requestId) : answered;
  }

  /** No book holds it any more, for its session is long or over; the store still says who won (I1). */
  async answerOver(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const request = await this.parts.store.request(order.requestId);
    if (request === null) return refuse('not_found');
    return (
      repeated(request, order) ??
      refusalOf(request, { order, person, now: this.parts.clock.now() }) ??
      refuse('not_open')
    );
  }

  private current(live: LiveSession, requestId: RequestId): Result<HoldRequest> {
    const request = bookOf(live).requests.get(requestId);
    return request === undefined ? refuse('not_found') : done(request);
  }

  /** What will be sent, checked by kind; null when the kind has no content. */
  private async readContent(request: HoldRequest, order: AnswerOrder): Promise<Result<JsonObject | null>> {
    if (order.action !== 'accept') return done(null);
    switch (request.kind) {
      case 'approval':
        return done(null);
      case 'recovery': {
        const reading = readRecovery(order.content);
        if (!reading.ok)
          return refuse('invalid_answer', reading.message, {
            errors: [{ field: reading.field, message: reading.message }],
          });
        return done({ ...reading.decision });
      }
      case 'url': {
        const ask = await this.parts.store.payload(request.requestId, 'ask');
        const url = isJsonObject(ask) && typeof ask['url'] === 'string' ? ask['url'] : '';
        const link = checkLink(url);
        return !link.ok ? refuse('invalid_answer', `This link cannot be accepted. ${link.words}`) : done(null);
      }
      case 'sampling': {
        const text = order.content?.['text'];
        if (typeof text !== 'string' || text.trim() === '')
          return refuse('invalid_answer', 'Write the reply first.', {
            errors: [{ field: 'text', message: 'Write the reply first.' }],
          });
        if (text.length > replyCharacters)
          return refuse('too_large', `A reply may have ${replyCharacters} characters.`);
        return done({ text });
      }
      case 'form': {
        const content = order.content ?? {};
        const ask = await this.parts.store.payload(request.requestId, 'ask');
        const schema = isJsonObject(ask) ? ask['requestedSchema'] : {};
        return checkForm(schema, content);
      }
    }
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

  /** The deadline came (I7): the server hears cancel, a held call ends as expired. */
  async expire(live: LiveSession, requestId: RequestId): Promise<void> {
    await insist(this.parts, live, (book, now) => {
      const request = book.requests.get(requestId);
      if (request === undefined || request.state !== 'open' || request.deadline.at > now) return refuse('not_open');
      const events: Draft[] = [{ actor: holdpoint, body: { type: 'request.expired', requestId } }];
      const { callId } = request;
      if (request.kind === 'approval' && callId !== null)
        events.push({ actor: holdpoint, body: { type: 'call.expired', callId, requestId } });
      if (request.kind === 'recovery' && callId !== null)
        events.push({
          actor: holdpoint,
          body: {
            type: 'call.indeterminate',
            callId,
            why: `${whyInterrupted(live, callId)} No one decided in time whether to run it again.`,
          },
        });
      return { events, value: null };
    });
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

  /** The server says that what the URL was for is done: its question is answered, by itself. */
  async completeUrl(
    live: LiveSession,
    link: { readonly connectionId: ConnectionId; readonly elicitationId: string },
  ): Promise<void> {
    await insist(this.parts, live, (book) => {
      for (const request of book.requests.values()) {
        if (request.state !== 'open' || request.elicitationId !== link.elicitationId) continue;
        // Each server speaks for its own links only.
        if (request.upstream?.connectionId !== link.connectionId) continue;
        const operationId = mintId('operation', this.parts.random);
        const body: EventBody = {
          type: 'request.answered',
          requestId: request.requestId,
          action: 'accept',
          reason: null,
          operationId,
        };
        return { events: [{ actor: { kind: 'server', name: request.server }, body }], value: null };
      }
      return refuse('not_open');
    });
  }

  /** The stages of a receipt: what they tell has happened, and the tool does not wait for them. */
  private async append(live: LiveSession, bodies: readonly EventBody[]): Promise<void> {
    await insistSoon(this.parts, live, () => ({
      events: bodies.map((body) => ({ actor: holdpoint, body })),
      value: null,
    }));
  }
}

/** The same operation again is the same answer (I1); null when it is another matter. */
function repeated(request: HoldRequest, order: AnswerOrder): Result<HoldRequest> | null {
  if (!('answer' in request)) return null;
  return request.answer.operationId === order.operationId ? done(request) : null;
}

function refusalOf(
  request: HoldRequest,
  how: { readonly order: AnswerOrder; readonly person: Person; readonly now: number },
): Refusal | null {
  const { order, person, now } = how;
  if (request.state !== 'open') {
    const { requestId, operationId, action, reason } = order;
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    // The lifecycle itself says who won.
    const step = advanceRequest(request, {
      type: 'request.answered',
      sessionId: request.sessionId,
      seq: 0,
      at: now,
      actor,
      requestId,
      operationId,
      action,
      reason,
    });
    return step.ok ? refuse('not_open') : step;
  }
  const claim = claimAt(request, now);
  if (claim !== null && claim.by.id !== person.id)
    return refuse('claimed', `${claim.by.name} is answering this.`, { by: claim.by.name, untilAt: claim.untilAt });
  if (order.revision !== request.revision) return refuse('stale_revision');
  if (request.deadline.at <= now)
    return refuse('not_open', 'The time for this ran out. No one answered.', { state: 'expired' });
  return null;
}

function checkForm(schema: unknown, content: JsonObject): Result<JsonObject> {
  const plain = validateAnswer(schema, content);
  const errors = plain.ok ? [] : plain.errors;
  if (errors.length > 0) return refuse('invalid_answer', undefined, { errors });
  const full = checkAgainstSchema(schema, content);
  if (full.kind === 'invalid') return refuse('invalid_answer', undefined, { errors: full.errors });
  return done(content);
}
