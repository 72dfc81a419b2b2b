import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyDecision, PolicyRule } from '@/lib/domain/policy/rule';
import type { CompiledRules } from './cel';

/** Rules as they are decided with. */
export interface PolicySet {
  readonly rules: readonly PolicyRule[];
  readonly compiled: CompiledRules;
}

/** A call of the past, with what rules could see of it and what was decided then. */
export interface RecordedCall {
  readonly callId: string;
  readonly sessionId: string;
  readonly receivedAt: number;
  readonly title: string;
  readonly question: PolicyQuestion;
  readonly outcomeThen: PolicyDecision;
  readonly ruleThen: string;
}
