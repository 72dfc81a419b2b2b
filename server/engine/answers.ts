import type { Actor } from '@/lib/domain/actor';
import type { AuditDraft, Origin } from '@/lib/domain/audit';
import type { EventBody } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { isTheirs, type Person, standingOf } from '@/lib/domain/permission';
import { isPageFirst } from '@/lib/domain/permit';
import { whyNot } from '@/lib/domain/why-not';
import { type Standing, tally, withVote } from '@/lib/domain/policy/approval';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import { claimAt } from '@/lib/domain/claim';
import { advanceRequest, type HoldRequest, type OpenRequest } from '@/lib/domain/request';
import type { AnswerOrder } from '@/lib/domain/request-detail';
import type { CallId, OperationId } from '@/lib/domain/ids';
import { readContent } from './answer-content';
import { current } from './claims';
import { consequenceOf } from './consequence';
import { pauseRefusal } from './pause-refusal';
import type { Delivery } from './delivery';
import type { Modelling } from './modelling';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Payload } from './ports/store';
import { choiceOf, rememberRefusal } from './remembering';
import type { Decision } from './session-log';

/** What an answer is judged by, read before the moment of deciding. */
interface Answering {
  readonly order: AnswerOrder;
  readonly actor: Actor;
  readonly from: Origin | null;
  readonly content: JsonObject | null;
  /** The tool's definition as it was when the call came in. */
  readonly tool: Json | null;
  /** The arguments as they would be sent. */
  readonly given: Json | null;
  /** Of a page to visit first: the error that named it. */
  readonly turnedBack: Json | null;
  /** The rule that holds the call; after the answer it is the person who let it go. */
  readonly ruleId: string | null;
}

/** Who answers as what they are at the moment of deciding, not when they signed in or began to read (I11). */
interface Who {
  readonly person: Person;
  readonly as: Standing;
}

/** Answering: one answer wins (I1), an approval needs as many as its rule says (I6), and each is saved before it is said. */
export class Answers {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: { readonly delivery: Delivery; readonly modelling: Modelling },
  ) {}

  /** I1, I2: resolved when the answer is committed, or the vote; delivery follows as an effect. */
  async answer(live: LiveSession, person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const { requestId } = order;
    const request = bookOf(live).requests.get(requestId);
    if (request === undefined) return this.answerOver(person, order);
    // The book may be ahead of the disk: what is said again waits for the same commit (I2).
    const isRepeated = repeated(request, { order, person }) !== null;
    const read = isRepeated ? null : await this.read(live, request, { person, order });
    if (read !== null && !read.ok) return read;
    const made: { who: Who | null } = { who: null };
    const answered = await live.log.change((book, now) => {
      const now_ = book.requests.get(requestId);
      if (now_ === undefined) return refuse('not_found');
      const refusal = refusalOf(now_, { order, person, now });
      if (refusal !== null || now_.state !== 'open')
        return repeated(now_, { order, person })?.ok === true
          ? { events: [], value: null }
          : (refusal ?? refuse('not_open'));
      if (repeated(now_, { order, person }) !== null) return { events: [], value: null };
      if (read === null) return refuse('cannot_save');
      const who = this.whoNow(person);
      const decided = this.decide(live, now_, { ...read.value, ...who, now });
      if (!('ok' in decided)) made.who = who;
      return decided;
    });
    if (!answered.ok && answered.code === 'cannot_save') this.by.delivery.forget(requestId);
    if (!answered.ok) return answered;
    if (made.who !== null && read !== null) await this.remember(live, request, { ...read.value, ...made.who });
    return current(live, requestId);
  }

  /** Everything a decision needs that is not in the book. */
  private async read(
    live: LiveSession,
    request: HoldRequest,
    { person, order }: { readonly person: Person; readonly order: AnswerOrder },
  ): Promise<Result<Answering>> {
    const { store } = this.parts;
    const { kind, requestId, callId } = request;
    const isAsked = order.action === 'accept' && kind !== 'approval' && kind !== 'recovery';
    const ask = isAsked ? await store.payload(requestId, 'ask') : null;
    const content = order.action === 'accept' ? readContent(kind, order.content, ask) : done(null);
    if (!content.ok) return content;
    const judged = (kind === 'recovery' || order.remember !== null) && callId !== null ? callId : null;
    const tool = judged === null ? null : await store.payload(judged, 'tool');
    const given = judged === null || order.remember === null ? null : await this.given(live, judged);
    const isRefused = isPageFirst(request) && order.action !== 'accept' && callId !== null;
    const turnedBack = isRefused ? await store.payload(callId, 'turned_back') : null;
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    const ruleId = callId === null ? null : (bookOf(live).calls.get(callId)?.rule?.id ?? null);
    const from = person.from ?? null;
    return done({ order, actor, from, content: content.value, tool, given, turnedBack, ruleId });
  }

  private whoNow(signedIn: Person): Who {
    const person = this.parts.roster.person(signedIn.id) ?? signedIn;
    return { person, as: standingOf(person) };
  }

  private async given(live: LiveSession, callId: CallId): Promise<Json | null> {
    const isEdited = bookOf(live).calls.get(callId)?.edited === true;
    return this.parts.store.payload(callId, isEdited ? 'edited' : 'arguments');
  }

  /** Made at the moment of deciding, with nothing awaited in between. */
  private decide(
    live: LiveSession,
    request: OpenRequest,
    answering: Answering & Who & { readonly now: number },
  ): Decision<null> | Refusal {
    const { order, person, as, actor, from, content, given, now } = answering;
    if (this.parts.roster.isDisabled(person.id) || !isTheirs(person, request)) return refuse('not_found');
    const why = whyNot(person.role, 'request.answer');
    if (why !== null) return refuse('forbidden', why);
    const { requestId, action, reason, operationId, tookMs } = order;
    const paused = action === 'accept' ? pauseRefusal(this.parts, live, { request, content }) : null;
    if (paused !== null) return refuse('paused', paused);
    const { approval } = request;
    const said = action === 'accept' ? 'approve' : 'deny';
    const by = { id: person.id, name: person.name };
    const vote = { by, as, vote: said, reason, operationId, at: now } as const;
    const votes = withVote(request.votes, vote);
    if (approval !== null) {
      if (approval.policyVersion !== this.parts.policy.version)
        return refuse('stale_revision', 'The rules changed. Look again in a moment, then answer.');
      if (said === 'approve' && approval.reasonRequired && reason === null)
        return refuse('reason_required', 'The rule asks for a reason with every approval.');
      if (order.remember !== null) {
        const wrong = rememberRefusal(request, { order: order.remember, person, said, given });
        if (wrong !== null) return wrong;
      }
      if (tally(approval, votes) === 'open')
        return {
          events: [{ actor, body: { type: 'request.voted', requestId, vote: said, reason, operationId, as, tookMs } }],
          from,
          value: null,
        };
    } else if (order.remember !== null) return refuse('bad_input', 'Only a choice about a call can be remembered.');
    const body: EventBody = {
      type: 'request.answered',
      requestId,
      action,
      reason,
      operationId,
      as: approval === null ? null : as,
      tookMs,
      remember: order.remember,
      usage: action === 'accept' ? this.by.modelling.usageOf(requestId) : null,
    };
    this.by.delivery.keep(requestId, content);
    const { tool, turnedBack } = answering;
    const follows = consequenceOf(live, request, { order, actor, tool, votes, turnedBack });
    const payloads: Payload[] = [...follows.payloads];
    if (content !== null) payloads.push({ owner: requestId, kind: 'answer', body: content });
    return { events: [{ actor, body }, ...follows.events], payloads, from, value: null };
  }

  /** After the answer is on disk: what it decides does not wait for this, and stands without it. */
  private async remember(live: LiveSession, request: HoldRequest, answering: Answering & Who): Promise<void> {
    const { order, person, as, tool, given, ruleId } = answering;
    if (order.remember === null || ruleId === null || !isJsonObject(tool) || !isJsonObject(given)) return;
    const said = order.action === 'accept' ? 'approve' : 'deny';
    const { random, clock, choices, log } = this.parts;
    const made = { random, live, request, person, as, said, ruleId, definition: tool, given } as const;
    try {
      const choice = choiceOf({ ...made, order: order.remember, now: clock.now() });
      await choices.add(choice, rememberedAct(choice, answering));
    } catch (error) {
      log.error({ err: error, requestId: request.requestId }, 'a choice could not be remembered');
    }
  }

  /** No book holds it any more, for its session is long or over; the store still says who won (I1). */
  async answerOver(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const request = await this.parts.store.request(order.requestId);
    if (request === null) return refuse('not_found');
    return (
      repeated(request, { order, person }) ??
      refusalOf(request, { order, person, now: this.parts.clock.now() }) ??
      refuse('not_open')
    );
  }
}

