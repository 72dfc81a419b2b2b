import type { Json } from '@/lib/domain/json';
import type { Place } from '@/lib/domain/masking/cover';
import type { MaskedPart } from '@/lib/domain/masking/rule';

/** Which rules concern a value. */
export interface MaskScope {
  readonly part: MaskedPart;
  /** Null when it is not known: rules of every server apply. */
  readonly server: string | null;
  /** Null when it is not known: rules of every tool apply. */
  readonly tool: string | null;
}

/** The masking rules in force. */
export interface Masking {
  /** What the rules cover in a value; all of it where a rule could not be applied. Must not throw. */
  covered(value: Json, scope: MaskScope): readonly Place[];
}

/** No rule: only what looks like a secret is masked. */
export const noMaskingRules: Masking = { covered: () => [] };
