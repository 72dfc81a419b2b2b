import type { EndPreview } from '@/lib/domain/end-preview';
import type { SessionEvent } from '@/lib/domain/event';
import type { PersonRef } from '@/lib/domain/event';
import type { PersonId, RequestId, SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { ModelUsage } from '@/lib/domain/model-usage';
import type { Overview } from '@/lib/domain/overview/overview';
import type { Period } from '@/lib/domain/overview/period';
import type { Person } from '@/lib/domain/permission';
import type { RawPage } from '@/lib/domain/raw';
import type { Result } from '@/lib/domain/refusal';
import type { Purge } from '@/lib/domain/retention';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueCounts, QueueLook, QueuePlace } from '@/lib/domain/queue-query';
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
import type { SessionFound, SessionPage, SessionPlace } from '@/lib/domain/session-page';
import type { SessionSummary } from '@/lib/domain/summary';
import type { EventLook } from '@/lib/domain/timeline/find';
import type { SessionQuery } from './store';

export interface QueuePage {
  readonly look: QueueLook;
  readonly after: QueuePlace | null;
  readonly limit: number;
}

/** What a model wrote for a person to read and edit. */
export interface ModelDraft {
  /** The result of `sampling/createMessage`. */
  readonly result: JsonObject;
  /** Its plain text; null when it holds more than text. */
  readonly text: string | null;
  readonly usage: ModelUsage;
}

export interface FindOrder {
  readonly sessionId: SessionId;
  readonly look: EventLook;
}

/** The engine as people reach it; every method checks what the person may do (I11). */
export interface PeopleDesk {
  /** A page of the queue, what is theirs only. */
  queue(
    person: Person,
    page: QueuePage,
  ): Promise<Result<{ readonly items: readonly QueueItem[]; readonly more: boolean }>>;
  queueCounts(person: Person): Promise<Result<QueueCounts>>;
  request(person: Person, id: RequestId): Promise<Result<RequestDetail>>;
  /** Everything that happened to it, in order. */
  history(person: Person, id: RequestId): Promise<Result<readonly SessionEvent[]>>;
  claim(person: Person, id: RequestId): Promise<Result<HoldRequest>>;
  release(person: Person, id: RequestId): Promise<Result<HoldRequest>>;
  /** Resolved when the answer is committed (I2); delivery follows as events. */
  answer(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>>;
  /** Other arguments for a held call: earlier votes are void, the rules are asked again (I6). */
  edit(person: Person, order: EditOrder): Promise<Result<HoldRequest>>;
  /** To someone who may answer it; null to nobody in particular. A claim of theirs goes with it. */
  assign(person: Person, id: RequestId, to: PersonId | null): Promise<Result<HoldRequest>>;
  note(person: Person, order: NoteOrder): Promise<Result<Note>>;
  /** Has the model write a draft; nothing is sent to the server. */
  draft(person: Person, order: DraftOrder, signal: AbortSignal): Promise<Result<ModelDraft>>;
  /** Who may answer a request, for assigning it and mentioning them. */
  peopleFor(person: Person, id: RequestId): Promise<Result<readonly PersonRef[]>>;
  sessions(person: Person, query: SessionQuery): Promise<Result<readonly SessionSummary[]>>;
  /** How many stand beside each filter, over all there are. */
  sessionCounts(person: Person, query: Pick<SessionQuery, 'search' | 'narrow'>): Promise<Result<SessionCounts>>;
  sessionPicks(person: Person): Promise<Result<SessionPicks>>;
  /** The figures of a period: everyone's, with the names of their teams only (I11, decision 21). */
  overview(person: Person, order: { readonly period: Period; readonly timeZone: string }): Promise<Result<Overview>>;
  session(person: Person, id: SessionId): Promise<Result<SessionSummary>>;
  events(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<readonly SessionEvent[]>>;
  /** A stretch of a session's events, wherever it lies. */
  page(person: Person, id: SessionId, place: SessionPlace): Promise<Result<SessionPage>>;
  /** Searches every event of a session; ends early when whoever asked is gone. */
  find(person: Person, order: FindOrder, gone: AbortSignal): Promise<Result<SessionFound>>;
  /** A session whose report is about to be made: that it was asked for is recorded first. */
  report(person: Person, id: SessionId, format: string): Promise<Result<SessionSummary>>;
  raw(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<RawPage>>;
  /** The last raw messages before `beforeSeq`, or the very last for null, in order. */
  rawBefore(
    person: Person,
    id: SessionId,
    page: { readonly beforeSeq: number | null; readonly limit: number },
  ): Promise<Result<RawPage>>;
  /** Whether raw messages of a session were purged, and after how long. */
  rawPurge(person: Person, id: SessionId): Promise<Result<Purge | null>>;
  previewEnd(person: Person, id: SessionId): Promise<Result<EndPreview>>;
  /** Resolved when the ending is recorded; its steps follow as events. */
  end(person: Person, id: SessionId, reason: string): Promise<Result<SessionSummary>>;
}
