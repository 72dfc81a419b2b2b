import { type Actor, holdpoint } from '@/lib/domain/actor';
import type { EventBody } from '@/lib/domain/event';
import { mintId, type RequestId } from '@/lib/domain/ids';
import { isJsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import type { ModelUsage } from '@/lib/domain/model-usage';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { DraftOrder } from '@/lib/domain/request-detail';
import { editedAsk } from '@/lib/domain/sampling';
import { readContent } from './answer-content';
import { oneLine } from './ask';
import type { Delivery } from './delivery';
import { insist, insistSoon } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { ModelFailure, ModelReply } from './ports/models';
import type { ModelDraft } from './ports/people';
import { readBack } from './read-back';

/** A model's words for a server that asked for them: by a rule unreviewed, or as a draft for a person. */
export class Modelling {
  /** Ends with the request it writes for. */
  private readonly writing = new Map<RequestId, AbortController>();
  /** What the last draft for an open request cost: its answer says so too. */
  private readonly drafted = new Map<RequestId, ModelUsage>();

  constructor(
    private readonly parts: EngineParts,
    private readonly delivery: Delivery,
  ) {}

  /** Effect of a request that a rule gives to the model. One the model does not write goes to a person. */
  async answer(live: LiveSession, requestId: RequestId): Promise<void> {
    const { store, models } = this.parts;
    const stop = new AbortController();
    this.writing.set(requestId, stop);
    try {
      const ask = await readBack(this.parts, () => store.payload(requestId, 'ask'));
      const reply = isJsonObject(ask)
        ? await models.write(ask, { model: null, signal: stop.signal })
        : ({ ok: false, message: 'What the server asked is no longer kept.' } as const);
      const content = reply.ok ? readContent('sampling', { result: reply.result }, ask) : null;
      if (reply.ok && content?.ok === true) return await this.save(live, requestId, reply);
      const why = reply.ok ? (content?.ok === false ? content.message : '') : reply.message;
      await this.toPerson(live, requestId, why);
    } finally {
      this.writing.delete(requestId);
    }
  }

  /** The request is over, or the process stops: nobody waits for the model any more. */
  stop(requestId: RequestId): void {
    this.writing.get(requestId)?.abort();
    this.drafted.delete(requestId);
  }

  /** Null when no model wrote for it. */
  usageOf(requestId: RequestId): ModelUsage | null {
    return this.drafted.get(requestId) ?? null;
  }

  stopAll(): void {
    for (const stop of this.writing.values()) stop.abort();
  }

  /** For a person to read, edit and send. */
  async draft(
    live: LiveSession,
    request: HoldRequest,
    how: { readonly person: Person; readonly order: DraftOrder; readonly signal: AbortSignal },
  ): Promise<Result<ModelDraft>> {
    const { models, store } = this.parts;
    const { order, person, signal } = how;
    const { requestId } = request;
    if (request.state !== 'open') return refuse('not_open', undefined, { state: request.state });
    if (request.kind !== 'sampling' || request.writer === 'model')
      return refuse('not_allowed_now', 'Only a sampling request can be drafted.');
    if (models.names.length === 0) return refuse('not_allowed_now', 'No model provider is configured.');
    const ask = await store.payload(requestId, 'ask');
    if (!isJsonObject(ask)) return refuse('not_allowed_now', 'What the server asked is no longer kept.');
    const { systemPrompt, messages, model } = order;
    const reply: ModelReply | ModelFailure = await models.write(editedAsk(ask, { systemPrompt, messages }), {
      model,
      signal,
    });
    if (!reply.ok) return refuse('model_failed', reply.message);
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const { usage, result, text } = reply;
    this.drafted.set(requestId, usage);
    // Its cost is on record even when nobody sends it.
    await insistSoon(this.parts, live, () => ({
      events: [{ actor, body: { type: 'request.drafted', requestId, usage } }],
      value: null,
    }));
    return done({ result, text, usage });
  }

  private async save(live: LiveSession, requestId: RequestId, reply: ModelReply): Promise<void> {
    const { usage, result } = reply;
    await insist(this.parts, live, (book) => {
      const request = book.requests.get(requestId);
      if (request?.state !== 'open' || request.writer !== 'model') return refuse('not_open');
      const body: EventBody = {
        type: 'request.answered',
        requestId,
        action: 'accept',
        reason: null,
        operationId: mintId('operation', this.parts.random),
        as: null,
        tookMs: null,
        remember: null,
        usage,
      };
      const content = { result };
      this.delivery.keep(requestId, content);
      return {
        events: [{ actor: { kind: 'model', name: usage.model }, body }],
        payloads: [{ owner: requestId, kind: 'answer', body: content }],
        value: null,
      };
    });
  }

  private async toPerson(live: LiveSession, requestId: RequestId, why: string): Promise<void> {
    if (this.parts.stopping) return;
    const words = oneLine(maskText(why));
    await insist(this.parts, live, () => {
      const request = bookOf(live).requests.get(requestId);
      if (request?.state !== 'open' || request.writer !== 'model') return refuse('not_open');
      return {
        events: [{ actor: holdpoint, body: { type: 'request.to_person', requestId, why: words } }],
        value: null,
      };
    });
  }
}
