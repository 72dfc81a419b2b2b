import type { AgentId, ChoiceId, PersonId, SessionId } from '../ids';
import type { Json } from '../json';
import type { Standing } from './approval';

/** How long a choice is remembered. */
export type RememberFor = '15min' | 'session' | 'revoked';
export const rememberFors: readonly RememberFor[] = ['15min', 'session', 'revoked'];
export const rememberMs = 15 * 60_000;

/** What a person asks to be remembered with their answer. */
export interface RememberOrder {
  readonly for: RememberFor;
  /** JSON Pointers of the arguments whose values must be the same; empty for any arguments. */
  readonly fields: readonly string[];
}

/** A choice that stands for a person's answer until it ends. A deny rule always wins over it. */
export interface RememberedChoice {
  readonly choiceId: ChoiceId;
  readonly decision: 'approve' | 'deny';
  readonly agent: { readonly id: AgentId; readonly name: string };
  readonly server: string;
  readonly tool: string;
  /** SHA-256, hex, of the tool's definition: one that changed is asked about anew. */
  readonly definitionDigest: string;
  /** The rule that held the call it was made at: another rule's calls are asked about. */
  readonly ruleId: string;
  readonly fields: readonly { readonly pointer: string; readonly value: Json }[];
  readonly by: { readonly id: PersonId; readonly name: string };
  readonly as: Standing;
  readonly madeAt: number;
  readonly remembered: RememberFor;
  /** Epoch milliseconds; null when it does not end by time. */
  readonly untilAt: number | null;
  /** For `session`: the only one it holds in. */
  readonly sessionId: SessionId | null;
  readonly revokedAt: number | null;
  readonly used: number;
}
