import type { EndManyPreview, EndSelection } from '@/lib/domain/end-many';
import type {
  EndingsPage,
  EndingsPlace,
  EndItemsLook,
  EndItemsPage,
  EndOperation,
  WhenChanged,
} from '@/lib/domain/end-operation';
import type { AgentId, CallId, EndingId, PauseId, SessionId } from '@/lib/domain/ids';
import type { Pause, PauseList } from '@/lib/domain/pause';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';

export interface PauseOrder {
  readonly target:
    | { readonly kind: 'everything' }
    | { readonly kind: 'server'; readonly server: string }
    | { readonly kind: 'agent'; readonly agentId: AgentId };
  readonly reason: string;
  /** Epoch milliseconds; null until it is lifted by hand. */
  readonly untilAt: number | null;
}

export interface EndManyOrder {
  /** What the preview was asked of, for the words of the record. */
  readonly selection: EndSelection;
  /** The sessions the preview showed, and nobody else. */
  readonly sessions: readonly { readonly sessionId: SessionId; readonly print: string }[];
  readonly reason: string;
  readonly whenChanged: WhenChanged;
}

/** What stops things: pauses, endings of many sessions, cancels. Every method checks what the person may do (I11). */
export interface ControlDesk {
  pauses(person: Person): Result<PauseList>;
  /** Resolved when it is on disk and in force. One of the same target is replaced. */
  pause(person: Person, order: PauseOrder): Promise<Result<Pause>>;
  lift(person: Person, id: PauseId): Promise<Result<null>>;

  /** What ending them would do; nothing is done. */
  previewEndMany(person: Person, selection: EndSelection): Promise<Result<EndManyPreview>>;
  /** Resolved when the order is on disk; progress is published. */
  endMany(person: Person, order: EndManyOrder): Promise<Result<EndOperation>>;
  /** The latest first; null: from the newest. */
  endings(person: Person, before: EndingsPlace | null): Promise<Result<EndingsPage>>;
  ending(person: Person, id: EndingId, look: EndItemsLook): Promise<Result<EndItemsPage>>;
  /** No further session of it is begun. */
  stopEnding(person: Person, id: EndingId): Promise<Result<EndOperation>>;
  /** What is left of the time a session's servers have to stop is not waited for. */
  forceEnd(person: Person, id: SessionId): Promise<Result<null>>;
  /** Ends one call; its session goes on. Resolved when that is committed. */
  cancelCall(
    person: Person,
    order: { readonly sessionId: SessionId; readonly callId: CallId; readonly reason: string },
  ): Promise<Result<null>>;
}
