import type { AgentId, PauseId } from '@/lib/domain/ids';
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

/** What stops things: pauses, endings of many sessions, cancels. Every method checks what the person may do (I11). */
export interface ControlDesk {
  pauses(person: Person): Result<PauseList>;
  /** Resolved when it is on disk and in force. One of the same target is replaced. */
  pause(person: Person, order: PauseOrder): Promise<Result<Pause>>;
  lift(person: Person, id: PauseId): Promise<Result<null>>;
}
