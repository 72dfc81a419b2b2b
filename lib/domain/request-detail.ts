import type { Call } from './call';
import type { AnswerAction } from './event';
import type { OperationId, RequestId } from './ids';
import type { Json, JsonObject } from './json';
import type { HoldRequest } from './request';
import type { SessionSummary } from './summary';

/** A request as the queue's list shows it. */
export interface QueueItem {
  readonly request: HoldRequest;
  readonly agent: string;
  readonly call: Call | null;
}

/** A request with everything a person needs to answer it. */
export interface RequestDetail {
  readonly request: HoldRequest;
  readonly call: Call | null;
  readonly summary: SessionSummary;
  /** The arguments of the call; masked for who may not answer. */
  readonly arguments: Json | null;
  /** What the server asked: the params of `elicitation/create` or `sampling/createMessage`. */
  readonly ask: Json | null;
  /** The tool's definition at the time, for approvals. */
  readonly tool: Json | null;
  /** The answer's content once it is answered, for who may answer. */
  readonly answer: Json | null;
  /** What was answered to the same question on an earlier run of its call: offered, never assumed (I4). */
  readonly earlier: { readonly by: string; readonly savedAt: number; readonly content: Json | null } | null;
  /** Which actions are allowed, and why not (I11). */
  readonly allowed: {
    readonly answer: { readonly ok: boolean; readonly why: string | null };
    readonly claim: { readonly ok: boolean; readonly why: string | null };
  };
}

export interface AnswerOrder {
  readonly requestId: RequestId;
  readonly operationId: OperationId;
  /** The revision the person saw. */
  readonly revision: number;
  readonly action: AnswerAction;
  readonly reason: string | null;
  /** Form values, `{text}` for a model reply, a `RecoveryDecision`; null for approvals and URLs. */
  readonly content: JsonObject | null;
}
