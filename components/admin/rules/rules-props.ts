import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRow } from '@/lib/domain/team';
import type {
  RulesBacktestReply,
  RulesCheckReply,
  RulesImportReply,
  RulesTryReply,
  VersionRow,
} from '@/lib/protocol/command/rules';
import type { TriedCall } from './try-call';

export interface RulesView {
  readonly current: PolicyVersion;
  /** Newest first or last: the screen sorts them. */
  readonly versions: readonly VersionRow[];
  readonly teams: readonly TeamRow[];
  /** Names to choose from in a made-up call. */
  readonly servers: readonly string[];
  readonly agents: readonly string[];
}

export interface RulesSaving {
  readonly base: number;
  readonly rules: readonly PolicyRule[];
  readonly note: string | null;
}

/** What the screen asks of the server. Each rejects when no answer came. */
export interface RulesDesk {
  readonly check: (rules: readonly PolicyRule[]) => Promise<Result<RulesCheckReply>>;
  readonly save: (saving: RulesSaving) => Promise<Result<PolicyVersion>>;
  readonly try: (rules: readonly PolicyRule[], call: TriedCall) => Promise<Result<RulesTryReply>>;
  readonly backtest: (rules: readonly PolicyRule[], days: number) => Promise<Result<RulesBacktestReply>>;
  readonly version: (version: number) => Promise<Result<PolicyVersion>>;
  readonly export: () => Promise<Result<{ readonly text: string }>>;
  readonly import: (text: string) => Promise<Result<RulesImportReply>>;
}
