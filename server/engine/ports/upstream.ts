import type { RpcError } from '@/lib/domain/event';
import type { LogLevel, TransportKind } from '@/lib/domain/event';
import type { ConnectionId, SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { ServerEntry } from './servers';

/** Opens connections to MCP servers. Implemented by `server/upstream`. */
export interface Upstream {
  /**
   * Opens one isolated connection. `inbox` hears everything the server says, from the first byte on.
   * Never throws: an unreachable server is a value.
   */
  open(order: ConnectionOrder, inbox: UpstreamInbox): Promise<OpenOutcome>;
  /**
   * Takes an HTTP connection of an earlier life up again: no handshake, and nothing is sent until `resume`.
   * Answers may be posted at once (answer first, then GET: MCP.md). Whether the session still exists shows
   * when its streams are asked for; `lost` or `reattached` comes to the inbox.
   */
  restore(order: RestoreOrder, inbox: UpstreamInbox): RestoreOutcome;
  /** Ends what an earlier life of ours started and left: only processes whose number, start and command are the same. */
  endOrphans(processes: readonly ServerProcess[]): Promise<readonly OrphanEnd[]>;
  /** Closes whatever is still open, without DELETE. */
  stop(): Promise<void>;
}

export interface ConnectionOrder {
  readonly connectionId: ConnectionId;
  readonly sessionId: SessionId;
  readonly server: ServerEntry;
}

/** A child process of ours, told from any later one of the same number. */
export interface ServerProcess {
  readonly pid: number;
  /** Clock ticks since boot as the kernel counts them; null where it cannot be told, and then it is never ended. */
  readonly startedAt: string | null;
  readonly command: string;
}

export interface OrphanEnd {
  readonly pid: number;
  readonly how: 'gone' | 'terminated' | 'killed' | 'not_ours';
}

/** What a restored connection starts from, as the store kept it. */
export interface RestoreOrder extends ConnectionOrder {
  readonly mcpSessionId: string;
  readonly facts: ConnectionFacts;
  /** The last place of each stream. A call without one cannot be resumed: `callStreamLost` follows `resume`. */
  readonly cursors: readonly StreamPlace[];
  /** Rpc ids of the calls in flight. */
  readonly calls: readonly string[];
  /** The server's own requests that wait for an answer: their replay asks nobody twice. */
  readonly questions: readonly (string | number)[];
  /** Those that got theirs, or will get none: their replay asks nobody at all. */
  readonly answered: readonly (string | number)[];
}

export type RestoreOutcome =
  | { readonly ok: true; readonly connection: UpstreamConnection }
  | { readonly ok: false; readonly message: string };

export type OpenOutcome =
  | { readonly ok: true; readonly connection: UpstreamConnection }
  | { readonly ok: false; readonly code: ConnectFailure; readonly message: string };

export type ConnectFailure = 'unreachable' | 'unauthorized' | 'not_mcp' | 'bad_version' | 'spawn_failed';

/** What the handshake agreed. `mcpSessionId` is a credential: kept by the store, never logged (I14). */
export interface ConnectionFacts {
  readonly transport: TransportKind;
  readonly protocolVersion: string;
  /** As the server introduced itself, unknown fields kept. */
  readonly serverInfo: { readonly name: string; readonly version: string } & JsonObject;
  readonly capabilities: JsonObject;
  readonly instructions: string | null;
  readonly mcpSessionId: string | null;
  readonly process: ServerProcess | null;
}

export interface UpstreamConnection {
  readonly facts: ConnectionFacts;

  /**
   * For a restored connection: asks for each call's stream and the standalone stream, each from its own place, and
   * asks the server whether it still knows the session. On any other connection it does nothing.
   */
  resume(): void;

  /**
   * Sends `tools/call` under our own string id, which is also its progress token. Resolves when the
   * server took the message: HTTP 2xx headers, or the pipe's write. The outcome comes to the inbox.
   * No timer of any library runs on it.
   */
  sendCall(call: OutgoingCall): Promise<SendOutcome>;
  /** Answers a server's request, as a raw response under the server's own id. 2xx is the receipt's "accepted". */
  respond(answer: OutgoingAnswer): Promise<SendOutcome>;
  /** Sends `notifications/cancelled` for a call. */
  cancelCall(rpcId: string, reason: string): Promise<SendOutcome>;
  /** Everything that is not a tool call: lists, prompts, resources, completion, ping. Times out by `timeoutMs`. */
  request(method: string, params: JsonObject, timeoutMs: number): Promise<RequestOutcome>;
  notify(method: string, params: JsonObject): Promise<SendOutcome>;
  /** Ends it. `terminate` sends DELETE (405 tolerated) or ends the process tree. Idempotent. */
  close(how: CloseOrder): Promise<CloseReport>;
}

export interface CloseOrder {
  readonly terminate: boolean;
  /** How long the server has to answer DELETE, or its process to leave by itself. */
  readonly graceMs: number;
  /** Aborted when the rest of the grace is not to be waited for. */
  readonly force?: AbortSignal;
}

export interface OutgoingCall {
  readonly rpcId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  /** The agent's `_meta`, without its progress token. */
  readonly meta: JsonObject;
}

export type OutgoingAnswer =
  | { readonly rpcId: string | number; readonly result: JsonObject }
  | { readonly rpcId: string | number; readonly error: RpcError };

export type SendOutcome =
  | { readonly ok: true; readonly status: number | null }
  /** `gone`: the server no longer knows the session. `unsent`: no byte left. `unknown`: it may or may not have arrived. */
  | {
      readonly ok: false;
      readonly code: 'gone' | 'refused' | 'unsent' | 'unknown';
      readonly status: number | null;
      readonly message: string;
    };

export type RequestOutcome =
  | { readonly ok: true; readonly result: JsonObject }
  | { readonly ok: false; readonly error: RpcError };

export interface CloseReport {
  /** Status of DELETE; null when none was sent. */
  readonly deleteStatus: number | null;
  readonly deleteWhy: string | null;
  readonly process: { readonly pid: number; readonly how: 'closed' | 'terminated' | 'killed' } | null;
}

/** A place in a stream that can be resumed from; null when the server gives no event ids. */
export interface StreamPlace {
  /** The call's rpc id whose stream it is, or `standalone` for the GET stream. */
  readonly stream: string;
  readonly eventId: string;
}

/** Where a message of the server came in. */
export interface Arrival {
  /** Our rpc id of the call on whose stream it came; null on the standalone stream and on stdio. */
  readonly callRpcId: string | null;
  readonly place: StreamPlace | null;
}

/**
 * What a server says, one call per message, in order of arrival on each stream. Each returned promise
 * is awaited before the next message of that stream is handed over: a message's effect and its place
 * in the stream are committed together (MCP.md, item 2).
 */
export interface UpstreamInbox {
  /** `elicitation/create` or `sampling/createMessage`; `roots/list` and `ping` are answered by the adapter. */
  serverRequest(
    request: { readonly rpcId: string | number; readonly method: string; readonly params: JsonObject },
    arrival: Arrival,
  ): Promise<void>;
  /** The server withdrew a request of its own. */
  serverCancelled(
    cancelled: { readonly rpcId: string | number; readonly reason: string | null },
    arrival: Arrival,
  ): Promise<void>;
  callResult(result: { readonly rpcId: string; readonly result: JsonObject }, arrival: Arrival): Promise<void>;
  callError(failure: { readonly rpcId: string; readonly error: RpcError }, arrival: Arrival): Promise<void>;
  progress(
    progress: {
      readonly rpcId: string;
      readonly progress: number;
      readonly total: number | null;
      readonly message: string | null;
    },
    arrival: Arrival,
  ): Promise<void>;
  log(
    entry: { readonly level: LogLevel; readonly logger: string | null; readonly data: Json },
    arrival: Arrival,
  ): Promise<void>;
  elicitationComplete(elicitationId: string, arrival: Arrival): Promise<void>;
  listChanged(what: 'tools' | 'prompts' | 'resources', arrival: Arrival): Promise<void>;
  /** Any other notification, passed on to the agent of `/mcp/{server}` unchanged. */
  notification(method: string, params: JsonObject, arrival: Arrival): Promise<void>;
  /** A stream's place moved without a message, as the event that opens a stream does. */
  placeMoved(place: StreamPlace): Promise<void>;
  /** Every JSON-RPC message in both directions, for the raw view; masked before it is kept. Must not throw. */
  traffic(entry: { readonly direction: 'out' | 'in'; readonly stream: string; readonly message: Json }): void;
  /** A call's stream ended before its outcome and cannot be resumed: its result is lost. */
  callStreamLost(rpcId: string, why: string): Promise<void>;
  /** The connection is gone: 404, 400 naming the session, process exit, or unreachable for good (I9). Once. */
  lost(why: { readonly code: 'gone' | 'exited' | 'unreachable'; readonly message: string }): Promise<void>;
  /** The standalone stream or a call's stream dropped and is being resumed, or was. */
  reattaching(why: string): Promise<void>;
  reattached(): Promise<void>;
}
