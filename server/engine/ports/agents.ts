import type { RpcError } from '@/lib/domain/event';
import type { AgentId, CallId, SessionId } from '@/lib/domain/ids';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { Result } from '@/lib/domain/refusal';

/** An agent whose API key was verified. */
export interface AgentIdentity {
  readonly id: AgentId;
  readonly name: string;
  /** Servers it may use; null for all. */
  readonly servers: readonly string[] | null;
}

export interface AgentHello {
  readonly client: { readonly name: string; readonly version: string } | null;
  /** The one server of `/mcp/{server}`; null for all. */
  readonly scope: string | null;
}

/** A tool as its server lists it, passed on whole. */
export interface ListedTool {
  readonly server: string;
  readonly name: string;
  /** The server's own tool object, unknown fields kept. */
  readonly definition: JsonObject;
}

export interface CallOrder {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  /** `_meta` of the agent's request without its progress token. */
  readonly meta: JsonObject;
}

/** What an agent hears while it waits. Callbacks must not throw. */
export interface CallListener {
  received(callId: CallId): void;
  /** The server's progress, as it arrives, in the server's own figures. */
  progress(progress: {
    readonly progress: number;
    readonly total: number | null;
    readonly message: string | null;
  }): void;
  /** A person is being asked: the words, repeated at the heartbeat's pace while it lasts. */
  waiting(message: string): void;
}

/** How a call ended, for the agent. */
export type CallOutcome =
  | { readonly outcome: 'completed'; readonly callId: CallId; readonly result: JsonObject }
  /** The server's own JSON-RPC error, code and data kept. */
  | { readonly outcome: 'failed'; readonly callId: CallId; readonly error: RpcError }
  | {
      readonly outcome: 'rejected' | 'expired' | 'cancelled' | 'indeterminate' | 'ended';
      readonly callId: CallId;
      readonly message: string;
    };

/** What a session's agent is told without asking. */
export interface SessionListener {
  listChanged(what: 'tools' | 'prompts' | 'resources'): void;
  /** Notifications of the one server of a scoped session, passed on unchanged. */
  notification(method: string, params: JsonObject): void;
  log(server: string, entry: { readonly level: string; readonly logger: string | null; readonly data: Json }): void;
  /** The session is over; nothing follows. */
  ended(reason: string): void;
}

/** The engine as agents reach it; implemented by the engine, used by `server/downstream`. */
export interface AgentDesk {
  open(agent: AgentIdentity, hello: AgentHello, listener: SessionListener): Promise<Result<SessionId>>;
  /** Any sign of the agent: keeps the session from idling out. */
  touch(sessionId: SessionId): void;
  tools(sessionId: SessionId): Promise<Result<readonly ListedTool[]>>;
  /**
   * Records, decides, sends and waits. The promise settles when the outcome is committed, however
   * long people think. A refusal means nothing was recorded as a call.
   */
  call(sessionId: SessionId, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>>;
  /** The agent cancelled, by `notifications/cancelled`. */
  cancel(sessionId: SessionId, callId: CallId, reason: string): Promise<void>;
  /** The outcome left for the agent: its bytes were handed to the socket. */
  delivered(sessionId: SessionId, callId: CallId): Promise<void>;
  /** Prompts, resources, completions of a scoped session's server; null result fields kept as they are. */
  passOn(
    sessionId: SessionId,
    method: string,
    params: JsonObject,
  ): Promise<
    Result<{ readonly ok: true; readonly result: JsonObject } | { readonly ok: false; readonly error: RpcError }>
  >;
  /** What a scoped session's server can do and says of itself; connects when it must. */
  serverFacts(sessionId: SessionId): Promise<
    Result<{
      readonly capabilities: JsonObject;
      readonly instructions: string | null;
      readonly serverInfo: { readonly name: string; readonly version: string } & JsonObject;
    }>
  >;
  /** A message between the agent and us, for the raw view. */
  traffic(sessionId: SessionId, entry: { readonly direction: 'in' | 'out'; readonly message: Json }): void;
  /** The agent ended its session (DELETE). */
  close(sessionId: SessionId, reason: string): Promise<void>;
  /** Whether the session is live and this agent's. */
  owns(agent: AgentId, sessionId: SessionId): boolean;
}
