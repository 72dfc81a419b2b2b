import type { Actor } from './actor';
import type { CallLimit, Deadline } from './deadline';
import type { EndStep } from './end-step';
import type { AgentId, CallId, ConnectionId, NoteId, OperationId, PersonId, RequestId, SessionId, TeamId } from './ids';
import type { Json } from './json';
import type { ModelUsage } from './model-usage';
import type { Pace } from './pace';
import type { ApprovalTerms, Standing } from './policy/approval';
import type { RememberOrder } from './policy/choice';
import type { TeamRef } from './team';
import type { Risk, ToolAnnotations } from './tool';

/** One entry of a session's append-only log (I15). `seq` starts at 1 and has no gaps. */
export interface EventEnvelope {
  readonly sessionId: SessionId;
  readonly seq: number;
  /** Epoch milliseconds, from our clock. */
  readonly at: number;
  readonly actor: Actor;
}

export type SessionEnd = 'closed' | 'idle' | 'terminated' | 'lost';
export type RequestKind = 'form' | 'url' | 'approval' | 'sampling' | 'recovery';
/** How an agent stopped waiting at its call: with a ticket, with a task, or because its line broke. */
export type AgentLeft = 'ticket' | 'task' | 'disconnected';
export type AnswerAction = 'accept' | 'decline' | 'cancel';
export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';
export type TransportKind = 'http' | 'stdio';
export type Era = 'stateful' | 'stateless';

/** Who answers a request: people, or for `sampling` by a rule the model. */
export type Writer = 'person' | 'model';

export interface PersonRef {
  readonly id: PersonId;
  readonly name: string;
}

/** Which rule decided, and the words for it. */
export interface RuleRef {
  readonly id: string;
  readonly words: string;
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: Json;
}

export type SessionEventBody =
  | {
      readonly type: 'session.started';
      readonly agent: { readonly id: AgentId; readonly name: string };
      readonly client: { readonly name: string; readonly version: string } | null;
      /** The one server of `/mcp/{server}`, or null for all. */
      readonly scope: string | null;
      /** What its `initialize` agreed on. */
      readonly protocolVersion: string;
    }
  | { readonly type: 'session.ending'; readonly end: SessionEnd; readonly reason: string }
  | ({ readonly type: 'session.step' } & { readonly detail: EndStep })
  | { readonly type: 'session.ended'; readonly end: SessionEnd; readonly reason: string };

export type ConnectionEventBody =
  | {
      readonly type: 'connection.opening';
      readonly connectionId: ConnectionId;
      readonly server: string;
      readonly transport: TransportKind;
      readonly era: Era;
    }
  | {
      readonly type: 'connection.ready';
      readonly connectionId: ConnectionId;
      readonly protocolVersion: string;
      readonly serverInfo: { readonly name: string; readonly version: string };
      /** Whether the server gave an `Mcp-Session-Id`; the id itself is kept apart (I14). */
      readonly hasSession: boolean;
    }
  | { readonly type: 'connection.reattaching'; readonly connectionId: ConnectionId; readonly why: string }
  | { readonly type: 'connection.lost'; readonly connectionId: ConnectionId; readonly why: string }
  | {
      readonly type: 'connection.closed';
      readonly connectionId: ConnectionId;
      /** The status of DELETE, null when none was sent. */
      readonly deleteStatus: number | null;
    };

