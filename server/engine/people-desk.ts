import { actorName } from '@/lib/domain/actor';
import type { HoldRequest } from '@/lib/domain/request';
import type { EndPreview } from '@/lib/domain/end-preview';
import type { SessionEvent } from '@/lib/domain/event';
import type { RequestId, SessionId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { maskJson } from '@/lib/domain/mask';
import { type Action, may, type Person, whyNot } from '@/lib/domain/permission';
import type { RawMessage } from '@/lib/domain/raw';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { AnswerOrder, QueueItem, RequestDetail } from '@/lib/domain/request-detail';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Answers } from './answers';
import { oneLine } from './ask';
import type { Ending } from './ending';
import type { EngineParts, LiveSession } from './parts';
import type { PeopleDesk } from './ports/people';
import type { RequestQuery, SessionQuery } from './ports/store';

const pageMost = 2_000;

/** What people may do. Reads come from the store, so only what is committed is ever shown (I2). */
export class EnginePeopleDesk implements PeopleDesk {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: { readonly answers: Answers; readonly ending: Ending },
  ) {}

  async requests(person: Person, query: RequestQuery): Promise<Result<readonly QueueItem[]>> {
    return this.read(person, 'queue.read', async () => {
      const found = await this.parts.store.requests(query);
      const agents = new Map<SessionId, string>();
      for (const sessionId of new Set(found.map((request) => request.sessionId))) {
        agents.set(sessionId, await this.agentName(sessionId));
      }
      const items = await Promise.all(
        found.map(async (request): Promise<QueueItem> => {
          const call = request.callId === null ? null : ((await this.parts.store.call(request.callId))?.call ?? null);
          return { request, call, agent: agents.get(request.sessionId) ?? '' };
        }),
      );
      return done(items);
    });
  }

  async request(person: Person, id: RequestId): Promise<Result<RequestDetail>> {
    return this.read(person, 'request.read', async () => {
      const { store } = this.parts;
      const request = await store.request(id);
      if (request === null) return refuse('not_found');
      const summary = await store.session(request.sessionId);
      if (summary === null) return refuse('not_found');
      const { callId } = request;
      const [call, given, ask, tool, answer] = await Promise.all([
        callId === null ? null : store.call(callId),
        callId === null ? null : store.payload(callId, 'arguments'),
        store.payload(id, 'ask'),
        callId === null ? null : store.payload(callId, 'tool'),
        store.payload(id, 'answer'),
      ]);
      // Who must judge a value sees it; for anyone else secrets stay masked (I14).
      const judges = may(person.role, 'request.answer');
      const shown = (body: Json | null): Json | null => (judges || body === null ? body : maskJson(body));
      return done({
        request,
        call: call?.call ?? null,
        summary,
        arguments: shown(given),
        ask: shown(ask),
        tool,
        answer: judges ? answer : null,
        earlier: await this.earlier(request, judges),
        allowed: {
          answer: this.allowed(person, 'request.answer', request),
          claim: this.allowed(person, 'request.claim', request),
        },
      });
    });
  }

  /** What was answered to the same question on the run before (I4); its values only for who may judge them. */
  private async earlier(request: HoldRequest, judges: boolean): Promise<RequestDetail['earlier']> {
    if (request.earlier === null) return null;
    const before = await this.parts.store.request(request.earlier);
    if (before === null || !('answer' in before)) return null;
    const { by, savedAt } = before.answer;
    const content = judges ? await this.parts.store.payload(before.requestId, 'answer') : null;
    return { by: actorName(by), savedAt, content };
  }

  /** By role and state alone: a claim comes and goes while the page is open, which sees it in the request itself. */
  private allowed(
    person: Person,
    action: Action,
    request: HoldRequest,
  ): { readonly ok: boolean; readonly why: string | null } {
    const why = whyNot(person.role, action);
    return { ok: why === null && request.state === 'open', why };
  }

  async claim(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.claim', id);
    return live.ok ? this.by.answers.claim(live.value, person, id) : live;
  }

  async release(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.claim', id);
    return live.ok ? this.by.answers.release(live.value, person, id) : live;
  }

  async answer(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    const live = await this.liveRequest(person, 'request.answer', order.requestId);
    if (!live.ok)
      return live.code === 'not_open'
        ? this.read(person, 'request.answer', () => this.by.answers.answerOver(person, order))
        : live;
    const reason = order.reason === null || order.reason.trim() === '' ? null : order.reason.trim();
    try {
      return await this.by.answers.answer(live.value, person, { ...order, reason });
    } catch (error) {
      return this.away(error);
    }
  }

  async sessions(person: Person, query: SessionQuery): Promise<Result<readonly SessionSummary[]>> {
    return this.read(person, 'session.read', async () => done(await this.parts.store.sessions(query)));
  }

  async session(person: Person, id: SessionId): Promise<Result<SessionSummary>> {
    return this.read(person, 'session.read', async () => {
      const summary = await this.parts.store.session(id);
      return summary === null ? refuse('not_found') : done(summary);
    });
  }

  async events(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<readonly SessionEvent[]>> {
    return this.read(person, 'session.read', async () => done(await this.parts.store.events(id, bounded(page))));
  }

  async raw(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<readonly RawMessage[]>> {
    return this.read(person, 'session.raw', async () => done(await this.parts.store.raw(id, bounded(page))));
  }

  async previewEnd(person: Person, id: SessionId): Promise<Result<EndPreview>> {
    const live = await this.endable(person, id);
    return live.ok ? done(this.by.ending.preview(live.value, this.parts.clock.now())) : live;
  }

  async end(person: Person, id: SessionId, reason: string): Promise<Result<SessionSummary>> {
    const words = oneLine(reason);
    if (words === '') return refuse('reason_required');
    const live = await this.endable(person, id);
    if (!live.ok) return live;
    const begun = await this.by.ending.begin(live.value, {
      actor: { kind: 'person', id: person.id, name: person.name },
      end: 'terminated',
      reason: words,
    });
    return begun.ok ? this.session(person, id) : begun;
  }

  private async endable(person: Person, id: SessionId): Promise<Result<LiveSession>> {
    const seen = await this.session(person, id);
    if (!seen.ok) return seen;
    const why = whyNot(person.role, 'session.end');
    if (why !== null) return refuse('forbidden', why);
    const live = this.parts.live.get(id);
    return live === undefined || live.log.book.session?.state !== 'active' ? refuse('session_ended') : done(live);
  }

  /** The live session of a request; what is over is refused in the words of how it ended. */
  private async liveRequest(person: Person, action: Action, id: RequestId): Promise<Result<LiveSession>> {
    return this.read(person, 'request.read', async () => {
      const why = whyNot(person.role, action);
      const holder = [...this.parts.live.values()].find((live) => live.log.book.requests.has(id));
      if (holder !== undefined) return why === null ? done(holder) : refuse('forbidden', why);
      const request = await this.parts.store.request(id);
      if (request === null) return refuse('not_found');
      if (why !== null) return refuse('forbidden', why);
      const live = this.parts.live.get(request.sessionId);
      return live === undefined ? refuse('not_open', undefined, { state: request.state }) : done(live);
    });
  }

  private async agentName(id: SessionId): Promise<string> {
    const live = this.parts.live.get(id);
    if (live !== undefined) return live.agent.name;
    return (await this.parts.store.session(id))?.session.agent.name ?? '';
  }

  private async read<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, action);
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      return this.away(error);
    }
  }

  private away(error: unknown): Refusal {
    this.parts.log.error({ error }, 'the store could not be read');
    return refuse(
      'cannot_save',
      'The database cannot be reached right now. Nothing was changed; try again in a moment.',
    );
  }
}

function bounded(page: { readonly afterSeq: number; readonly limit: number }): {
  readonly afterSeq: number;
  readonly limit: number;
} {
  return { afterSeq: page.afterSeq, limit: Math.min(page.limit, pageMost) };
}
