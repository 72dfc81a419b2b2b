import { type Advance, next } from './advance';
import type { Era, EventOf, SessionEvent, TransportKind } from './event';
import type { ConnectionId } from './ids';
import { refuse } from './refusal';

export interface ConnectionFacts {
  readonly connectionId: ConnectionId;
  readonly server: string;
  readonly transport: TransportKind;
  readonly era: Era;
  readonly openedAt: number;
}

interface Agreed {
  readonly protocolVersion: string;
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly hasSession: boolean;
}

/** Our MCP connection to one server on behalf of one session. */
export type Connection = ConnectionFacts &
  (
    | { readonly state: 'opening' }
    | ({ readonly state: 'ready' } & Agreed)
    | ({ readonly state: 'reattaching'; readonly sinceAt: number; readonly why: string } & Agreed)
    | { readonly state: 'lost'; readonly endedAt: number; readonly why: string }
    | { readonly state: 'closed'; readonly endedAt: number; readonly deleteStatus: number | null }
  );
export type ConnectionState = Connection['state'];
export type ConnectionEvent = Extract<SessionEvent, { readonly type: `connection.${string}` }>;
type Step = Advance<Connection, never>;

export function openConnection(event: EventOf<'connection.opening'>): Connection {
  const { connectionId, server, transport, era, at } = event;
  return { connectionId, server, transport, era, openedAt: at, state: 'opening' };
}

export function isLiveConnection(connection: Connection): boolean {
  return connection.state === 'opening' || connection.state === 'ready' || connection.state === 'reattaching';
}

/** The connection lifecycle of DESIGN.md; its whole table is `tests/domain/connection.test.ts`. */
export function advanceConnection(connection: Connection, event: ConnectionEvent): Step {
  const { connectionId, server, transport, era, openedAt } = connection;
  const facts: ConnectionFacts = { connectionId, server, transport, era, openedAt };
  if (!isLiveConnection(connection)) return no(connection, event);
  switch (event.type) {
    case 'connection.opening':
      return no(connection, event);
    case 'connection.ready': {
      const { protocolVersion, serverInfo, hasSession } = event;
      return next({ ...facts, state: 'ready', protocolVersion, serverInfo, hasSession });
    }
    case 'connection.reattaching': {
      if (connection.state === 'opening') return no(connection, event);
      if (connection.state === 'reattaching') return next(connection);
      const { protocolVersion, serverInfo, hasSession } = connection as Extract<Connection, { state: 'ready' }>;
      return next({
        ...facts,
        state: 'reattaching',
        sinceAt: event.at,
        why: event.why,
        protocolVersion,
        serverInfo,
        hasSession,
      });
    }
    case 'connection.lost':
      return next({ ...facts, state: 'lost', endedAt: event.at, why: event.why });
    case 'connection.closed':
      return next({ ...facts, state: 'closed', endedAt: event.at, deleteStatus: event.deleteStatus });
  }
}

function no(connection: Connection, event: ConnectionEvent): Step {
  return refuse('not_allowed_now', `A connection that is ${connection.state} does not take ${event.type}.`);
}
