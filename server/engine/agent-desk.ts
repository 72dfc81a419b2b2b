import type { Actor } from '@/lib/domain/actor';
import { emptyBook } from '@/lib/domain/book';
import type { AgentLeft } from '@/lib/domain/event';
import { type AgentId, type CallId, mintId, type SessionId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { pauseWords } from '@/lib/domain/pause-words';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import { oneLine } from './ask';
import type { Calls } from './calls';
import type { Collecting } from './collecting';
import type { Connections } from './connections';
import type { Ending } from './ending';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type {
  AgentDesk,
  AgentHello,
  AgentIdentity,
  CallListener,
  CallOrder,
  CallOutcome,
  CallStatus,
  ListedTool,
  SessionListener,
} from './ports/agents';
import { SessionLog, type SessionLogPorts } from './session-log';

const passOnTimeoutMs = 60_000;
/** Agents wait for all tools before they begin. */
const toolsWithinMs = 8_000;
/** What a scoped session may pass on; tool calls have their own way. */
const passedOn: ReadonlySet<string> = new Set([
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
]);

/** What agents may do: each method checks that the session is live and takes nothing on trust. */
export class EngineAgentDesk implements AgentDesk {
  constructor(
    private readonly parts: EngineParts,
    private readonly by: {
      readonly calls: Calls;
      readonly collecting: Collecting;
      readonly connections: Connections;
      readonly ending: Ending;
      readonly logPorts: (live: () => LiveSession) => SessionLogPorts;
    },
  ) {}

  async open(agent: AgentIdentity, hello: AgentHello, listener: SessionListener): Promise<Result<SessionId>> {
    const { parts } = this;
    if (parts.stopping) return refuse('stopping');
    if (
      hello.scope !== null &&
      (!parts.servers.has(hello.scope) || (agent.servers !== null && !agent.servers.includes(hello.scope)))
    ) {
      return refuse('unknown_server', `There is no server named ${oneLine(hello.scope)} for this agent.`);
    }
    const { sessionsPerAgent } = parts.settings.limits;
    const own = [...parts.live.values()].filter((live) => live.agent.id === agent.id).length;
    if (own >= sessionsPerAgent)
      return refuse('too_many', `This agent has ${own} live sessions, the most that are allowed. End one first.`);
    const sessionId = mintId('session', parts.random);
    const live: LiveSession = {
      sessionId,
      agent,
      scope: hello.scope,
      log: new SessionLog(sessionId, emptyBook(), { ...this.by.logPorts(() => live), rawSeq: 0 }),
      listener,
      links: new Map(),
      work: new Map(),
      digests: new Map(),
      sending: new Set(),
      disowned: new Set(),
      lastContactAt: parts.clock.now(),
    };
    const client =
      hello.client === null ? null : { name: oneLine(hello.client.name), version: oneLine(hello.client.version) };
    parts.live.set(sessionId, live);
    const started = await live.log.change(() => ({
      events: [
        {
          actor: actorOf(agent),
          body: {
            type: 'session.started',
            agent: { id: agent.id, name: agent.name },
            client,
            scope: hello.scope,
            protocolVersion: hello.protocolVersion,
          },
        },
      ],
      value: sessionId,
    }));
    if (!started.ok) parts.live.delete(sessionId);
    return started;
  }

  async resume(agent: AgentIdentity, sessionId: SessionId, listener: SessionListener): Promise<Result<AgentHello>> {
    const { parts } = this;
    if (parts.stopping) return refuse('stopping');
    const live = parts.live.get(sessionId);
    const session = live === undefined ? null : bookOf(live).session;
    if (live === undefined || live.agent.id !== agent.id || session?.state !== 'active') return refuse('not_found');
    live.agent = agent;
    live.listener = listener;
    live.lastContactAt = parts.clock.now();
    return done({ client: session.client, scope: session.scope, protocolVersion: session.protocolVersion });
  }

  touch(sessionId: SessionId): void {
    const live = this.parts.live.get(sessionId);
    if (live !== undefined) live.lastContactAt = this.parts.clock.now();
  }

  async tools(sessionId: SessionId): Promise<Result<readonly ListedTool[]>> {
    const live = this.find(sessionId);
    if (!live.ok) return live;
    const names = this.by.connections.permitted(live.value);
    const [only] = names;
    // Alone, its absence is the answer.
    if (live.value.scope !== null && only !== undefined) return this.by.connections.tools(live.value, only);
    const lists = await Promise.all(names.map((name) => this.toolsInTime(live.value, name)));
    return done(lists.flatMap((list) => (list?.ok === true ? list.value : [])));
  }

  /** One server away or slow must not take the others' tools with it: null when it is late, and said when it comes. */
  private toolsInTime(live: LiveSession, server: string): Promise<Result<readonly ListedTool[]> | null> {
    const { clock, log } = this.parts;
    return new Promise((resolve) => {
      let isLate = false;
      const cancel = clock.after(toolsWithinMs, () => {
        isLate = true;
        resolve(null);
      });
      this.by.connections.tools(live, server).then(
        (list) => {
          cancel();
          resolve(list);
          if (isLate && list.ok) live.listener.listChanged('tools');
        },
        (error: unknown) => {
          cancel();
          log.error({ err: error, server }, 'the tools of a server could not be listed');
          resolve(null);
        },
      );
    });
  }

  async call(sessionId: SessionId, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>> {
    const live = this.find(sessionId);
    if (!live.ok) return live;
    this.touch(sessionId);
    const server = live.value.scope ?? order.server;
    if (!this.by.connections.permitted(live.value).includes(server))
      return refuse('unknown_tool', `There is no server named ${oneLine(server)} for this agent.`);
    return this.by.calls.receive(live.value, { ...order, server }, listener);
  }

  attach(agent: AgentIdentity, callId: CallId, listener: CallListener): Promise<Result<CallOutcome>> {
    return this.by.collecting.attach(agent, callId, listener);
  }

  leave(callId: CallId, listener: CallListener, how: AgentLeft): void {
    this.by.collecting.leave(callId, listener, how);
  }

  async cancel(agent: AgentIdentity, callId: CallId, reason: string): Promise<Result<CallStatus>> {
    const found = await this.by.collecting.find(agent, callId);
    if (!found.ok) return found;
    if (found.value.live !== null) await this.by.calls.cancel(found.value.live, callId, reason);
    return this.by.collecting.status(agent, callId);
  }

  delivered(callId: CallId): Promise<void> {
    return this.by.collecting.delivered(callId);
  }

  status(agent: AgentIdentity, callId: CallId): Promise<Result<CallStatus>> {
    return this.by.collecting.status(agent, callId);
  }

  tasks(
    agent: AgentIdentity,
    page: { readonly after: CallId | null; readonly limit: number },
  ): Promise<Result<readonly CallStatus[]>> {
    return this.by.collecting.tasks(agent, page);
  }

  async passOn(sessionId: SessionId, method: string, params: JsonObject): ReturnType<AgentDesk['passOn']> {
    const live = this.find(sessionId);
    if (!live.ok) return live;
    if (live.value.scope === null || !passedOn.has(method))
      return refuse('not_found', `${oneLine(method)} is not offered here.`);
    const paused = this.pausedFor(live.value, method);
    if (paused !== null) return paused;
    const link = await this.by.connections.link(live.value, live.value.scope);
    if (!link.ok) return link;
    // Opening a connection takes time, in which somebody may have paused it.
    const pausedNow = this.pausedFor(live.value, method);
    if (pausedNow !== null) return pausedNow;
    return done(await link.value.connection.request(method, params, passOnTimeoutMs));
  }

  /** Lists are looked at during a pause too; nothing else goes to a server then. */
  private pausedFor({ scope, agent }: LiveSession, method: string): Refusal | null {
    const { clock, pauses } = this.parts;
    if (scope === null || method.endsWith('/list') || method === 'logging/setLevel') return null;
    const paused = pauses.of({ server: scope, agentId: agent.id });
    return paused === null ? null : refuse('paused', `${pauseWords(paused, clock.now())} Nothing was sent.`);
  }

  async serverFacts(sessionId: SessionId): ReturnType<AgentDesk['serverFacts']> {
    const live = this.find(sessionId);
    if (!live.ok) return live;
    if (live.value.scope === null) return refuse('unknown_server', 'This session is not bound to one server.');
    const link = await this.by.connections.link(live.value, live.value.scope);
    if (!link.ok) return link;
    const { capabilities, instructions, serverInfo } = link.value.connection.facts;
    return done({ capabilities, instructions, serverInfo });
  }

  traffic(sessionId: SessionId, entry: Parameters<AgentDesk['traffic']>[1]): void {
    const live = this.parts.live.get(sessionId);
    if (live === undefined) return;
    live.log.traffic({ side: 'agent', server: null, connectionId: null, stream: 'agent', ...entry });
  }

  async close(sessionId: SessionId, reason: string): Promise<void> {
    const live = this.parts.live.get(sessionId);
    if (live !== undefined)
      await this.by.ending.begin(live, { actor: actorOf(live.agent), end: 'closed', reason: oneLine(reason) });
  }

  owns(agent: AgentId, sessionId: SessionId): boolean {
    const live = this.parts.live.get(sessionId);
    return live !== undefined && live.agent.id === agent && bookOf(live).session?.state === 'active';
  }

  private find(sessionId: SessionId): Result<LiveSession> {
    const live = this.parts.live.get(sessionId);
    if (live === undefined || bookOf(live).session?.state !== 'active') return refuse('session_ended');
    return done(live);
  }
}

function actorOf(agent: AgentIdentity): Actor {
  return { kind: 'agent', id: agent.id, name: agent.name };
}
