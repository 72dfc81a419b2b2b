import { z } from 'zod';
import type { JsonObject } from '@/lib/domain/json';
import type { Backtest } from '@/lib/domain/policy/backtest';
import type { PolicyVerdict } from '@/lib/domain/policy/decide';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { teamIdSchema } from './ids';

const longestWhen = 4_000;
const longestReason = 500;
const longestPointer = 1_000;
const mostRules = 500;
const pointers = z.array(z.string().max(longestPointer)).max(100);

const thresholdSchema = z.strictObject({
  count: z.int().min(1).max(20),
  role: z.enum(['admin']).nullable(),
  team: teamIdSchema.nullable(),
});

const termsSchema = z.strictObject({
  team: teamIdSchema.nullable(),
  approvals: z.array(thresholdSchema).min(1).max(10),
  denials: z.int().min(1).max(20),
  ownerMayApprove: z.boolean(),
  editable: pointers,
  deadlineMs: z.int().min(1).nullable(),
  atDeadline: z.enum(['deny', 'allow']),
  escalation: z.strictObject({ afterMs: z.int().min(1), team: teamIdSchema }).nullable(),
  fallbackTeam: teamIdSchema.nullable(),
  reasonRequired: z.boolean(),
  mayRemember: z.boolean(),
  safeFields: pointers,
});

const ruleSchema = z.strictObject({
  id: z.string().max(64),
  decision: z.enum(['allow', 'hold', 'deny']),
  when: z.string().max(longestWhen),
  enabled: z.boolean(),
  reason: z.string().max(longestReason).nullable(),
  hold: termsSchema.nullable(),
  questionsTeam: teamIdSchema.nullable(),
  sampling: z.enum(['person', 'model']),
}) satisfies z.ZodType<PolicyRule>;

const rulesSchema = z.array(ruleSchema).max(mostRules);

/** The rules in force, and the versions before. */
export const rulesReadCommand = z.strictObject({ type: z.literal('rules.read') });
export interface RulesReadReply {
  readonly current: PolicyVersion;
  readonly versions: readonly VersionRow[];
}
export type VersionRow = Omit<PolicyVersion, 'rules'> & { readonly rules: number };

export const rulesVersionCommand = z.strictObject({ type: z.literal('rules.version'), version: z.int().min(1) });
export type RulesVersionReply = PolicyVersion;

/** A problem of a rule, with its place in the expression where it has one. */
export interface RuleProblem {
  readonly rule: string;
  readonly field: string;
  readonly message: string;
  readonly at: { readonly line: number; readonly column: number; readonly offset: number } | null;
}

/** What is wrong with rules as they stand in the editor; nothing is saved. */
export const rulesCheckCommand = z.strictObject({ type: z.literal('rules.check'), rules: rulesSchema });
export interface RulesCheckReply {
  readonly problems: readonly RuleProblem[];
}

/** Saves a new version; refused when another was saved since `base`, or when a rule has an error. */
export const rulesSaveCommand = z.strictObject({
  type: z.literal('rules.save'),
  base: z.int().min(0),
  rules: rulesSchema,
  note: z.string().trim().max(longestReason).nullable(),
});
export type RulesSaveReply = PolicyVersion;

/** What rules would say of a made-up call; `rules` null for those in force. */
export const rulesTryCommand = z.strictObject({
  type: z.literal('rules.try'),
  rules: rulesSchema.nullable(),
  call: z.strictObject({
    server: z.string().max(64),
    trusted: z.boolean(),
    tool: z.string().max(200),
    description: z.string().max(10_000),
    annotations: z.strictObject({
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
      idempotentHint: z.boolean().optional(),
      openWorldHint: z.boolean().optional(),
    }),
    agent: z.string().max(100),
    owner: z.string().max(200).nullable(),
    client: z.string().max(200).nullable(),
    args: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  }),
});
export interface RulesTryReply {
  readonly verdict: PolicyVerdict;
  /** What each rule said, in their order. */
  readonly said: readonly {
    readonly rule: string;
    readonly match: 'yes' | 'no' | 'off' | 'error';
    readonly error: string | null;
  }[];
}

/** What rules would have said of the calls received last. */
export const rulesBacktestCommand = z.strictObject({
  type: z.literal('rules.backtest'),
  rules: rulesSchema,
  days: z.int().min(1).max(365),
});
export type RulesBacktestReply = Backtest;

/** A file of rules, as text: read and checked, not saved. */
export const rulesImportCommand = z.strictObject({ type: z.literal('rules.import'), text: z.string().max(1_000_000) });
export interface RulesImportReply {
  readonly rules: readonly PolicyRule[];
}

export const rulesExportCommand = z.strictObject({ type: z.literal('rules.export') });
export interface RulesExportReply {
  readonly text: string;
}
