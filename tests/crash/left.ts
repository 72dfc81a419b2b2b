import type { Call } from '@/lib/domain/call';
import type { EventOf, EventType, SessionEvent } from '@/lib/domain/event';
import type { HoldRequest } from '@/lib/domain/request';
import type { World } from './world';

/** What the world left behind: on our disk, and read back by nothing of the engine. */
export interface Left {
  readonly world: World;
  readonly events: readonly SessionEvent[];
  readonly call: Call;
  readonly requests: readonly HoldRequest[];
}

export function eventsOf<T extends EventType>(left: Left, type: T): readonly EventOf<T>[] {
  return left.events.filter((event): event is EventOf<T> => event.type === type);
}
