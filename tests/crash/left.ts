import type { Call } from '@/lib/domain/call';
import type { EventOf, EventType, SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import type { World } from './world';

/** What the world left behind of one call: on our disk, and read back by nothing of the engine. */
export interface Left {
  readonly world: World;
  /** Of this call, and of no call. */
  readonly events: readonly SessionEvent[];
  readonly call: Call;
  readonly requests: readonly HoldRequest[];
  /** What the agent asked for. */
  readonly asked: JsonObject;
  /** With what the tool was run for it. */
  readonly ran: readonly Json[];
}

export function eventsOf<T extends EventType>(left: Left, type: T): readonly EventOf<T>[] {
  return left.events.filter((event): event is EventOf<T> => event.type === type);
}

/** Those of one call and its requests, and those that are of none. */
export function eventsAbout(events: readonly SessionEvent[], callId: CallId): readonly SessionEvent[] {
  const callOf = new Map<RequestId, CallId | null>();
  for (const event of events) if (event.type === 'request.opened') callOf.set(event.requestId, event.callId);
  return events.filter((event) => {
    const request = 'requestId' in event && event.requestId !== null ? (callOf.get(event.requestId) ?? null) : null;
    const about = 'callId' in event ? event.callId : request;
    return about === null || about === callId;
  });
}