function rememberedAct(choice: RememberedChoice, { actor, from }: Answering): AuditDraft {
  const { choiceId, server, tool, agent, sessionId, untilAt, madeAt } = choice;
  return {
    act: 'choice.remembered',
    at: madeAt,
    actor,
    from,
    about: { kind: 'choice', id: choiceId, name: `${server} · ${tool}` },
    why: null,
    facts: { agent: agent.id, untilAt, ...(sessionId === null ? {} : { session: sessionId }) },
  };
}

/** The same operation of the same person again is the same answer, or the same vote (I1); null when it is another matter. */
function repeated(
  request: HoldRequest,
  { order, person }: { readonly order: AnswerOrder; readonly person: Person },
): Result<HoldRequest> | null {
  const { operationId } = order;
  const own = request.votes.find(({ by }) => by.id === person.id);
  if (own?.operationId === operationId || own?.earlier.includes(operationId) === true) return done(request);
  if (!('answer' in request)) return null;
  const { answer } = request;
  const isOwn = answer.by.kind === 'person' && answer.by.id === person.id;
  return isOwn && answer.operationId === operationId ? done(request) : null;
}

function refusalOf(
  request: HoldRequest,
  how: { readonly order: AnswerOrder; readonly person: Person; readonly now: number },
): Refusal | null {
  const { order, person, now } = how;
  if (request.state !== 'open') {
    const { requestId, action, reason } = order;
    const actor: Actor = { kind: 'person', id: person.id, name: person.name };
    // What is said again was told apart before: this is another answer, and the lifecycle itself says who won.
    const operationId = '' as OperationId;
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
      as: null,
      tookMs: null,
      remember: null,
      usage: null,
    });
    return step.ok ? refuse('not_open') : step;
  }
  if (request.writer === 'model') return refuse('not_open', 'A model is answering this, as a rule says.');
  const claim = claimAt(request, now);
  if (claim !== null && claim.by.id !== person.id)
    return refuse('claimed', `${claim.by.name} is answering this.`, { by: claim.by.name, untilAt: claim.untilAt });
  if (order.revision !== request.revision) return refuse('stale_revision');
  if (request.deadline.at <= now)
    return refuse('not_open', 'The time for this ran out. No one answered.', { state: 'expired' });
  return null;
}
