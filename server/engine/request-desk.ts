import { actorName } from '@/lib/domain/actor';
import type { PersonRef, SessionEvent } from '@/lib/domain/event';
import { mintId, type PersonId, type RequestId } from '@/lib/domain/ids';
import { isJsonObject, type Json } from '@/lib/domain/json';
import { maskJson } from '@/lib/domain/mask';
import { maskCovered } from '@/lib/domain/masking/cover';
import { pointerOf } from '@/lib/domain/policy/pointer';
import { type Action, isTheirs, may, type Person, standsFor, teamsOf } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import type { QueueCounts } from '@/lib/domain/queue-query';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type {
  Allowed,
  AnswerOrder,
  DraftOrder,
  EditOrder,
  Note,
  NoteOrder,
  QueueItem,
  RequestDetail,
} from '@/lib/domain/request-detail';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Answers } from './answers';
import type { Claims } from './claims';
import type { Editing } from './editing';
import type { Modelling } from './modelling';
import type { EngineParts, LiveSession } from './parts';
import { maskedValue, withoutMasked } from './masked-value';
import type { MaskScope } from './ports/masking';
import type { ModelDraft, QueuePage } from './ports/people';
import type { QueueQuery, Visible } from './ports/store';
import { pauseRefusal } from './pause-refusal';
import { isAlone } from './remembering';

const pageMost = 500;
const closedWords = 'Its session is over and the log of it closed, so nothing more can be noted here.';

