import type { JsonObject } from '@/lib/domain/json';
import type {
  CloseReport,
  ConnectionFacts,
  ConnectionOrder,
  OpenOutcome,
  OrphanEnd,
  OutgoingAnswer,
  OutgoingCall,
  RequestOutcome,
  RestoreOrder,
  RestoreOutcome,
  SendOutcome,
  ServerProcess,
  Upstream,
  UpstreamConnection,
  UpstreamInbox,
} from '@/server/engine/ports/upstream';

const taken: SendOutcome = { ok: true, status: 200 };
const agreed: ConnectionFacts = {
  transport: 'http',
  protocolVersion: '2025-11-25',
  serverInfo: { name: 'scripted', version: '1' },
  capabilities: { tools: {} },
  instructions: null,
  mcpSessionId: 'scripted',
  process: null,
};

/** One connection whose server does exactly what the test says, when it says it. */
export class ScriptedConnection implements UpstreamConnection {
  readonly calls: OutgoingCall[] = [];
  readonly answers: OutgoingAnswer[] = [];
  readonly cancelled: string[] = [];
  /** Methods that were asked for beside calls. */
  readonly requested: string[] = [];
  closed = false;
  resumed = 0;
  /** What becomes of the next messages. */
  onCall: (call: OutgoingCall) => Promise<SendOutcome> = () => Promise.resolve(taken);
  onAnswer: (answer: OutgoingAnswer) => Promise<SendOutcome> = () => Promise.resolve(taken);
  tools: readonly JsonObject[] = [{ name: 'work', inputSchema: { type: 'object' } }];

  constructor(
    readonly server: string,
    readonly inbox: UpstreamInbox,
    readonly facts: ConnectionFacts = agreed,
  ) {}

  resume(): void {
    this.resumed += 1;
  }

  sendCall(call: OutgoingCall): Promise<SendOutcome> {
    this.calls.push(call);
    return this.onCall(call);
  }

  respond(answer: OutgoingAnswer): Promise<SendOutcome> {
    this.answers.push(answer);
    return this.onAnswer(answer);
  }

  cancelCall(rpcId: string): Promise<SendOutcome> {
    this.cancelled.push(rpcId);
    return Promise.resolve(taken);
  }

  request(method: string): Promise<RequestOutcome> {
    this.requested.push(method);
    return Promise.resolve({ ok: true, result: method === 'tools/list' ? { tools: this.tools } : {} });
  }

  notify(): Promise<SendOutcome> {
    return Promise.resolve(taken);
  }

  close(): Promise<CloseReport> {
    this.closed = true;
    return Promise.resolve({ deleteStatus: 200, deleteWhy: null, process: null });
  }

  /** The server asks for a form, on the stream of a call or beside any. */
  ask(rpcId: string | number, callRpcId: string | null, more: JsonObject = {}): Promise<void> {
    const params = { message: 'Which one?', requestedSchema: { type: 'object', properties: {} }, ...more };
    return this.inbox.serverRequest({ rpcId, method: 'elicitation/create', params }, { callRpcId, place: null });
  }

  finish(rpcId: string, text = 'done'): Promise<void> {
    return this.inbox.callResult(
      { rpcId, result: { content: [{ type: 'text', text }] } },
      { callRpcId: rpcId, place: null },
    );
  }
}

/** Servers that do what a test says. Each opening waits for `onOpen`. */
export class ScriptedUpstream implements Upstream {
  readonly connections: ScriptedConnection[] = [];
  /** What every handshake agrees on beside the usual. */
  facts: Partial<ConnectionFacts> = {};
  /** What every server lists from its opening on. */
  tools: readonly JsonObject[] | null = null;
  /** Sees each connection before the engine has it. */
  onConnection: (connection: ScriptedConnection) => void = () => {};
  onOpen: (order: ConnectionOrder) => Promise<OpenOutcome | null> = () => Promise.resolve(null);
  /** What a restored connection was to start from, in order. */
  readonly restored: RestoreOrder[] = [];
  onRestore: (order: RestoreOrder) => RestoreOutcome | null = () => null;
  /** The processes that were to be ended. */
  readonly orphans: ServerProcess[] = [];

  async open(order: ConnectionOrder, inbox: UpstreamInbox): Promise<OpenOutcome> {
    const instead = await this.onOpen(order);
    if (instead !== null) return instead;
    const connection = this.made(new ScriptedConnection(order.server.name, inbox, { ...agreed, ...this.facts }));
    return { ok: true, connection };
  }

  restore(order: RestoreOrder, inbox: UpstreamInbox): RestoreOutcome {
    this.restored.push(order);
    const instead = this.onRestore(order);
    if (instead !== null) return instead;
    const connection = this.made(new ScriptedConnection(order.server.name, inbox, order.facts));
    return { ok: true, connection };
  }

  private made(connection: ScriptedConnection): ScriptedConnection {
    if (this.tools !== null) connection.tools = this.tools;
    this.onConnection(connection);
    this.connections.push(connection);
    return connection;
  }

  endOrphans(processes: readonly ServerProcess[]): Promise<readonly OrphanEnd[]> {
    this.orphans.push(...processes);
    return Promise.resolve(processes.map(({ pid }) => ({ pid, how: 'terminated' })));
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** The latest connection to this server. */
  to(server = 'kitchen'): ScriptedConnection {
    const found = this.connections.findLast((connection) => connection.server === server);
    if (found === undefined) throw new Error(`no connection to ${server} yet`);
    return found;
  }
}
