import type { Actor } from '@/lib/domain/actor';
import type { EventBody } from '@/lib/domain/event';
import { deepestJson, isJsonObject, isShallow, type Json, type JsonObject } from '@/lib/domain/json';
import { isTheirs, type Person } from '@/lib/domain/permission';
import { changesBetween, isCovered } from '@/lib/domain/policy/pointer';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { claimAt } from '@/lib/domain/claim';
import type { HoldRequest } from '@/lib/domain/request';
import type { EditOrder } from '@/lib/domain/request-detail';
import { whyNot } from '@/lib/domain/why-not';
import { oneLine } from './ask';
import { current } from './claims';
import { digestAsked } from './holding';
import { pauseRefusal } from './pause-refusal';
import { titleArguments, unmasked } from './masked-value';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Asked } from './questioning';
import { termsUnder } from './routing';
import { ruleOn } from './ruling';
import type { Decision } from './session-log';
import { argumentErrors, objectOf, titleOf } from './tool-facts';

/** What an edit is judged by, read before the moment of deciding. */
interface Edit {
  readonly order: EditOrder;
  readonly person: Person;
  readonly asked: Asked;
  /** JSON Pointers of what is not as the agent asked. */
  readonly changed: readonly string[];
}

/**
 * Other arguments for a call that waits for approval (I6). They make another digest, so that votes so far are void;
 * only what the rule lets people edit may differ from what the agent asked; and the rules are asked again.
 */
export class Editing {
  constructor(private readonly parts: EngineParts) {}

  async edit(live: LiveSession, person: Person, sent: EditOrder): Promise<Result<HoldRequest>> {
    const request = bookOf(live).requests.get(sent.requestId);
    if (request === undefined) return refuse('not_found');
    const given = await this.unmasked(request, sent.arguments);
    if (!given.ok) return refuse('invalid_answer', given.torn.message, { errors: [{ ...given.torn }] });
    const order = { ...sent, arguments: given.value };
    const read = await this.read(live, request, { order, person });
    if (!read.ok) return read;
    const edited = await live.log.change((book, now) => {
      // The rules might let it go at once.
      const paused = pauseRefusal(this.parts, live, { request, content: null });
      if (paused !== null) return refuse('paused', paused);
      const request_ = book.requests.get(order.requestId);
      if (request_ === undefined) return refuse('not_found');
      return this.decide(live, request_, { ...read.value, now });
    });
    return edited.ok ? current(live, order.requestId) : edited;
  }

  /** What a person saw masked comes back masked: it stays what it was. */
  private async unmasked(request: HoldRequest, given: JsonObject): Promise<ReturnType<typeof unmasked>> {
    const { callId, server, tool } = request;
    if (callId === null || tool === null) return { ok: true, value: given };
    const shown = await this.parts.store.payload(callId, request.edited.length === 0 ? 'arguments' : 'edited');
    if (shown === null) return { ok: true, value: given };
    const places = this.parts.keeping.masking.covered(shown, { part: 'arguments', server, tool });
    return unmasked(given, shown, places);
  }

  private async read(
    live: LiveSession,
    request: HoldRequest,
    { order, person }: { readonly order: EditOrder; readonly person: Person },
  ): Promise<Result<Edit>> {
    const { callId, approval, server, tool } = request;
    if (callId === null || approval === null || tool === null)
      return refuse('not_allowed_now', 'Only the arguments of a call that waits for approval can be edited.');
    if (!isShallow(order.arguments))
      return refuse('bad_input', `The arguments nest deeper than ${deepestJson} levels.`);
    const bytes = Buffer.byteLength(JSON.stringify(order.arguments));
    const most = this.parts.settings.limits.argumentsBytes;
    if (bytes > most)
      return refuse(
        'too_large',
        `The arguments are ${bytes.toLocaleString('en-US')} bytes; at most ${most.toLocaleString('en-US')} are accepted.`,
      );
    const { store } = this.parts;
    const [given, definition] = await Promise.all([store.payload(callId, 'arguments'), store.payload(callId, 'tool')]);
    if (!isJsonObject(given) || !isJsonObject(definition))
      return refuse('not_allowed_now', 'What the agent asked is no longer kept, so it cannot be edited.');
    const changed = changesBetween(given, order.arguments).map(({ pointer }) => pointer);
    const wrong = editErrors({ changed, editable: approval.editable, definition, edited: order.arguments });
    if (wrong !== null) return refuse('invalid_answer', wrong.message, { errors: [wrong] });
    const asked: Asked = { server, tool, definition, arguments: order.arguments };
    return done({ order, person, asked, changed });
  }

  private decide(
    live: LiveSession,
    request: HoldRequest,
    edit: Edit & { readonly now: number },
  ): Decision<null> | ReturnType<typeof refuse> {
    const { order, person, asked, now } = edit;
    // As they are at this moment, not when what they edit was read (I11).
    const { roster } = this.parts;
    const editor = roster.person(person.id) ?? person;
    if (roster.isDisabled(person.id) || !isTheirs(editor, request)) return refuse('not_found');
    const why = whyNot(editor.role, 'request.edit');
    if (why !== null) return refuse('forbidden', why);
    if (request.state !== 'open') return refuse('not_open', undefined, { state: request.state });
    const claim = claimAt(request, now);
    if (claim !== null && claim.by.id !== person.id)
      return refuse('claimed', `${claim.by.name} is answering this.`, { by: claim.by.name, untilAt: claim.untilAt });
    if (order.revision !== request.revision) return refuse('stale_revision');
    const { requestId, callId } = request;
    if (callId === null) return refuse('not_allowed_now');
    // At the moment that fixes the digest: the terms and the version it is bound to are of the same rules (I6).
    const verdict = ruleOn(this.parts, live, asked);
    if (verdict.decision === 'deny')
      return refuse('not_allowed_now', `Rule ${verdict.rule.id} denies these arguments: ${verdict.rule.words}`);
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const body: EventBody = {
      type: 'request.edited',
      requestId,
      digest: digestAsked(this.parts, asked),
      changed: edit.changed,
      title: oneLine(`${titleOf(asked.definition)}${objectOf(titleArguments(this.parts.keeping.masking, asked))}`),
      ...termsUnder(this.parts, live, { request, verdict, now }),
    };
    // What goes out is read back from disk, where this edit will be.
    const work = live.work.get(callId);
    if (work !== undefined) work.outgoing = null;
    return {
      events: [{ actor, body }],
      payloads: [{ owner: callId, kind: 'edited', body: asked.arguments }],
      from: person.from ?? null,
      value: null,
    };
  }
}

/** What is wrong with an edit, at its place; null when nothing is. */
function editErrors(edit: {
  readonly changed: readonly string[];
  readonly editable: readonly string[];
  readonly definition: JsonObject;
  readonly edited: Json;
}): { readonly field: string; readonly message: string } | null {
  const locked = edit.changed.find((pointer) => !isCovered(edit.editable, pointer));
  if (locked !== undefined)
    return { field: locked, message: `The rule does not let ${locked === '' ? 'the arguments' : locked} be edited.` };
  const invalid = isJsonObject(edit.edited) ? argumentErrors(edit.definition, edit.edited) : 'not an object';
  return invalid === null ? null : { field: '', message: `The tool would refuse these arguments: ${invalid}` };
}
