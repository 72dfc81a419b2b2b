import { holdpoint } from '@/lib/domain/actor';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import { type ConnectionId, mintId } from '@/lib/domain/ids';
import { isJsonObject, isShallow, type JsonObject } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Place } from './place';
import { insist } from './insist';
import type { EngineParts, LiveSession, ServerLink } from './parts';
import type { ListedTool } from './ports/agents';
import type { ConnectionFacts, RestoreOrder, UpstreamConnection, UpstreamInbox } from './ports/upstream';

const listTimeoutMs = 30_000;
/** A server that never stops paging is cut off here. */
const toolPagesMost = 100;
const toolsMost = 5_000;
/** Four times what MCP advises; it stands in events and lists. */
export const toolNameMost = 512;

/** One isolated connection per session and server, opened when first needed. */
export class Connections {
  constructor(
    private readonly parts: EngineParts,
    private readonly inboxOf: (live: LiveSession, link: Place) => UpstreamInbox,
  ) {}

  /** Servers this session's agent may use. */
  permitted(live: LiveSession): readonly string[] {
    const names = [...this.parts.servers.keys()].filter(
      (name) => live.agent.servers === null || live.agent.servers.includes(name),
    );
    return live.scope === null ? names : names.filter((name) => name === live.scope);
  }

  link(live: LiveSession, server: string): Promise<Result<ServerLink>> {
    const known = live.links.get(server);
    if (known !== undefined) return known;
    const opening = this.open(live, server);
    live.links.set(server, opening);
    void opening.then((result) => {
      if (!result.ok && live.links.get(server) === opening) live.links.delete(server);
    });
    return opening;
  }

  /** The link if it is ready now, without opening one. */
  async ready(live: LiveSession, server: string): Promise<ServerLink | null> {
    const known = await live.links.get(server);
    return known?.ok === true ? known.value : null;
  }

  /** The server's tools, listed once per connection until it says they changed. */
  async tools(live: LiveSession, server: string): Promise<Result<readonly ListedTool[]>> {
    const before = live.links.get(server);
    const listed = await this.listed(live, server);
    // Its session was gone before anybody noticed: nothing was sent, and a new connection may do.
    const isGone = !listed.ok && before !== undefined && live.links.get(server) !== before;
    return isGone ? this.listed(live, server) : listed;
  }

  private async listed(live: LiveSession, server: string): Promise<Result<readonly ListedTool[]>> {
    const link = await this.link(live, server);
    if (!link.ok) return link;
    link.value.tools ??= this.listAnew(link.value);
    const listed = await link.value.tools;
    if (!listed.ok) link.value.tools = null;
    return listed;
  }

  /** What is listed is on record before any call is decided by it. */
  private async listAnew(link: ServerLink): Promise<Result<readonly ListedTool[]>> {
    const { name } = link.server;
    const listed = await listTools(link.connection, name);
    // What could not be recorded is asked for again by the next who needs it.
    if (listed.ok && (await this.parts.toolRecords.saw(name, listed.value)) === 'unsaved') link.tools = null;
    return listed;
  }

  /** Asked for now, whatever was listed before. */
  async freshTools(live: LiveSession, server: string): Promise<Result<readonly ListedTool[]>> {
    const link = await this.link(live, server);
    if (!link.ok) return link;
    link.value.tools = null;
    return this.tools(live, server);
  }

  private async open(live: LiveSession, name: string): Promise<Result<ServerLink>> {
    const { servers, clock, random, upstream, sights } = this.parts;
    const server = servers.get(name);
    if (server === undefined || !this.permitted(live).includes(name))
      return refuse('unknown_server', `There is no server named ${name}.`);
    const connectionId = mintId('connection', random);
    const transport = server.transport.kind;
    const opening = await this.recordOpening(live, {
      type: 'connection.opening',
      connectionId,
      server: name,
      transport,
      era: 'stateful',
    });
    if (!opening.ok) return opening;
    const inbox = this.inboxOf(live, { server: name, connectionId, isRestored: false });
    const outcome = await upstream.open({ connectionId, sessionId: live.sessionId, server }, inbox);
    if (!outcome.ok) {
      const message = maskText(outcome.message);
      sights.failed(name, message);
      await this.over(live, connectionId, { type: 'connection.lost', connectionId, why: message });
      return refuse('server_unreachable', `${name}: ${message}`);
    }
    const ready = await this.recordReady(live, { server: name, connectionId, facts: outcome.connection.facts });
    if (!ready.ok) {
      const { deleteStatus } = await outcome.connection.close({
        terminate: true,
        graceMs: this.parts.settings.endingGraceMs,
      });
      await this.over(live, connectionId, { type: 'connection.closed', connectionId, deleteStatus });
      return ready.code === 'not_allowed_now'
        ? refuse('server_unreachable', `${name}: The connection broke as soon as it stood.`)
        : ready;
    }
    sights.ready(name, outcome.connection.facts);
    return done({ connectionId, server, connection: outcome.connection, tools: null, pingedAt: clock.now() });
  }