/** What people may do with requests. A request that is not theirs reads as not found, whatever they try (I11). */
export class RequestDesk {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly answers: Answers;
      readonly claims: Claims;
      readonly editing: Editing;
      readonly modelling: Modelling;
    },
  ) {}

  async queue(
    person: Person,
    page: QueuePage,
  ): Promise<Result<{ readonly items: readonly QueueItem[]; readonly more: boolean }>> {
    return this.read(person, 'queue.read', async () => {
      const limit = Math.min(Math.max(page.limit, 1), pageMost);
      const { look, after } = page;
      const rows = await this.parts.store.queue({ ...this.looking(person), look, after, limit: limit + 1 });
      return done({ items: rows.slice(0, limit), more: rows.length > limit });
    });
  }

  async queueCounts(person: Person): Promise<Result<QueueCounts>> {
    return this.read(person, 'queue.read', async () => done(await this.parts.store.queueCounts(this.looking(person))));
  }

  async request(person: Person, id: RequestId): Promise<Result<RequestDetail>> {
    return this.read(person, 'request.read', async () => {
      const { store, models } = this.parts;
      const request = await store.request(id);
      if (request === null || !isTheirs(person, request)) return refuse('not_found');
      const summary = await store.session(request.sessionId);
      if (summary === null) return refuse('not_found');
      const { callId } = request;
      const ofCall = (kind: 'arguments' | 'edited' | 'tool'): Promise<Json | null> | null =>
        callId === null ? null : store.payload(callId, kind);
      const [call, given, edited, tool, ask, answer, notes] = await Promise.all([
        callId === null ? null : store.call(callId),
        ofCall('arguments'),
        request.edited.length === 0 ? null : ofCall('edited'),
        ofCall('tool'),
        store.payload(id, 'ask'),
        store.payload(id, 'answer'),
        this.notes(request),
      ]);
      // Who must judge a value sees it, where a rule masks it by revealing it in place; for anyone else secrets stay
      // masked (I14).
      const judges = may(person.role, 'request.answer');
      const { masking } = this.parts.keeping;
      const scope = (part: MaskScope['part']): MaskScope => ({ part, server: request.server, tool: request.tool });
      const shown = (body: Json | null, part: MaskScope['part']): Json | null => {
        if (body === null) return null;
        return judges ? maskCovered(body, masking.covered(body, scope(part))) : maskedValue(masking, body, scope(part));
      };
      const asked = edited ?? given;
      const covered = asked === null || !judges ? [] : masking.covered(asked, scope('arguments'));
      return done({
        request,
        call: call?.call ?? null,
        summary,
        arguments: shown(given, 'arguments'),
        edited: shown(edited, 'arguments'),
        covered: covered.map(pointerOf),
        ask: judges || ask === null ? ask : maskJson(ask),
        tool,
        toolChange: await this.toolChange(request, tool),
        answer: judges ? shown(answer, 'answers') : null,
        earlier: await this.earlier(request, judges),
        notes,
        models: request.kind === 'sampling' ? models.names : [],
        allowed: this.allowances(person, request, summary),
      });
    });
  }

  async history(person: Person, id: RequestId): Promise<Result<readonly SessionEvent[]>> {
    return this.read(person, 'request.read', async () => {
      const request = await this.parts.store.request(id);
      if (request === null || !isTheirs(person, request)) return refuse('not_found');
      return done(await this.parts.store.requestEvents(id));
    });
  }

  async claim(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.claim', id);
    return live.ok ? this.by.claims.claim(live.value, person, id) : live;
  }

  async release(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.claim', id);
    return live.ok ? this.by.claims.release(live.value, person, id) : live;
  }

  async answer(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.answer', order.requestId);
    if (!live.ok)
      return live.code === 'not_open'
        ? this.read(person, 'request.answer', () => this.by.answers.answerOver(person, order))
        : live;
    const reason = order.reason === null || order.reason.trim() === '' ? null : order.reason.trim();
    return this.guarded(() => this.by.answers.answer(live.value, person, { ...order, reason }));
  }

  async edit(person: Person, order: EditOrder): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.edit', order.requestId);
    return live.ok ? this.guarded(() => this.by.editing.edit(live.value, person, order)) : live;
  }

  async assign(person: Person, id: RequestId, to: PersonId | null): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.assign', id);
    if (!live.ok) return live;
    const request = live.value.log.book.requests.get(id);
    const target = to === null ? null : this.parts.roster.person(to);
    if (to !== null && (target === null || request === undefined || !this.mayAnswer(target, request)))
      return refuse('bad_input', 'It can only be handed to someone who may answer it.');
    const ref = target === null ? null : { id: target.id, name: target.name };
    return this.guarded(() => this.by.claims.assign(live.value, person, { requestId: id, to: ref }));
  }

  async note(person: Person, order: NoteOrder): Promise<Result<Note>> {
    const { requestId, text } = order;
    const live = await this.liveRequest(person, 'request.note', requestId);
    if (!live.ok) return live.code === 'not_open' ? refuse('not_open', closedWords) : live;
    const noteId = mintId('note', this.parts.random);
    const request = live.value.log.book.requests.get(requestId);
    if (request === undefined) return refuse('not_open');
    // Nobody is told of what they may not see.
    const mentioned = [...new Set(order.mentions)].flatMap((id) => this.parts.roster.person(id) ?? []);
    const mentions = mentioned.filter((one) => isTheirs(one, request)).map(({ id }) => id);
    const by = { id: person.id, name: person.name };
    const written = await this.guarded(() =>
      live.value.log.change((_book, now) => ({
        events: [{ actor: { kind: 'person', ...by }, body: { type: 'request.noted', requestId, noteId, mentions } }],
        payloads: [{ owner: noteId, kind: 'note', body: { text } }],
        value: now,
      })),
    );
    if (!written.ok) return written;
    return done({ noteId, by, at: written.value, text, mentions: mentions.flatMap((id) => this.named(id)) });
  }

  async draft(person: Person, order: DraftOrder, signal: AbortSignal): Promise<Result<ModelDraft>> {
    const live = await this.liveRequest(person, 'request.draft', order.requestId);
    if (!live.ok) return live;
    const request = live.value.log.book.requests.get(order.requestId);
    if (request === undefined) return refuse('not_open');
    return this.guarded(() => this.by.modelling.draft(live.value, request, { person, order, signal }));
  }

  async peopleFor(person: Person, id: RequestId): Promise<Result<readonly PersonRef[]>> {
    return this.read(person, 'request.read', async () => {
      const request = await this.parts.store.request(id);
      if (request === null || !isTheirs(person, request)) return refuse('not_found');
      const able = this.parts.roster.people().filter((one) => this.mayAnswer(one, request));
      return done(able.map((one) => ({ id: one.id, name: one.name })));
    });
  }

  private mayAnswer(person: Person, request: HoldRequest): boolean {
    return may(person.role, 'request.answer') && isTheirs(person, request);
  }

  private looking(person: Person): Pick<QueueQuery, 'visible' | 'me' | 'now'> {
    const teams = teamsOf(person);
    const assigned = standsFor(person);
    const visible: Visible = person.role === 'admin' ? 'all' : { teams, people: assigned };
    return { visible, me: { claims: person.id, assigned, teams }, now: this.parts.clock.now() };
  }

  /** Texts of notes are kept apart from the log, and gone when they were purged. */
  private async notes(request: HoldRequest): Promise<readonly Note[]> {
    if (request.notes === 0) return [];
    const { store } = this.parts;
    const events = await store.requestEvents(request.requestId);
    const noted = events.flatMap((event) => (event.type === 'request.noted' ? [event] : []));
    return Promise.all(
      noted.map(async ({ noteId, at, actor, mentions }): Promise<Note> => {
        const body = await store.payload(noteId, 'note');
        const text = isJsonObject(body) && typeof body['text'] === 'string' ? body['text'] : '';
        const by =
          actor.kind === 'person' ? { id: actor.id, name: actor.name } : { id: '' as PersonId, name: actorName(actor) };
        return { noteId, by, at, text, mentions: mentions.flatMap((id) => this.named(id)) };
      }),
    );
  }

  private named(id: PersonId): readonly PersonRef[] {
    const person = this.parts.roster.person(id);
    return person === null ? [] : [{ id, name: person.name }];
  }

  /** Why a changed tool is asked about, while that is open. */
  private async toolChange(
    { kind, state, server, tool }: HoldRequest,
    definition: Json | null,
  ): Promise<RequestDetail['toolChange']> {
    if (kind !== 'approval' || state !== 'open' || tool === null || !isJsonObject(definition)) return null;
    return this.parts.toolRecords.change(server, tool, definition);
  }

  /** What was answered to the same question on the run before (I4); its values only for who may judge them. */
  private async earlier(request: HoldRequest, judges: boolean): Promise<RequestDetail['earlier']> {
    if (request.earlier === null) return null;
    const { store, keeping } = this.parts;
    const before = await store.request(request.earlier);
    if (before === null || !('answer' in before)) return null;
    const { by, savedAt } = before.answer;
    const content = judges ? await store.payload(before.requestId, 'answer') : null;
    const scope: MaskScope = { part: 'answers', server: request.server, tool: request.tool };
    return { by: actorName(by), savedAt, content: withoutMasked(keeping.masking, content, scope) };
  }

  /** By role, terms and state alone: a claim comes and goes while the page is open, which sees it in the request itself. */
  private allowances(person: Person, request: HoldRequest, { session }: SessionSummary): RequestDetail['allowed'] {
    const { approval } = request;
    const ask = (action: Action, because: string | null = null): Allowed => {
      const why = whyNot(person.role, action) ?? (request.state === 'open' ? because : null);
      return { ok: why === null && request.state === 'open', why };
    };
    const writing = request.writer === 'model' ? 'A model is answering this, as a rule says.' : null;
    const owner = approval?.notBy ?? null;
    const isOwn = owner?.id === person.id;
    const live = this.parts.live.get(request.sessionId);
    const noteless = whyNot(person.role, 'request.note') ?? (session.state === 'ended' ? closedWords : null);
    const paused = live === undefined ? null : pauseRefusal(this.parts, live, { request, content: null });
    return {
      answer: ask('request.answer', writing),
      approve: ask(
        'request.answer',
        isOwn ? 'You answer for this agent, so someone else must approve.' : (writing ?? paused),
      ),
      claim: ask('request.claim', writing),
      edit: ask('request.edit', editRefusal(request) ?? paused),
      assign: ask('request.assign'),
      note: { ok: noteless === null, why: noteless },
      remember: ask('request.answer', rememberRefusal(person, request)),
      draft: ask('request.draft', this.draftRefusal(request)),
    };
  }

  private draftRefusal(request: HoldRequest): string | null {
    if (request.kind !== 'sampling') return 'Only a model’s words can be drafted.';
    return this.parts.models.names.length === 0 ? 'No model provider is configured.' : null;
  }

  /** The live session of a request; what is over is refused in the words of how it ended. */
  private async liveRequest(person: Person, action: Action, id: RequestId): Promise<Result<LiveSession>> {
    return this.read(person, 'request.read', async () => {
      // What they are now, not when their page was last looked at.
      if (this.parts.roster.isDisabled(person.id)) return refuse('not_found');
      const now = this.parts.roster.person(person.id) ?? person;
      const why = whyNot(now.role, action);
      const holder = [...this.parts.live.values()].find((live) => live.log.book.requests.has(id));
      const request = holder?.log.book.requests.get(id) ?? (await this.parts.store.request(id));
      if (request === null || request === undefined || !isTheirs(now, request)) return refuse('not_found');
      if (why !== null) return refuse('forbidden', why);
      const live = holder ?? this.parts.live.get(request.sessionId);
      return live === undefined ? refuse('not_open', undefined, { state: request.state }) : done(live);
    });
  }

  private async read<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, action);
    return why === null ? this.guarded(run) : refuse('forbidden', why);
  }

  private async guarded<T>(run: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await run();
    } catch (error) {
      return databaseAway(this.parts, error);
    }
  }
}

export function databaseAway(parts: Pick<EngineParts, 'log'>, error: unknown): Refusal {
  parts.log.error({ error }, 'the store could not be read');
  return refuse('cannot_save', 'The database cannot be reached right now. Nothing was changed; try again in a moment.');
}

function editRefusal({ approval }: HoldRequest): string | null {
  if (approval === null) return 'Only the arguments of a call that waits for approval can be edited.';
  return approval.editable.length === 0 ? 'The rule does not let the arguments be edited.' : null;
}

function rememberRefusal(person: Person, { approval, edited }: HoldRequest): string | null {
  if (approval === null) return 'Only a choice about a call can be remembered.';
  if (!approval.mayRemember) return 'The rule does not let a choice about this be remembered.';
  if (edited.length > 0) return 'The arguments were edited, so a choice would stand for something else.';
  return isAlone(approval, { person, said: 'approve' })
    ? null
    : 'This needs more than one person, so a choice about it cannot be remembered.';
}
