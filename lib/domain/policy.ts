import type { RuleRef } from './event';
import type { ToolAnnotations } from './tool';

export type PolicyDecision = 'allow' | 'hold' | 'deny';

/** A rule of the configuration. Every condition given must hold; one left out always holds. */
export interface PolicyRule {
  readonly id: string;
  readonly decision: PolicyDecision;
  /** Glob over the server's name, `*` for any run of characters. */
  readonly server: string | null;
  /** Glob over the tool's own name. */
  readonly tool: string | null;
  readonly annotations: { readonly readOnly?: boolean; readonly destructive?: boolean; readonly idempotent?: boolean };
  /** Shown to the approver and, for a denial, to the agent. */
  readonly reason: string | null;
  /** How long a person has, for `hold`; null for the default. */
  readonly deadlineMs: number | null;
}

export interface PolicyQuestion {
  readonly server: string;
  readonly trusted: boolean;
  readonly tool: string;
  readonly annotations: ToolAnnotations;
}

export interface PolicyVerdict {
  readonly decision: PolicyDecision;
  readonly rule: RuleRef;
  readonly deadlineMs: number | null;
}

/**
 * A matching deny wins wherever it stands; otherwise the first matching rule; otherwise the default:
 * allow what is read-only on a trusted server, hold the rest.
 */
export function decide(rules: readonly PolicyRule[], question: PolicyQuestion): PolicyVerdict {
  const matching = rules.filter((rule) => matches(rule, question));
  const rule = matching.find((candidate) => candidate.decision === 'deny') ?? matching[0];
  if (rule !== undefined) {
    return { decision: rule.decision, rule: { id: rule.id, words: wordsOf(rule) }, deadlineMs: rule.deadlineMs };
  }
  if (question.trusted && question.annotations.readOnlyHint === true) {
    return {
      decision: 'allow',
      rule: { id: 'default-allow', words: 'Read-only on a trusted server.' },
      deadlineMs: null,
    };
  }
  const words = question.trusted ? 'Not marked read-only.' : 'The server is not marked trusted.';
  return { decision: 'hold', rule: { id: 'default-hold', words: `${words} A person decides.` }, deadlineMs: null };
}

function wordsOf(rule: PolicyRule): string {
  if (rule.reason !== null) return rule.reason;
  return { allow: `Allowed by rule ${rule.id}.`, hold: `Held by rule ${rule.id}.`, deny: `Denied by rule ${rule.id}.` }[
    rule.decision
  ];
}

function matches(rule: PolicyRule, question: PolicyQuestion): boolean {
  const { annotations } = rule;
  // Hints of a server that is not trusted would let it choose its own rule: MCP's defaults stand for them.
  const hints: ToolAnnotations = question.trusted ? question.annotations : {};
  return (
    (rule.server === null || matchesGlob(rule.server, question.server)) &&
    (rule.tool === null || matchesGlob(rule.tool, question.tool)) &&
    (annotations.readOnly === undefined || annotations.readOnly === (hints.readOnlyHint ?? false)) &&
    (annotations.destructive === undefined || annotations.destructive === isDestructive(hints)) &&
    (annotations.idempotent === undefined || annotations.idempotent === (hints.idempotentHint ?? false))
  );
}

/** By MCP's default a tool that writes and says nothing else is destructive. */
function isDestructive(annotations: ToolAnnotations): boolean {
  return annotations.readOnlyHint !== true && annotations.destructiveHint !== false;
}

/** `*` stands for any run of characters; linear in the text, so no pattern can hang it. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = parts[parts.length - 1] ?? '';
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
