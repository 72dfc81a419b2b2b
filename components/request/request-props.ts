import type { AnswerAction } from '@/lib/domain/event';
import type { PersonId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Refusal } from '@/lib/domain/refusal';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { RequestDraft } from './draft';

export interface PresentPerson {
  readonly id: string;
  readonly name: string;
  readonly doing: 'looking' | 'answering';
}

/** What became of the answer this page gave. */
export type Sending =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly action: AnswerAction }
  /** Waits for the line to come back; sent once, then. */
  | { readonly state: 'queued'; readonly action: AnswerAction }
  | { readonly state: 'refused'; readonly refusal: Refusal };

/** What a person decided; the container adds the operation id and the revision they saw. */
export interface AnswerIntent {
  readonly action: AnswerAction;
  readonly reason: string | null;
  readonly content: JsonObject | null;
}

/** What the page can do with answers right now. */
export type Reach = 'online' | 'offline' | 'storage_away';

export interface RequestScreenProps {
  readonly detail: RequestDetail;
  readonly me: { readonly id: PersonId; readonly name: string };
  /** The server's clock minus this browser's. */
  readonly clockOffsetMs: number;
  /** Everyone else who has it open. */
  readonly presence: readonly PresentPerson[];
  readonly reach: Reach;
  readonly draft: RequestDraft;
  readonly sending: Sending;
  /** `pane` beside the list, `page` alone. */
  readonly layout: 'pane' | 'page';
  /** Where "back" leads on a phone. */
  readonly backHref: string;
  readonly onDraft: (draft: RequestDraft) => void;
  readonly onAnswer: (intent: AnswerIntent) => void;
  /** Takes back an answer that is still queued. */
  readonly onUnqueue: () => void;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  /** Goes to the next open request; null when there is none. */
  readonly onNext: (() => void) | null;
}
