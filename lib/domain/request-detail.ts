import type { ServerAway } from './away';
import type { Call } from './call';
import type { AnswerAction, PersonRef } from './event';
import type { AgentId, NoteId, OperationId, PersonId, RequestId } from './ids';
import type { Json, JsonObject } from './json';
import type { RememberOrder } from './policy/choice';
import type { HoldRequest } from './request';
import type { SessionSummary } from './summary';
import type { ToolChange } from './tool-change';

/** A request as the queue's list shows it. */
export interface QueueItem {
  readonly request: HoldRequest;
  readonly agent: string;
  readonly agentId: AgentId;
  readonly call: Call | null;
  /** The session's `seq` when all this was so: of two copies the higher is newer (I12). */
  readonly seq: number;
  /** What keeps an answer from its server now. */
  readonly away: ServerAway | null;
}

/** Whether something may be done, and why not (I11). */
export interface Allowed {
  readonly ok: boolean;
  readonly why: string | null;
}

/** A request with everything a person needs to answer it. */
export interface RequestDetail {
  readonly request: HoldRequest;
  readonly call: Call | null;
  readonly summary: SessionSummary;
  /** The arguments as the agent asked; masked for who may not answer. */
  readonly arguments: Json | null;
  /** What would be sent instead, when people edited them; null while nobody did. */
  readonly edited: Json | null;
  /** JSON Pointers of arguments that a rule masks: who judges them may reveal them in place. */
  readonly covered: readonly string[];
  /** What the server asked: the params of `elicitation/create` or `sampling/createMessage`. */
  readonly ask: Json | null;
  /** The tool's definition at the time, for approvals. */
  readonly tool: Json | null;
  /** How that differs from the definition that was accepted; null when it does not. */
  readonly toolChange: ToolChange | null;
  /** The answer's content once it is answered, for who may answer. */
  readonly answer: Json | null;
  /** What was answered to the same question on an earlier run of its call: offered, never assumed (I4). */
  readonly earlier: { readonly by: string; readonly savedAt: number; readonly content: Json | null } | null;
  /** What people wrote about it, oldest first. */
  readonly notes: readonly Note[];
  /** The configured models, for a sampling request; the usual one first. */
  readonly models: readonly string[];
  readonly allowed: {
    readonly answer: Allowed;
    /** Approve, for an approval: the agent's owner may be kept from it, and still decline. */
    readonly approve: Allowed;
    readonly claim: Allowed;
    readonly edit: Allowed;
    readonly assign: Allowed;
    readonly note: Allowed;
    readonly remember: Allowed;
    readonly draft: Allowed;
  };
}

/** What a person wrote about a request. */
export interface Note {
  readonly noteId: NoteId;
  readonly by: PersonRef;
  readonly at: number;
  readonly text: string;
  readonly mentions: readonly PersonRef[];
}

export interface AnswerOrder {
  readonly requestId: RequestId;
  readonly operationId: OperationId;
  /** The revision the person saw. */
  readonly revision: number;
  readonly action: AnswerAction;
  readonly reason: string | null;
  /**
   * Form values; for sampling `{text}`, or `{result}` as a model wrote it; a `RecoveryDecision`; null for approvals
   * and URLs.
   */
  readonly content: JsonObject | null;
  /** From opening it to answering, milliseconds, as the browser measured; null when nothing measured it. */
  readonly tookMs: number | null;
  /** For an approval that this answer decides; null not to remember it. */
  readonly remember: RememberOrder | null;
}

/** Other arguments for a held call (I6): earlier votes are void, and the rules are asked again. */
export interface EditOrder {
  readonly requestId: RequestId;
  readonly revision: number;
  readonly arguments: JsonObject;
}

export interface NoteOrder {
  readonly requestId: RequestId;
  readonly text: string;
  readonly mentions: readonly PersonId[];
}

/** A person asks the model for a draft, with what they changed of the prompt. */
export interface DraftOrder {
  readonly requestId: RequestId;
  readonly model: string | null;
  readonly systemPrompt: string | null;
  readonly messages: readonly { readonly index: number; readonly text: string }[];
}
