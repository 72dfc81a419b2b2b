import type { AnswerAction, RequestKind } from './event';
import type { RequestId } from './ids';
import { isJsonObject, type Json } from './json';

/** What a person who decides on a recovery request knows of the call: all that is known. Its `ask` payload. */
export interface RecoveryAsk {
  /** Why its outcome is not known. */
  readonly why: string;
  /** Epoch milliseconds of the last sending. */
  readonly sentAt: number;
  /** How often it was sent so far. */
  readonly runs: number;
  readonly lastProgress: {
    readonly progress: number;
    readonly total: number | null;
    readonly message: string | null;
    readonly at: number;
  } | null;
  /** What was asked while it ran, and how far each answer got. */
  readonly answers: readonly RecoveryAnswer[];
}

export interface RecoveryAnswer {
  readonly requestId: RequestId;
  readonly kind: RequestKind;
  readonly title: string;
  readonly by: string;
  readonly action: AnswerAction;
  readonly savedAt: number;
  /** When the server took it; null when that is not known. */
  readonly acceptedAt: number | null;
}

/** The content of an accepted recovery request. Declining it gives the call up. */
export type RecoveryDecision =
  | { readonly choice: 'run_again' }
  | { readonly choice: 'done_by_hand'; readonly note: string };

export const recoveryNoteMost = 2_000;

export type RecoveryReading =
  | { readonly ok: true; readonly decision: RecoveryDecision }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** Reads a decision; a note is required where nothing else tells the agent what was done. */
export function readRecovery(content: Json | null): RecoveryReading {
  const choice = isJsonObject(content) ? content['choice'] : undefined;
  if (choice === 'run_again') return { ok: true, decision: { choice } };
  if (choice !== 'done_by_hand' || !isJsonObject(content))
    return { ok: false, field: 'choice', message: 'Choose: run it again, or mark it as done by hand.' };
  const note = typeof content['note'] === 'string' ? content['note'].trim() : '';
  if (note === '')
    return { ok: false, field: 'note', message: 'Say what was done: the agent goes on from these words.' };
  if (note.length > recoveryNoteMost)
    return { ok: false, field: 'note', message: `A note may have ${recoveryNoteMost} characters.` };
  return { ok: true, decision: { choice, note } };
}
