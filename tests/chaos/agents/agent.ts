import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { type AgentSession, attempt, type AttemptOutcome, makeTransport } from '@/tests/chaos/agents/attempt';
import type { ComeBack } from '@/tests/chaos/plan';
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy';

const againMs = 120;

export interface AgentPlace {
  /** Holdpoint's own `/mcp`. */
  readonly mcpUrl: string;
  readonly key: string;
}

/** What goes out in one exchange. */
export interface Exchange {
  readonly params: Record<string, unknown>;
  /** Beside those of every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly manner: 'progress' | 'plain';
  readonly onCursor: (cursor: string) => void;
}

/** Where a call's stream can be taken up again. */
export interface Foothold {
  readonly session: AgentSession;
  readonly rpcId: number;
  readonly cursor: string;
}

/**
 * A program that calls tools through Holdpoint, behind a network of its own: dropped, its sockets are reset and
 * nothing is said. What a real one would keep on disk (session, ids, cursors, tickets) it keeps.
 */
export class Agent {
  private session: Promise<AgentSession | null> | null = null;
  private readonly everySession: AgentSession[] = [];
  private readonly standing = new Set<Client>();
  private nextRpcId = 1_000;
  private state: 'awake' | 'dropped' | 'gone' | 'over' = 'awake';
  private stop: (why: string) => void = () => undefined;
  private stopped: Promise<string>;
  private readonly wakers = new Set<() => void>();

  private constructor(
    private readonly place: AgentPlace,
    private readonly network: TcpProxy,
  ) {
    this.stopped = this.nextStop();
  }

  static async start(place: AgentPlace): Promise<Agent> {
    return new Agent(place, await startTcpProxy(place.mcpUrl));
  }

  /** False once it is gone for good, or the round is over. */
  async awake(): Promise<boolean> {
    while (this.state === 'dropped') await new Promise<void>((resolve) => this.wakers.add(resolve));
    return this.state === 'awake';
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  drop(): void {
    if (this.state !== 'awake') return;
    this.state = 'dropped';
    this.network.cut();
    this.stop('the agent was dropped');
    this.closeStanding();
  }

  comeBack(how: ComeBack): void {
    if (this.state !== 'dropped') return;
    if (how === 'new_session') this.session = null;
    this.state = how === 'never' ? 'gone' : 'awake';
    this.stopped = this.nextStop();
    if (how !== 'never') this.network.restore();
    this.wake();
  }

  /** The round is over: whoever still waits is let go. */
  async close(): Promise<void> {
    this.state = 'over';
    this.stop('the round is over');
    this.wake();
    this.closeStanding();
    await Promise.allSettled(
      this.everySession.map(({ id }) =>
        fetch(this.place.mcpUrl, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${this.place.key}`, 'mcp-session-id': id },
          signal: AbortSignal.timeout(5_000),
        }),
      ),
    );
    await this.network.close();
  }

  /** Sends a request in the current session. Null when there can be no session any more. */
  async send(
    exchange: Exchange,
  ): Promise<{ readonly outcome: AttemptOutcome; readonly session: AgentSession; readonly rpcId: number } | null> {
    const session = await this.currentSession();
    if (session === null) return null;
    this.nextRpcId += 1;
    const rpcId = this.nextRpcId;
    return { outcome: await this.exchange(exchange, { session, rpcId, cursor: null }), session, rpcId };
  }

  resume(exchange: Exchange, foothold: Foothold): Promise<AttemptOutcome> {
    return this.exchange(exchange, foothold);
  }

  /** Whether a foothold is in the session this agent still uses. */
  async uses(session: AgentSession): Promise<boolean> {
    return (await this.session)?.id === session.id;
  }

  /** Holdpoint does not know it any more. */
  async forget(session: AgentSession): Promise<void> {
    if (await this.uses(session)) this.session = null;
  }

  private exchange(
    { params, headers, manner, onCursor }: Exchange,
    where: { readonly session: AgentSession; readonly rpcId: number; readonly cursor: string | null },
  ): Promise<AttemptOutcome> {
    const { session, rpcId, cursor } = where;
    const { key } = this.place;
    const { stopped } = this;
    return attempt({
      url: this.network.url,
      key,
      session,
      rpcId,
      params,
      headers,
      manner,
      resumeAfter: cursor,
      onCursor,
      stopped,
    });
  }

  private currentSession(): Promise<AgentSession | null> {
    this.session ??= this.open();
    return this.session;
  }

  /** The handshake of an SDK client, which then keeps the standalone stream. */
  private async open(): Promise<AgentSession | null> {
    while (await this.awake()) {
      const transport = makeTransport(this.network.url, this.place.key, { headers: {} });
      const client = new Client({ name: 'chaos-agent', version: '1.0.0' });
      client.onerror = () => undefined;
      const connected = await Promise.race([
        client.connect(transport).then(
          () => true,
          () => false,
        ),
        this.stopped.then(() => false),
      ]);
      const { sessionId, protocolVersion } = transport;
      if (connected && sessionId !== undefined && protocolVersion !== undefined) {
        this.standing.add(client);
        const session = { id: sessionId, version: protocolVersion };
        this.everySession.push(session);
        return session;
      }
      await client.close().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
    return null;
  }

  private nextStop(): Promise<string> {
    return new Promise((resolve) => {
      this.stop = resolve;
    });
  }

  private wake(): void {
    for (const wake of this.wakers) wake();
    this.wakers.clear();
  }

  private closeStanding(): void {
    for (const client of this.standing) client.close().catch(() => undefined);
    this.standing.clear();
  }
}
