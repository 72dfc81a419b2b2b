import { openCalls } from '@/lib/domain/book';
import type { ServerRow } from '@/lib/domain/directory';
import { isSecretKey, masked, maskText } from '@/lib/domain/mask';
import { may, type Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { LiveConnectionRow, ServerSight, ServerState } from '@/lib/domain/server';
import { bookOf, type EngineParts } from './parts';
import type { ServerEntry } from './ports/servers';

const connectionsMost = 500;

/** Every server in force, and those removed on which something still runs. */
export function serverRows(parts: EngineParts, person: Person): Result<{ readonly servers: readonly ServerRow[] }> {
  if (!may(person.role, 'server.read')) return refuse('forbidden', whyNot(person.role, 'server.read') ?? undefined);
  const counts = new Map<string, number>();
  const held = new Map<string, Held>();
  for (const { server, row } of liveConnections(parts)) {
    counts.set(server, (counts.get(server) ?? 0) + 1);
    if (row.state !== 'opening' && held.get(server) !== 'ready') held.set(server, row.state);
  }
  const inForce = [...parts.servers.values()];
  const removed = [...counts.keys()].flatMap((name) =>
    parts.servers.has(name) ? [] : (parts.servers.known(name) ?? []),
  );
  const servers = [...inForce, ...removed].map((server): ServerRow => {
    const sight = parts.sights.of(server.name);
    return {
      name: server.name,
      transport: server.transport.kind,
      where: whereOf(server),
      trusted: server.trusted,
      source: server.transport.kind === 'http' && server.transport.reach !== undefined ? 'browser' : 'file',
      state: parts.servers.has(server.name) ? stateOf(sight, held.get(server.name) ?? 'none') : 'removed',
      liveConnections: counts.get(server.name) ?? 0,
      lastError: sight.troubles[0] ?? null,
      waiting: 0,
    };
  });
  return done({ servers });
}

/** What is open on a server: `reattaching` while nothing of it can be heard. */
type Held = 'ready' | 'reattaching' | 'none';

/** A connection of an earlier life is taken up without a handshake: once it is ready, the server was reached. */
function stateOf({ handshake, troubles }: ServerSight, held: Held): ServerState {
  const trouble = troubles[0];
  if (handshake !== null && held === 'reattaching') return 'away';
  if (handshake === null && trouble === undefined) return held === 'ready' ? 'reachable' : 'unused';
  if (handshake === null) return 'failing';
  return trouble !== undefined && trouble.at > handshake.at ? 'failing' : 'reachable';
}

/** What is open on a server now, the oldest first. */
export function connectionsOf(parts: EngineParts, name: string): readonly LiveConnectionRow[] {
  return liveConnections(parts)
    .filter(({ server }) => server === name)
    .map(({ row }) => row)
    .toSorted((a, b) => a.openedAt - b.openedAt)
    .slice(0, connectionsMost);
}

function liveConnections(parts: EngineParts): readonly { readonly server: string; readonly row: LiveConnectionRow }[] {
  return [...parts.live.values()].flatMap((live) => {
    const book = bookOf(live);
    return [...book.connections.values()].flatMap((connection) => {
      const { connectionId, server, state, openedAt } = connection;
      if (state === 'lost' || state === 'closed') return [];
      const calls = openCalls(book).filter((call) => 'connectionId' in call && call.connectionId === connectionId);
      const { sessionId, agent } = live;
      return [
        { server, row: { connectionId, sessionId, agent: agent.name, state, openedAt, openCalls: calls.length } },
      ];
    });
  });
}

/** Where a server is, without what may open it: no user info, no query, no secret of a command line. */
export function whereOf({ transport }: ServerEntry): string {
  if (transport.kind === 'http') {
    const { origin, pathname } = new URL(transport.url);
    return `${origin}${pathname}`;
  }
  const args = transport.args.map((arg, index) => {
    const [flag = '', ...value] = arg.split('=');
    if (value.length > 0 && isSecretKey(flag)) return `${flag}=${masked}`;
    return isSecretKey(transport.args[index - 1] ?? '') ? masked : maskText(arg);
  });
  return [transport.command, ...args].join(' ');
}
