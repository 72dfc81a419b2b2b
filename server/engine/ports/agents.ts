import type { Call } from '@/lib/domain/call';
import type { AgentLeft, RpcError } from '@/lib/domain/event';
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
  /** What `initialize` agreed on. */
  readonly protocolVersion: string;
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
  /** Two calls of one agent with the same key are one call, whatever happens; null when it gave none. */
  readonly idempotencyKey: string | null;
  /** Asked for as a task: its outcome is collected later. */
  readonly task: { readonly ttlMs: number | null } | null;
  /** How long the agent waits at most, where it cannot be given a ticket; a deadline of every question (I8). */
  readonly patienceMs: number | null;
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
    }
  /** This listener stopped waiting; the call goes on. */
  | { readonly outcome: 'left'; readonly callId: CallId };

/** Where one of an agent's calls stands. */
export interface CallStatus {
  readonly callId: CallId;
  readonly sessionId: SessionId;
  readonly call: Call;
  /** Where it stands, in words: "Waiting for a person: …". */
  readonly words: string;
  readonly task: { readonly ttlMs: number | null } | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly changedAt: number;
}

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
  /**
   * Takes up a session that lives but whose adapter holds nothing of it any more, as after a restart. From now on
   * `listener` hears what concerns it. Refused as not found when it is another agent's.
   */
  resume(agent: AgentIdentity, sessionId: SessionId, listener: SessionListener): Promise<Result<AgentHello>>;
  /** Any sign of the agent: keeps the session from idling out. */
  touch(sessionId: SessionId): void;
  tools(sessionId: SessionId): Promise<Result<readonly ListedTool[]>>;
  /**
   * Records, decides, sends and waits. The promise settles when the outcome is committed, however
   * long people think. A refusal means nothing was recorded as a call.
   */
  call(sessionId: SessionId, order: CallOrder, listener: CallListener): Promise<Result<CallOutcome>>;
  /**
   * Waits for a call of this agent's, from any of its sessions, open or over: by ticket, by task, or on a stream
   * taken up again. What is known of it is said at once. Refused as not found when it is another agent's.
   */
  attach(agent: AgentIdentity, callId: CallId, listener: CallListener): Promise<Result<CallOutcome>>;
  /** That listener waits no longer; its promise settles with `left`. The call goes on, or not, by the setting. */
  leave(callId: CallId, listener: CallListener, how: AgentLeft): void;
  /** The agent cancelled. Resolved when that is committed; a call that is over stays as it is. */
  cancel(agent: AgentIdentity, callId: CallId, reason: string): Promise<Result<CallStatus>>;
  /** The outcome left for the agent: its bytes were handed to the socket. */
  delivered(callId: CallId): Promise<void>;
  status(agent: AgentIdentity, callId: CallId): Promise<Result<CallStatus>>;
  /** The agent's tasks, newest first; `after` is the last one of the page before. */
  tasks(
    agent: AgentIdentity,
    page: { readonly after: CallId | null; readonly limit: number },
  ): Promise<Result<readonly CallStatus[]>>;
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
