import type { JsonObject } from '@/lib/domain/json';
import type { ModelUsage } from '@/lib/domain/model-usage';

export type { ModelUsage };

/** What a model wrote, and what it cost. */
export interface ModelReply {
  readonly ok: true;
  /** The result of `sampling/createMessage`: role, content (text, or blocks with tool_use), model, stopReason. */
  readonly result: JsonObject;
  /** The plain text of it, for a person to edit; null when it holds blocks that are not text. */
  readonly text: string | null;
  readonly usage: ModelUsage;
}

export type ModelFailure = { readonly ok: false; readonly message: string };

/** Writes the reply to a sampling request. Never called before a rule or a person allows it. */
export interface Models {
  /** The names of the configured models, the usual one first; empty when none. */
  readonly names: readonly string[];
  /** `ask` is the params of `sampling/createMessage`, possibly edited by a person. Never throws. */
  write(
    ask: JsonObject,
    how: { readonly model: string | null; readonly signal: AbortSignal },
  ): Promise<ModelReply | ModelFailure>;
}

export const noModels: Models = {
  names: [],
  write: async () => ({ ok: false, message: 'No model provider is configured.' }),
};
