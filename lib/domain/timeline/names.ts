import type { RequestKind, SessionEvent } from '../event';
import type { CallId, ConnectionId, RequestId } from '../ids';

export interface RequestName {
  readonly kind: RequestKind;
  readonly title: string;
  readonly server: string;
  readonly tool: string | null;
  readonly callId: CallId | null;
}

/** What calls, requests and connections are called, so that a later event can speak of them. */
export interface Names {
  readonly calls: ReadonlyMap<CallId, { readonly server: string; readonly tool: string }>;
  readonly requests: ReadonlyMap<RequestId, RequestName>;
  readonly connections: ReadonlyMap<ConnectionId, string>;
}

export const noNames: Names = { calls: new Map(), requests: new Map(), connections: new Map() };

export interface DraftNames {
  readonly calls: Map<CallId, { readonly server: string; readonly tool: string }>;
  readonly requests: Map<RequestId, RequestName>;
  readonly connections: Map<ConnectionId, string>;
}

export function copyNames(names: Names): DraftNames {
  return { calls: new Map(names.calls), requests: new Map(names.requests), connections: new Map(names.connections) };
}

export function namesSomething(event: SessionEvent): boolean {
  return event.type === 'call.received' || event.type === 'request.opened' || event.type === 'connection.opening';
}

export function learnName(names: DraftNames, event: SessionEvent): void {
  if (event.type === 'call.received') names.calls.set(event.callId, { server: event.server, tool: event.tool });
  if (event.type === 'connection.opening') names.connections.set(event.connectionId, event.server);
  if (event.type === 'request.opened') {
    const { kind, title, server, tool, callId } = event;
    names.requests.set(event.requestId, { kind, title, server, tool, callId });
  }
}
