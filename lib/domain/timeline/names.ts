import type { RequestKind, SessionEvent } from '../event';
import type { CallId, ConnectionId, RequestId } from '../ids';

export interface CallName {
  readonly server: string;
  readonly tool: string;
  /** How often it was sent so far. */
  readonly runs: number;
}

export interface RequestName {
  readonly kind: RequestKind;
  readonly title: string;
  readonly server: string;
  readonly tool: string | null;
  readonly callId: CallId | null;
}

export interface ConnectionName {
  readonly server: string;
  /** How often it became ready: from the second time on it was reattached. */
  readonly times: number;
}

/** What calls, requests and connections are called, so that a later event can speak of them. */
export interface Names {
  readonly calls: ReadonlyMap<CallId, CallName>;
  readonly requests: ReadonlyMap<RequestId, RequestName>;
  readonly connections: ReadonlyMap<ConnectionId, ConnectionName>;
}

export const noNames: Names = { calls: new Map(), requests: new Map(), connections: new Map() };

export interface DraftNames {
  readonly calls: Map<CallId, CallName>;
  readonly requests: Map<RequestId, RequestName>;
  readonly connections: Map<ConnectionId, ConnectionName>;
}

export function copyNames(names: Names): DraftNames {
  return { calls: new Map(names.calls), requests: new Map(names.requests), connections: new Map(names.connections) };
}

const telling: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  'call.received',
  'call.sent',
  'request.opened',
  'connection.opening',
  'connection.ready',
]);

export function namesSomething(event: SessionEvent): boolean {
  return telling.has(event.type);
}

export function learnName(names: DraftNames, event: SessionEvent): void {
  switch (event.type) {
    case 'call.received':
      names.calls.set(event.callId, { server: event.server, tool: event.tool, runs: 0 });
      return;
    case 'call.sent': {
      const call = names.calls.get(event.callId);
      if (call !== undefined) names.calls.set(event.callId, { ...call, runs: call.runs + 1 });
      return;
    }
    case 'connection.opening':
      names.connections.set(event.connectionId, { server: event.server, times: 0 });
      return;
    case 'connection.ready': {
      const connection = names.connections.get(event.connectionId);
      if (connection !== undefined)
        names.connections.set(event.connectionId, { ...connection, times: connection.times + 1 });
      return;
    }
    case 'request.opened': {
      const { kind, title, server, tool, callId } = event;
      names.requests.set(event.requestId, { kind, title, server, tool, callId });
      return;
    }
    default:
  }
}
