import type { SessionEvent } from '../event';
import type { ConnectionId } from '../ids';
import type { RawMessage } from '../raw';
import { partsOf } from './raw-part';

/** A JSON-RPC id on a connection to a server. */
interface Wire {
  readonly connectionId: ConnectionId;
  readonly rpcId: string | number;
}

/** The connection and id an event went over; null for one that did not go to a server. */
export function wireOf(event: SessionEvent, events: readonly SessionEvent[]): Wire | null {
  if (event.type === 'call.sent') return { connectionId: event.connectionId, rpcId: event.rpcId };
  if (event.type === 'request.opened') return event.upstream;
  if ('requestId' in event && event.type.startsWith('answer.')) {
    const opened = events.find((one) => one.type === 'request.opened' && one.requestId === event.requestId);
    return opened?.type === 'request.opened' ? opened.upstream : null;
  }
  if (event.type !== 'call.completed' && event.type !== 'call.failed') return null;
  const sent = events.findLast((one) => one.type === 'call.sent' && one.callId === event.callId && one.seq < event.seq);
  return sent?.type === 'call.sent' ? { connectionId: sent.connectionId, rpcId: sent.rpcId } : null;
}

/** Whether an event tells of the response rather than of the request. */
function isOfResponse({ type }: SessionEvent): boolean {
  return type === 'call.completed' || type === 'call.failed' || type.startsWith('answer.');
}

/** The raw message an event tells of; undefined when it is not among these. */
export function messageOf(
  event: SessionEvent,
  events: readonly SessionEvent[],
  messages: readonly RawMessage[],
): RawMessage | undefined {
  const wire = wireOf(event, events);
  if (wire === null) return undefined;
  return messages.find((raw) => isOn(raw, wire) && isResponse(raw) === isOfResponse(event));
}

/** The event a raw message is told by; undefined for most. */
export function eventOf(raw: RawMessage, events: readonly SessionEvent[]): SessionEvent | undefined {
  if (raw.side !== 'server') return undefined;
  const origin = events.find((event) => {
    const wire = event.type === 'call.sent' || event.type === 'request.opened' ? wireOf(event, events) : null;
    return wire !== null && isOn(raw, wire);
  });
  if (origin === undefined || !isResponse(raw)) return origin;
  return events.find((event) => event.seq > origin.seq && isOfResponse(event) && isOfSame(event, origin));
}

export function transportOf(events: readonly SessionEvent[], raw: RawMessage): 'http' | 'stdio' | 'unknown' {
  const opening = events.find((one) => one.type === 'connection.opening' && one.connectionId === raw.connectionId);
  return opening?.type === 'connection.opening' ? opening.transport : 'unknown';
}

function isOfSame(event: SessionEvent, origin: SessionEvent): boolean {
  if (origin.type === 'call.sent') return 'callId' in event && event.callId === origin.callId;
  return origin.type === 'request.opened' && 'requestId' in event && event.requestId === origin.requestId;
}

function isOn(raw: RawMessage, { connectionId, rpcId }: Wire): boolean {
  return raw.connectionId === connectionId && partsOf(raw).some(({ id }) => id === rpcId);
}

function isResponse(raw: RawMessage): boolean {
  return partsOf(raw).some(({ kind }) => kind === 'result' || kind === 'error');
}
