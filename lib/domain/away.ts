import type { Book } from './book';
import type { Connection } from './connection';
import type { AgentId, ConnectionId } from './ids';
import { type Pause, pauseOf } from './pause';
import { isPermit } from './permit';
import type { HoldRequest } from './request';

/** A server that a session cannot reach now, as its newest connection there knows it. */
export interface ServerAway {
  readonly connectionId: ConnectionId;
  readonly server: string;
  /** `reattaching`: we try to take it up again; `lost`: it is over, and a new one is made when it is needed. */
  readonly state: 'reattaching' | 'lost';
  readonly sinceAt: number;
  /** The server's or the network's words, masked. */
  readonly why: string;
}

/** Every server the session has been to and cannot reach now. */
export function awayServers({ connections }: Pick<Book, 'connections'>): readonly ServerAway[] {
  const newest = new Map<string, Connection>();
  // While a new one is being opened its server is no nearer than it was.
  for (const connection of connections.values())
    if (connection.state !== 'opening') newest.set(connection.server, connection);
  return [...newest.values()].flatMap((connection): readonly ServerAway[] => {
    const { connectionId, server, state } = connection;
    switch (state) {
      case 'reattaching':
        return [{ connectionId, server, state, sinceAt: connection.sinceAt, why: connection.why }];
      case 'lost':
        return [{ connectionId, server, state, sinceAt: connection.endedAt, why: connection.why }];
      case 'opening':
      case 'ready':
      case 'closed':
        return [];
    }
  });
}

/**
 * What keeps an answer to this request from its server now; null when nothing does, or when no answer is to come. A
 * question is answered over the connection that asked it and no other.
 */
export function awayFor(request: HoldRequest, away: readonly ServerAway[]): ServerAway | null {
  if (request.state !== 'open' && request.state !== 'answered') return null;
  const own = away.find(({ server, connectionId }) =>
    request.upstream === null ? server === request.server : connectionId === request.upstream.connectionId,
  );
  // A lost connection is what a recovery asks about: it says so itself.
  return own === undefined || (request.kind === 'recovery' && own.state === 'lost') ? null : own;
}

export function sameAway(a: ServerAway | null, b: ServerAway | null): boolean {
  return a?.connectionId === b?.connectionId && a?.state === b?.state;
}

/** Why an answer given now would not do its work now. */
export type Standstill =
  | { readonly is: 'paused'; readonly pause: Pause }
  | { readonly is: 'away'; readonly away: ServerAway };

export interface Standing {
  readonly request: HoldRequest;
  readonly agentId: AgentId;
  readonly away: ServerAway | null;
}

/** A pause keeps calls from being sent; questions of calls that run are answered all the same. */
export function standstillOf(
  { request, agentId, away }: Standing,
  pauses: readonly Pause[],
  now: number,
): Standstill | null {
  const pause =
    isPermit(request) && request.state === 'open' ? pauseOf(pauses, { server: request.server, agentId }, now) : null;
  if (pause !== null) return { is: 'paused', pause };
  return away === null ? null : { is: 'away', away };
}
