import type { Standstill } from '@/lib/domain/away';
import type { AnswerAction, PersonRef, SessionEvent } from '@/lib/domain/event';
import type { PersonId, RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { ModelUsage } from '@/lib/domain/model-usage';
import type { Person } from '@/lib/domain/permission';
import type { RememberOrder } from '@/lib/domain/policy/choice';
import type { Refusal } from '@/lib/domain/refusal';
import type { DraftOrder, Note, RequestDetail } from '@/lib/domain/request-detail';
import type { RequestDraft } from './draft';

export interface PresentPerson {
  readonly id: string;
  readonly name: string;
  readonly doing: 'looking' | 'answering';
}

/** What became of the answer this page gave. */
export type Sending =
  | { readonly state: 'idle' }
  /** Kept here until `untilAt` by this browser's clock, so that it can be undone; nothing of it was sent. */
  | { readonly state: 'held'; readonly action: AnswerAction; readonly untilAt: number }
  | { readonly state: 'sending'; readonly action: AnswerAction }
  /** Waits for the line to come back; sent once, then. */
  | { readonly state: 'queued'; readonly action: AnswerAction }
  | { readonly state: 'refused'; readonly refusal: Refusal };

/** What a person decided; the container adds the operation id and the revision they saw. */
export interface AnswerIntent {
  readonly action: AnswerAction;
  readonly reason: string | null;
  readonly content: JsonObject | null;
  readonly remember: RememberOrder | null;
}

/** What a command came back with; `offline` and the like are refusals in words, too. */
export type Said<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A draft a model wrote. */
export interface ModelDraft {
  readonly result: JsonObject;
  /** Null when it holds more than text. */
  readonly text: string | null;
  readonly usage: ModelUsage;
}

/** What can be asked of the server about the request that is shown. Screens know nothing of the socket. */
export interface RequestDesk {
  readonly edit: (order: { readonly revision: number; readonly arguments: JsonObject }) => Promise<Said<null>>;
  readonly people: () => Promise<Said<readonly PersonRef[]>>;
  readonly assign: (to: PersonId | null) => Promise<Said<null>>;
  readonly note: (note: { readonly text: string; readonly mentions: readonly PersonId[] }) => Promise<Said<Note>>;
  readonly draft: (order: Omit<DraftOrder, 'requestId'>) => Promise<Said<ModelDraft>>;
  readonly history: () => Promise<Said<readonly SessionEvent[]>>;
}

/** An answer to another request of which no byte was sent. */
export interface PendingAnswer {
  readonly requestId: RequestId;
  readonly title: string;
  readonly action: AnswerAction;
  /** Until when it can be undone; null for one that waits for the line. */
  readonly untilAt: number | null;
}

/** What the page can do with answers right now. */
export type Reach = 'online' | 'offline' | 'storage_away';

export interface RequestScreenProps {
  readonly detail: RequestDetail;
  /** Whether the detail is of the request as it is now; `behind` while it is read again after a change. */
  readonly read: 'fresh' | 'behind';
  readonly me: Person;
  /** The server's clock minus this browser's. */
  readonly clockOffsetMs: number;
  /** Everyone else who has it open. */
  readonly presence: readonly PresentPerson[];
  readonly reach: Reach;
  /** What keeps an answer from doing its work now. */
  readonly standstill: Standstill | null;
  readonly draft: RequestDraft;
  readonly sending: Sending;
  /** Answers to other requests that can still be undone, the latest last. */
  readonly pending: readonly PendingAnswer[];
  /** The newest answer that can still be undone, wherever it was given: the one the key takes back. */
  readonly lastUnsent: RequestId | null;
  readonly desk: RequestDesk;
  /** `pane` beside the list, `page` alone. */
  readonly layout: 'pane' | 'page';
  /** Where "back" leads on a phone. */
  readonly backHref: string;
  readonly onDraft: (draft: RequestDraft) => void;
  readonly onAnswer: (intent: AnswerIntent) => void;
  /** Takes back an answer of which nothing was sent yet; without an id that of the request shown. */
  readonly onUnqueue: (requestId?: RequestId) => void;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  /** Goes to the next open request; null when there is none. */
  readonly onNext: (() => void) | null;
}