  /**
   * Takes up what an earlier life left, without a handshake; new calls may use it at once. Null when there is
   * nothing to take up: the connection is then lost.
   */
  restore(
    live: LiveSession,
    order: Omit<RestoreOrder, 'server' | 'sessionId'> & { readonly server: string },
  ): ServerLink | null {
    const { servers, clock, upstream, log } = this.parts;
    const server = servers.get(order.server);
    if (server === undefined) return null;
    const { connectionId } = order;
    const inbox = this.inboxOf(live, { server: server.name, connectionId, isRestored: true });
    const restored = upstream.restore({ ...order, sessionId: live.sessionId, server }, inbox);
    if (!restored.ok) {
      log.warn({ connectionId, why: restored.message }, 'a connection could not be taken up');
      return null;
    }
    const link: ServerLink = {
      connectionId,
      server,
      connection: restored.connection,
      tools: null,
      pingedAt: clock.now(),
    };
    live.links.set(server.name, Promise.resolve(done(link)));
    return link;
  }

  private recordOpening(live: LiveSession, body: EventBody): Promise<Result<null>> {
    return live.log.change(() => ({ events: [{ actor: holdpoint, body }], value: null }));
  }

  private recordReady(
    live: LiveSession,
    made: { readonly server: string; readonly connectionId: ConnectionId; readonly facts: ConnectionFacts },
  ): Promise<Result<null>> {
    const { connectionId, facts } = made;
    const { mcpSessionId, protocolVersion } = facts;
    const serverInfo = { name: facts.serverInfo.name, version: facts.serverInfo.version };
    const body: EventBody = {
      type: 'connection.ready',
      connectionId,
      protocolVersion,
      serverInfo,
      hasSession: mcpSessionId !== null,
    };
    return live.log.change((book) => {
      if (book.session?.state !== 'active') return refuse('session_ended');
      return {
        events: [{ actor: { kind: 'server', name: made.server }, body }],
        attachments: [{ connectionId, sessionId: live.sessionId, facts }],
        value: null,
      };
    });
  }

  /** What did not come about must not stand in the book as if it still might. */
  private async over(live: LiveSession, connectionId: ConnectionId, body: EventBody): Promise<void> {
    await insist(this.parts, live, (book) => {
      const connection = book.connections.get(connectionId);
      return connection === undefined || !isLiveConnection(connection)
        ? refuse('not_found')
        : { events: [{ actor: holdpoint, body }], value: null };
    });
  }
}

/** A name is shown to people and stands in every event of its calls. */
function isNamed(definition: JsonObject): definition is JsonObject & { readonly name: string } {
  const { name } = definition;
  return typeof name === 'string' && name !== '' && name.length <= toolNameMost;
}

/** All tools of a server, page by page. */
export async function listTools(
  connection: Pick<UpstreamConnection, 'request'>,
  server: string,
): Promise<Result<readonly ListedTool[]>> {
  const tools: ListedTool[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < toolPagesMost; page += 1) {
    const params: JsonObject = cursor === null ? {} : { cursor };
    const reply = await connection.request('tools/list', params, listTimeoutMs);
    if (!reply.ok) return refuse('server_unreachable', `${server} did not list its tools: ${reply.error.message}`);
    const { tools: listed, nextCursor } = reply.result;
    if (!Array.isArray(listed)) return refuse('server_unreachable', `${server} answered tools/list without a list.`);
    for (const definition of listed as readonly unknown[]) {
      // One that nests absurdly deep could not be digested for an approval (I6): it is not offered.
      if (isJsonObject(definition) && isNamed(definition) && isShallow(definition)) {
        tools.push({ server, name: definition.name, definition });
      }
    }
    if (typeof nextCursor !== 'string' || tools.length >= toolsMost) return done(tools.slice(0, toolsMost));
    cursor = nextCursor;
  }
  return done(tools);
}
