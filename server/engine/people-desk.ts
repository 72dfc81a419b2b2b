import type { EndPreview } from '@/lib/domain/end-preview';
import type { PersonRef, SessionEvent } from '@/lib/domain/event';
import type { PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import type { Overview } from '@/lib/domain/overview/overview';
import { type Action, type Person, teamsOf } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import type { QueueCounts } from '@/lib/domain/queue-query';
import type { RawPage } from '@/lib/domain/raw';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type {
  AnswerOrder,
  DraftOrder,
  EditOrder,
  Note,
  NoteOrder,
  QueueItem,
  RequestDetail,
} from '@/lib/domain/request-detail';
import type { SessionCounts, SessionPicks } from '@/lib/domain/session-query';
import { type Purge, purgedWords } from '@/lib/domain/retention';
import type { SessionFound, SessionPage, SessionPlace } from '@/lib/domain/session-page';
import type { SessionSummary } from '@/lib/domain/summary';
import { oneLine } from './ask';
import type { Ending } from './ending';
import type { OverviewDesk, OverviewOrder } from './overview-desk';
import { previewOf } from './ending-preview';
import type { EngineParts, LiveSession } from './parts';
import type { FindOrder, ModelDraft, PeopleDesk, QueuePage } from './ports/people';
import type { SessionQuery } from './ports/store';
import { rawAfter, rawBefore } from './raw-pages';
import { databaseAway, type RequestDesk } from './request-desk';
import type { SessionsDesk } from './sessions-desk';
import { SessionReading } from './session-reading';

const pageMost = 2_000;

/** What people may do. Reads come from the store, so only what is committed is ever shown (I2). */
export class EnginePeopleDesk implements PeopleDesk {
  private readonly reading: SessionReading;

  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly requests: RequestDesk;
      readonly sessions: SessionsDesk;
      readonly overview: OverviewDesk;
      readonly ending: Ending;
    },
  ) {
    this.reading = new SessionReading(parts);
  }

  queue(
    person: Person,
    page: QueuePage,
  ): Promise<Result<{ readonly items: readonly QueueItem[]; readonly more: boolean }>> {
    return this.by.requests.queue(person, page);
  }

  queueCounts(person: Person): Promise<Result<QueueCounts>> {
    return this.by.requests.queueCounts(person);
  }

  request(person: Person, id: RequestId): Promise<Result<RequestDetail>> {
    return this.by.requests.request(person, id);
  }

  history(person: Person, id: RequestId): Promise<Result<readonly SessionEvent[]>> {
    return this.by.requests.history(person, id);
  }

  claim(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    return this.by.requests.claim(person, id);
  }

  release(person: Person, id: RequestId): Promise<Result<HoldRequest>> {
    return this.by.requests.release(person, id);
  }

  answer(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>> {
    return this.by.requests.answer(person, order);
  }

  edit(person: Person, order: EditOrder): Promise<Result<HoldRequest>> {
    return this.by.requests.edit(person, order);
  }

  assign(person: Person, id: RequestId, to: PersonId | null): Promise<Result<HoldRequest>> {
    return this.by.requests.assign(person, id, to);
  }

  note(person: Person, order: NoteOrder): Promise<Result<Note>> {
    return this.by.requests.note(person, order);
  }

  draft(person: Person, order: DraftOrder, signal: AbortSignal): Promise<Result<ModelDraft>> {
    return this.by.requests.draft(person, order, signal);
  }

  peopleFor(person: Person, id: RequestId): Promise<Result<readonly PersonRef[]>> {
    return this.by.requests.peopleFor(person, id);
  }

  sessions(person: Person, query: SessionQuery): Promise<Result<readonly SessionSummary[]>> {
    return this.by.sessions.list(person, query);
  }

  sessionCounts(person: Person, query: Pick<SessionQuery, 'search' | 'narrow'>): Promise<Result<SessionCounts>> {
    return this.by.sessions.counts(person, query);
  }

  sessionPicks(person: Person): Promise<Result<SessionPicks>> {
    return this.by.sessions.picks(person);
  }

  overview(person: Person, order: OverviewOrder): Promise<Result<Overview>> {
    return this.by.overview.read(person, order);
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
    return this.read(person, 'session.read', async () => {
      const events = await this.parts.store.events(id, bounded(page));
      if (events.length > 0 || page.afterSeq > 0) return done(events);
      return (await this.purgeRefusal(id)) ?? done(events);
    });
  }

  async page(person: Person, id: SessionId, place: SessionPlace): Promise<Result<SessionPage>> {
    return this.read(person, 'session.read', async () => {
      const summary = await this.parts.store.session(id);
      if (summary === null) return refuse('not_found');
      const page = await this.reading.page(id, place);
      const why = page.events.length > 0 ? null : await this.purgeRefusal(id);
      return why ?? done(page);
    });
  }

  /** That a session has no events any more is said, and not shown as one that never had any. */
  private async purgeRefusal(id: SessionId): Promise<Refusal | null> {
    const purge = (await this.parts.keeping.purged(id)).find(({ kind }) => kind === 'events');
    return purge === undefined ? null : refuse('purged', purgedWords(purge), { ...purge });
  }

  async find(person: Person, { sessionId, look }: FindOrder, gone: AbortSignal): Promise<Result<SessionFound>> {
    return this.read(person, 'session.read', async () => {
      const summary = await this.parts.store.session(sessionId);
      return summary === null ? refuse('not_found') : done(await this.reading.find(sessionId, look, gone));
    });
  }

  async report(person: Person, id: SessionId, format: string): Promise<Result<SessionSummary>> {
    return this.read(person, 'session.read', async () => {
      const { store, audit, clock } = this.parts;
      const summary = await store.session(id);
      if (summary === null) return refuse('not_found');
      await audit.record({
        act: 'report.exported',
        at: clock.now(),
        actor: { kind: 'person', id: person.id, name: person.name },
        from: person.from ?? null,
        about: { kind: 'session', id, name: summary.session.agent.name },
        why: null,
        facts: { format, events: summary.seq },
      });
      return done(summary);
    });
  }

  async raw(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<RawPage>> {
    return this.readRaw(person, id, () => rawAfter(this.parts.store, id, bounded(page)));
  }

  async rawBefore(
    person: Person,
    id: SessionId,
    { beforeSeq, limit }: { readonly beforeSeq: number | null; readonly limit: number },
  ): Promise<Result<RawPage>> {
    const page = { beforeSeq, limit: Math.min(limit, pageMost) };
    return this.readRaw(person, id, () => rawBefore(this.parts.store, id, page));
  }

  async rawPurge(person: Person, id: SessionId): Promise<Result<Purge | null>> {
    return this.readRaw(person, id, async () => {
      const purges = await this.parts.keeping.purged(id);
      return purges.find(({ kind }) => kind === 'raw' || kind === 'events') ?? null;
    });
  }

  private async readRaw<T>(person: Person, id: SessionId, read: () => Promise<T>): Promise<Result<T>> {
    return this.read(person, 'session.raw', async () => {
      const summary = await this.parts.store.session(id);
      if (summary === null) return refuse('not_found');
      const why = rawRefusal(person, summary);
      return why === null ? done(await read()) : refuse('forbidden', why);
    });
  }

  async previewEnd(person: Person, id: SessionId): Promise<Result<EndPreview>> {
    const live = await this.endable(person, id);
    return live.ok ? done(previewOf(this.parts, live.value, this.parts.clock.now())) : live;
  }

  async end(person: Person, id: SessionId, reason: string): Promise<Result<SessionSummary>> {
    const words = oneLine(reason);
    if (words === '') return refuse('reason_required');
    const live = await this.endable(person, id);
    if (!live.ok) return live;
    const begun = await this.by.ending.begin(live.value, {
      actor: { kind: 'person', id: person.id, name: person.name },
      from: person.from ?? null,
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

  private async read<T>(person: Person, action: Action, run: () => Promise<Result<T>>): Promise<Result<T>> {
    const why = whyNot(person.role, action);
    if (why !== null) return refuse('forbidden', why);
    try {
      return await run();
    } catch (error) {
      return databaseAway(this.parts, error);
    }
  }
}

/** Raw messages hold what was asked of every team: only admins see them where not all of it is theirs (I11). */
export function rawRefusal(person: Person, summary: SessionSummary): string | null {
  if (person.role === 'admin') return null;
  const own = teamsOf(person);
  return summary.teams.every((team) => own.includes(team))
    ? null
    : 'This session asked teams you are not in, so its raw messages are not shown.';
}

function bounded(page: { readonly afterSeq: number; readonly limit: number }): {
  readonly afterSeq: number;
  readonly limit: number;
} {
  return { afterSeq: page.afterSeq, limit: Math.min(page.limit, pageMost) };
}
