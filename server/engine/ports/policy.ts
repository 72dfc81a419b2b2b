import type { AuditDraft } from '@/lib/domain/audit';
import type { AgentId, ChoiceId, SessionId } from '@/lib/domain/ids';
import type { PolicyVerdict } from '@/lib/domain/policy/decide';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyVersion } from '@/lib/domain/policy/rule';

/** The rules in force. They change while the engine runs: ask each time. */
export interface Policy {
  readonly current: PolicyVersion;
  /** What approvals are bound to (I6): another text whenever the rules are saved anew. */
  readonly version: string;
  /** Never throws. */
  decide(question: PolicyQuestion): PolicyVerdict;
}

/** Choices people asked to be remembered. */
export interface Choices {
  /** Those of this agent and tool that neither ended nor were revoked; by memory, at once. */
  matching(call: {
    readonly agentId: AgentId;
    readonly sessionId: SessionId;
    readonly server: string;
    readonly tool: string;
  }): readonly RememberedChoice[];
  /** Saved with what the audit log keeps of it when it resolves, both or neither. Throws when the database is away. */
  add(choice: RememberedChoice, act: AuditDraft): Promise<void>;
  /** Counts one more call it decided; not waited for. */
  used(choiceId: ChoiceId): void;
}