export type CallEventBody =
  | {
      readonly type: 'call.received';
      readonly callId: CallId;
      readonly server: string;
      readonly tool: string;
      readonly title: string;
      readonly annotations: ToolAnnotations;
      readonly risk: Risk;
      readonly argumentsBytes: number;
      /** Whom its server's questions are for, by the rule that decided; null for everyone who may answer. */
      readonly questionsTeam: TeamId | null;
      /** Who writes when its server asks for a model's words. */
      readonly sampling: Writer;
    }
  | { readonly type: 'call.held'; readonly callId: CallId; readonly rule: RuleRef; readonly requestId: RequestId }
  | { readonly type: 'call.allowed'; readonly callId: CallId; readonly rule: RuleRef }
  | { readonly type: 'call.denied'; readonly callId: CallId; readonly rule: RuleRef }
  | {
      readonly type: 'call.sent';
      readonly callId: CallId;
      readonly connectionId: ConnectionId;
      readonly rpcId: string;
      /** What was usual for its tool then. */
      readonly pace: Pace;
      /** The agent's patience and the server's limits, as far as they bind. */
      readonly limits: readonly CallLimit[];
    }
  | {
      readonly type: 'call.progress';
      readonly callId: CallId;
      readonly progress: number;
      readonly total: number | null;
      readonly message: string | null;
    }
  | {
      readonly type: 'call.log';
      /** Null when the server did not say which call it speaks of. */
      readonly callId: CallId | null;
      readonly server: string;
      readonly level: LogLevel;
      readonly logger: string | null;
      readonly text: string;
    }
  | {
      readonly type: 'call.completed';
      readonly callId: CallId;
      readonly isError: boolean;
      readonly resultBytes: number;
      readonly summary: string;
    }
  | {
      readonly type: 'call.failed';
      readonly callId: CallId;
      readonly error: RpcError;
      /** Its server named pages to visit first, and why nobody was asked to. */
      readonly unasked?: string;
    }
  | {
      readonly type: 'call.cancelled';
      readonly callId: CallId;
      readonly by: 'agent' | 'ending' | 'server' | 'person';
      readonly reason: string;
    }
  /** A person ended it without its session; how it ended is the event beside this one. */
  | { readonly type: 'call.cancel_ordered'; readonly callId: CallId; readonly reason: string }
  /** Its server was told to stop; `why` it was not, when it was not. */
  | {
      readonly type: 'call.cancel_sent';
      readonly callId: CallId;
      readonly status: number | null;
      readonly why: string | null;
    }
  | { readonly type: 'call.rejected'; readonly callId: CallId; readonly reason: string }
  | { readonly type: 'call.expired'; readonly callId: CallId; readonly requestId: RequestId }
  | {
      readonly type: 'call.indeterminate';
      readonly callId: CallId;
      readonly why: string;
      /** The log ends at a backup: a call that had not been sent by then may have been since. */
      readonly restored?: true;
    }
  /** It was sent and its connection was lost: it is sent again, where that is safe, or a person is asked (I4). */
  | {
      readonly type: 'call.interrupted';
      readonly callId: CallId;
      readonly why: string;
      readonly next: 'repeat' | 'ask';
      /** Known not to have been run: its server did not know the session it came in. */
      readonly notRun?: true;
    }
  /** Its server did not run it: these pages are to be visited first. */
  | {
      readonly type: 'call.turned_back';
      readonly callId: CallId;
      /** The server's words, in one line. */
      readonly message: string;
      readonly requestIds: readonly RequestId[];
    }
  /** The last of the pages is done, as its server or who visited it says: it is sent again. */
  | { readonly type: 'call.urls_done'; readonly callId: CallId }
  /** Its stream is gone for good while its session lives: an answer still arrives, the result does not. */
  | { readonly type: 'call.result_lost'; readonly callId: CallId; readonly why: string }
  | { readonly type: 'call.agent_left'; readonly callId: CallId; readonly how: AgentLeft }
  | { readonly type: 'call.agent_back'; readonly callId: CallId }
  | { readonly type: 'call.delivered'; readonly callId: CallId };

/** What is asked, as it was opened. */
export interface RequestOpening {
  readonly requestId: RequestId;
  readonly kind: RequestKind;
  /** The call it belongs to; null when the server asked outside any call we can name. */
  readonly callId: CallId | null;
  /** When `callId` is null: the calls in flight that may have asked. */
  readonly candidates: readonly CallId[];
  readonly server: string;
  readonly tool: string | null;
  /** What is asked, in one line. */
  readonly title: string;
  readonly risk: Risk;
  readonly deadline: Deadline;
  /** Whom to give the answer to, when a server asked and waits for it. */
  readonly upstream: { readonly connectionId: ConnectionId; readonly rpcId: string | number } | null;
  /** What an approval is bound to (I6). */
  readonly digest: string | null;
  /** For `url`: the server's id of it, to settle it by notification. */
  readonly elicitationId: string | null;
  /** The request that asked the same on an earlier run of its call, whose answer is offered, never assumed (I4). */
  readonly earlier: RequestId | null;
  /** Whose it is; null for everyone who may answer. */
  readonly team: TeamRef | null;
  /** Asked as well, because nobody of the first is there. */
  readonly alsoTeams: readonly TeamRef[];
  readonly assignedTo: PersonRef | null;
  /** What an approval needs; null for other kinds. */
  readonly approval: ApprovalTerms | null;
  /** Who answers: people, or for `sampling` by a rule the model, unreviewed. */
  readonly writer: Writer;
}

