import type { TeamId } from '../ids';

export type PolicyDecision = 'allow' | 'hold' | 'deny';

/** So many different people, of a role, of a team, or any who may answer. */
export interface Threshold {
  readonly count: number;
  readonly role: 'admin' | null;
  readonly team: TeamId | null;
}

/** Who must approve a held call, until when, and what they may do with it. */
export interface HoldTerms {
  /** Whose it is; null for everyone who may answer. */
  readonly team: TeamId | null;
  /** Any one of them is enough. Never empty. */
  readonly approvals: readonly Threshold[];
  /** So many people must decline before the call is refused. */
  readonly denials: number;
  /** False separates duties: who answers for the agent does not approve its calls. */
  readonly ownerMayApprove: boolean;
  /** JSON Pointers of the arguments that may be edited; one covers all below it, and the empty one everything. */
  readonly editable: readonly string[];
  /** How long people have; null for the configured time. */
  readonly deadlineMs: number | null;
  /** What happens at the deadline when it is the rule's or the configured one. */
  readonly atDeadline: 'deny' | 'allow';
  /** After this time a second team is asked too. */
  readonly escalation: { readonly afterMs: number; readonly team: TeamId } | null;
  /** Asked too when nobody of the first team is there. */
  readonly fallbackTeam: TeamId | null;
  /** Whether an approval needs a reason. */
  readonly reasonRequired: boolean;
  /** Whether a choice may be remembered. */
  readonly mayRemember: boolean;
  /** JSON Pointers of arguments whose values may stand in notifications. */
  readonly safeFields: readonly string[];
}

/** One rule of the ordered list. */
export interface PolicyRule {
  readonly id: string;
  readonly decision: PolicyDecision;
  /** A CEL expression over `server`, `tool`, `agent`, `session` and `args`; `true` for every call. */
  readonly when: string;
  /** One that is off is kept and does nothing. */
  readonly enabled: boolean;
  /** Shown to the approver and, for a denial, to the agent. */
  readonly reason: string | null;
  /** Of `hold` alone; null for the others. */
  readonly hold: HoldTerms | null;
  /** Whom a server's questions during such a call are for; null for the team it is held for, or else everyone. */
  readonly questionsTeam: TeamId | null;
  /** Who writes the reply when a server asks for a model's words: a person, or the model unreviewed. */
  readonly sampling: 'person' | 'model';
}

/** One approval by anyone who may answer, denied at the deadline. */
export const usualTerms: HoldTerms = {
  team: null,
  approvals: [{ count: 1, role: null, team: null }],
  denials: 1,
  ownerMayApprove: true,
  editable: [],
  deadlineMs: null,
  atDeadline: 'deny',
  escalation: null,
  fallbackTeam: null,
  reasonRequired: false,
  mayRemember: true,
  safeFields: [],
};

/** The rules as they were saved together. */
export interface PolicyVersion {
  /** Counts from 1. */
  readonly version: number;
  readonly rules: readonly PolicyRule[];
  readonly savedAt: number;
  /** Null for what came from the configuration. */
  readonly savedBy: string | null;
  readonly note: string | null;
}
