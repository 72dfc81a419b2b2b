import type { SessionEvent } from '../event';
import type { CallId, RequestId } from '../ids';
import type { SegmentPerson } from './lane-model';
import { type NameParts, type Names, namesAt } from './names';
import { type EventWords, wordsOf } from './words';

/** One line of the event list. Derived where it is drawn or searched: most of a long session is neither. */
export interface EventRow extends EventWords {
  readonly seq: number;
  readonly at: number;
  readonly event: SessionEvent;
  readonly callId: CallId | null;
  readonly requestId: RequestId | null;
  /** The tool, or else the server, it concerns. */
  readonly subject: string | null;
  readonly person: SegmentPerson | null;
}

export function rowOf(parts: NameParts, event: SessionEvent): EventRow {
  return rowWith(namesAt(parts, event.seq), event);
}

/** `names`: as they are at the event. */
export function rowWith(names: Names, event: SessionEvent): EventRow {
  const { callId, requestId } = concernOf(names, event);
  const request = requestId === null ? undefined : names.requests.get(requestId);
  const call = callId === null ? undefined : names.calls.get(callId);
  const subject = call?.tool ?? request?.tool ?? request?.server ?? serverOf(event, names);
  const person = event.actor.kind === 'person' ? { id: event.actor.id, name: event.actor.name } : null;
  return { seq: event.seq, at: event.at, event, callId, requestId, subject, person, ...wordsOf(event, names) };
}

/** The call and the request an event is about. */
export function concernOf(
  { requests }: Pick<Names, 'requests'>,
  event: SessionEvent,
): { readonly callId: CallId | null; readonly requestId: RequestId | null } {
  const requestId = 'requestId' in event ? event.requestId : null;
  const asked = requestId === null ? undefined : requests.get(requestId);
  return { requestId, callId: ('callId' in event ? event.callId : null) ?? asked?.callId ?? null };
}

function serverOf(event: SessionEvent, names: Names): string | null {
  if ('server' in event) return event.server;
  return 'connectionId' in event ? (names.connections.get(event.connectionId)?.server ?? null) : null;
}
