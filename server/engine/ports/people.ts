import type { EndPreview } from '@/lib/domain/end-preview';
import type { SessionEvent } from '@/lib/domain/event';
import type { RequestId, SessionId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { RawMessage } from '@/lib/domain/raw';
import type { Result } from '@/lib/domain/refusal';
import type { HoldRequest } from '@/lib/domain/request';
import type { AnswerOrder, QueueItem, RequestDetail } from '@/lib/domain/request-detail';
import type { SessionSummary } from '@/lib/domain/summary';
import type { RequestQuery, SessionQuery } from './store';

/** The engine as people reach it; every method checks what the person may do (I11). */
export interface PeopleDesk {
  requests(person: Person, query: RequestQuery): Promise<Result<readonly QueueItem[]>>;
  request(person: Person, id: RequestId): Promise<Result<RequestDetail>>;
  claim(person: Person, id: RequestId): Promise<Result<HoldRequest>>;
  release(person: Person, id: RequestId): Promise<Result<HoldRequest>>;
  /** Resolved when the answer is committed (I2); delivery follows as events. */
  answer(person: Person, order: AnswerOrder): Promise<Result<HoldRequest>>;
  sessions(person: Person, query: SessionQuery): Promise<Result<readonly SessionSummary[]>>;
  session(person: Person, id: SessionId): Promise<Result<SessionSummary>>;
  events(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<readonly SessionEvent[]>>;
  raw(
    person: Person,
    id: SessionId,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<Result<readonly RawMessage[]>>;
  previewEnd(person: Person, id: SessionId): Promise<Result<EndPreview>>;
  /** Resolved when the ending is recorded; its steps follow as events. */
  end(person: Person, id: SessionId, reason: string): Promise<Result<SessionSummary>>;
}
