import type { RuleRef } from '../event';
import type { TeamId } from '../ids';
import type { PolicyQuestion } from './question';
import { type HoldTerms, type PolicyDecision, type PolicyRule, usualTerms } from './rule';

/** What became of a rule's expression; an error says why it could not be told. */
export type RuleMatch = 'yes' | 'no' | { readonly error: string };

export interface PolicyVerdict {
  readonly decision: PolicyDecision;
  readonly rule: RuleRef;
  /** For `hold`; null otherwise. */
  readonly terms: HoldTerms | null;
  readonly questionsTeam: TeamId | null;
  readonly sampling: PolicyRule['sampling'];
}

/**
 * A matching deny wins wherever it stands; otherwise the first matching rule; otherwise the default: allow what is
 * read-only on a trusted server, hold the rest. A rule that fails may have been the one that decides, so the call is
 * held: a deny anywhere, any other before the first that matches.
 */
export function decide(
  rules: readonly PolicyRule[],
  question: PolicyQuestion,
  match: (rule: PolicyRule, question: PolicyQuestion) => RuleMatch,
): PolicyVerdict {
  let first: PolicyRule | null = null;
  let failed: { readonly rule: PolicyRule; readonly error: string } | null = null;
  for (const rule of rules) {
    if (!rule.enabled || (first !== null && rule.decision !== 'deny')) continue;
    const matched = match(rule, question);
    if (matched === 'no') continue;
    if (matched !== 'yes') failed ??= { rule, error: matched.error };
    else if (rule.decision === 'deny') return verdictOf(rule);
    else first ??= rule;
  }
  if (failed !== null) return heldForFailure(failed, first);
  return first === null ? byDefault(question) : verdictOf(first);
}

/** The rules that are always there. */
export const defaultRuleIds = {
  allow: 'default-allow',
  hold: 'default-hold',
  /** Above all others but a deny: the tool is not what was accepted. */
  changed: 'tool-changed',
} as const;

function byDefault({ server, tool }: PolicyQuestion): PolicyVerdict {
  if (server.trusted && tool.annotations.readOnlyHint === true) {
    return {
      decision: 'allow',
      rule: { id: defaultRuleIds.allow, words: 'Read-only on a trusted server.' },
      terms: null,
      questionsTeam: null,
      sampling: 'person',
    };
  }
  const words = server.trusted ? 'Not marked read-only.' : 'The server is not marked trusted.';
  return {
    decision: 'hold',
    rule: { id: defaultRuleIds.hold, words: `${words} A person decides.` },
    terms: usualTerms,
    questionsTeam: null,
    sampling: 'person',
  };
}

function verdictOf(rule: PolicyRule): PolicyVerdict {
  const { decision, sampling } = rule;
  const terms = decision === 'hold' ? (rule.hold ?? usualTerms) : null;
  return {
    decision,
    rule: { id: rule.id, words: wordsOf(rule) },
    terms,
    questionsTeam: questionsTeamOf(rule),
    sampling,
  };
}

/**
 * On the terms of the rule that would have held it, so that arguments which make another rule fail do not ask fewer
 * people. Nobody's choice is assumed: what may be remembered or edited is what a working rule says.
 */
function heldForFailure(
  { rule, error }: { readonly rule: PolicyRule; readonly error: string },
  first: PolicyRule | null,
): PolicyVerdict {
  const holds = first?.decision === 'hold' ? first : rule;
  return {
    decision: 'hold',
    rule: { id: rule.id, words: `Rule ${rule.id} could not be read for this call, so a person decides: ${error}` },
    terms: { ...(holds.hold ?? usualTerms), editable: [], atDeadline: 'deny', mayRemember: false, safeFields: [] },
    questionsTeam: questionsTeamOf(holds),
    sampling: 'person',
  };
}

/** Who decides about a call also hears what its server asks, where nothing else is said. */
function questionsTeamOf(rule: PolicyRule): TeamId | null {
  return rule.questionsTeam ?? rule.hold?.team ?? null;
}

function wordsOf(rule: PolicyRule): string {
  if (rule.reason !== null) return rule.reason;
  return { allow: `Allowed by rule ${rule.id}.`, hold: `Held by rule ${rule.id}.`, deny: `Denied by rule ${rule.id}.` }[
    rule.decision
  ];
}