export type RequestEventBody =
  | ({ readonly type: 'request.opened' } & RequestOpening)
  | { readonly type: 'request.claimed'; readonly requestId: RequestId; readonly untilAt: number }
  | { readonly type: 'request.released'; readonly requestId: RequestId }
  | {
      readonly type: 'request.answered';
      readonly requestId: RequestId;
      readonly action: AnswerAction;
      readonly reason: string | null;
      readonly operationId: OperationId;
      /** Of a person who decides an approval: what their vote counts as. */
      readonly as: Standing | null;
      /** From opening it in the browser to answering, milliseconds, as the browser says; null when it does not. */
      readonly tookMs: number | null;
      readonly remember: RememberOrder | null;
      /** Of a model's words, sent as they were or edited. */
      readonly usage: ModelUsage | null;
    }
  /** A vote on an approval that does not decide it yet; the one that does is its `request.answered`. */
  | {
      readonly type: 'request.voted';
      readonly requestId: RequestId;
      readonly vote: 'approve' | 'deny';
      readonly reason: string | null;
      readonly operationId: OperationId;
      readonly as: Standing;
      readonly tookMs: number | null;
    }
  /**
   * The arguments were edited by a person, or the rules changed: another digest, so earlier votes are void, on the
   * terms of the rule that holds it now (I6).
   */
  | {
      readonly type: 'request.edited';
      readonly requestId: RequestId;
      readonly digest: string;
      /** JSON Pointers of what is different from what the agent asked. */
      readonly changed: readonly string[];
      readonly rule: RuleRef;
      readonly title: string;
      readonly team: TeamRef | null;
      readonly alsoTeams: readonly TeamRef[];
      readonly approval: ApprovalTerms;
      /** What the rule says of the questions of the call's server. */
      readonly questionsTeam: TeamId | null;
      readonly sampling: Writer;
    }
  | { readonly type: 'request.assigned'; readonly requestId: RequestId; readonly to: PersonRef | null }
  | {
      readonly type: 'request.escalated';
      readonly requestId: RequestId;
      readonly team: TeamRef;
      readonly why: string;
    }
  /** The text of a note is kept apart (I14). */
  | {
      readonly type: 'request.noted';
      readonly requestId: RequestId;
      readonly noteId: NoteId;
      readonly mentions: readonly PersonId[];
    }
  /** A model wrote a draft for the person who asked it to. */
  | { readonly type: 'request.drafted'; readonly requestId: RequestId; readonly usage: ModelUsage }
  /** The model that was to answer did not: a person does. */
  | { readonly type: 'request.to_person'; readonly requestId: RequestId; readonly why: string }
  | { readonly type: 'request.expired'; readonly requestId: RequestId }
  | { readonly type: 'request.withdrawn'; readonly requestId: RequestId; readonly why: string }
  | { readonly type: 'answer.sent'; readonly requestId: RequestId; readonly to: 'server' | 'agent' }
  | { readonly type: 'answer.accepted'; readonly requestId: RequestId; readonly status: number | null }
  | { readonly type: 'answer.moved_on'; readonly requestId: RequestId }
  | { readonly type: 'answer.undelivered'; readonly requestId: RequestId; readonly why: string };

export type EventBody = SessionEventBody | ConnectionEventBody | CallEventBody | RequestEventBody;
export type EventType = EventBody['type'];
export type SessionEvent = EventEnvelope & EventBody;
export type EventOf<T extends EventType> = EventEnvelope & Extract<EventBody, { readonly type: T }>;
