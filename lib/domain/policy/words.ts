import type { TeamId } from '../ids';
import { spanWords } from '../timeline/time-words';
import { thresholdWords } from './approval';
import { defaultRuleIds } from './decide';
import type { HoldTerms, PolicyDecision, PolicyRule, Threshold } from './rule';

/** A team's name, or its id when nobody knows it any more. */
export type TeamNames = (team: TeamId) => string;

export const decisionWords: { readonly [D in PolicyDecision]: string } = { allow: 'allow', hold: 'hold', deny: 'deny' };

/** A field of a rule, as the editor shows it and a change of it is told. */
export type RuleField = Exclude<keyof PolicyRule, 'hold'> | keyof HoldTerms;

export const fieldNames: { readonly [F in RuleField]: string } = {
  id: 'Name',
  enabled: 'On',
  decision: 'Decision',
  when: 'Condition',
  reason: 'Reason',
  team: 'Team',
  approvals: 'Approvals',
  denials: 'Denials',
  ownerMayApprove: 'The agent’s owner may approve',
  editable: 'Editable arguments',
  deadlineMs: 'Deadline',
  atDeadline: 'At the deadline',
  escalation: 'Escalation',
  fallbackTeam: 'Fallback team',
  reasonRequired: 'Reason required',
  mayRemember: 'Remembering',
  safeFields: 'In notifications',
  questionsTeam: 'Questions of the server',
  sampling: 'Replies for a model',
};

export const ruleFields: readonly Exclude<keyof PolicyRule, 'hold'>[] = [
  'id',
  'enabled',
  'decision',
  'when',
  'reason',
  'questionsTeam',
  'sampling',
];
export const termFields: readonly (keyof HoldTerms)[] = [
  'team',
  'approvals',
  'denials',
  'ownerMayApprove',
  'editable',
  'deadlineMs',
  'atDeadline',
  'escalation',
  'fallbackTeam',
  'reasonRequired',
  'mayRemember',
  'safeFields',
];

/** "2 people, or 1 admin" */
export function approvalsWords(approvals: readonly Threshold[], names: TeamNames): string {
  return approvals
    .map((threshold) =>
      thresholdWords({ ...threshold, teamName: threshold.team === null ? null : names(threshold.team) }),
    )
    .join(', or ');
}

/** Who approves, in one line: "2 of Payments, or 1 admin; not the agent’s owner; with a reason". */
export function approversWords(terms: HoldTerms, names: TeamNames): string {
  const parts = [approvalsWords(terms.approvals, names)];
  if (terms.denials > 1) parts.push(`${terms.denials} to deny`);
  if (!terms.ownerMayApprove) parts.push('not the agent’s owner');
  if (terms.reasonRequired) parts.push('with a reason');
  return parts.join('; ');
}

/** "15 min, then denied"; the usual time is the configured one. */
export function deadlineWords({ deadlineMs, atDeadline }: HoldTerms): string {
  const time = deadlineMs === null ? 'usual time' : spanWords(deadlineMs);
  return `${time}, then ${atDeadline === 'deny' ? 'denied' : 'allowed'}`;
}

/** Where a held call goes: "Payments; after 10 min also Security; Ops when nobody is there". */
export function routeWords({ team, escalation, fallbackTeam }: HoldTerms, names: TeamNames): string {
  const parts = [team === null ? 'everyone' : names(team)];
  if (escalation !== null) parts.push(`after ${spanWords(escalation.afterMs)} also ${names(escalation.team)}`);
  if (fallbackTeam !== null) parts.push(`${names(fallbackTeam)} when nobody is there`);
  return parts.join('; ');
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

function pointersWords(pointers: readonly string[]): string {
  if (pointers.length === 0) return 'none';
  return pointers.map((pointer) => (pointer === '' ? 'all of them' : pointer)).join(', ');
}

/** What a field of a rule says, in words. */
export function ruleFieldWords(rule: PolicyRule, field: (typeof ruleFields)[number], names: TeamNames): string {
  switch (field) {
    case 'id':
    case 'when':
      return rule[field];
    case 'enabled':
      return rule.enabled ? 'on' : 'off';
    case 'decision':
      return decisionWords[rule.decision];
    case 'reason':
      return rule.reason ?? 'none';
    case 'questionsTeam':
      return rule.questionsTeam === null ? 'everyone who may answer' : names(rule.questionsTeam);
    case 'sampling':
      return rule.sampling === 'person' ? 'a person writes them' : 'the model, unreviewed';
  }
}

/** What a term of holding says, in words. */
export function termFieldWords(terms: HoldTerms, field: keyof HoldTerms, names: TeamNames): string {
  switch (field) {
    case 'team':
      return terms.team === null ? 'everyone who may answer' : names(terms.team);
    case 'approvals':
      return approvalsWords(terms.approvals, names);
    case 'denials':
      return String(terms.denials);
    case 'ownerMayApprove':
    case 'reasonRequired':
      return yesNo(terms[field]);
    case 'editable':
    case 'safeFields':
      return pointersWords(terms[field]);
    case 'deadlineMs':
      return terms.deadlineMs === null ? 'the usual time' : spanWords(terms.deadlineMs);
    case 'atDeadline':
      return terms.atDeadline === 'deny' ? 'denied' : 'allowed';
    case 'escalation':
      return terms.escalation === null
        ? 'none'
        : `after ${spanWords(terms.escalation.afterMs)} to ${names(terms.escalation.team)}`;
    case 'fallbackTeam':
      return terms.fallbackTeam === null ? 'none' : names(terms.fallbackTeam);
    case 'mayRemember':
      return terms.mayRemember ? 'allowed' : 'forbidden';
  }
}

/** What one rule says of a call: its place among the others is told apart. */
export const matchWords = {
  yes: 'matches',
  no: 'does not match',
  off: 'switched off',
  error: 'cannot be read',
} as const;

/** The name people see: those that are always there have one of their own. */
export function ruleName(id: string): string {
  if (id === defaultRuleIds.allow) return 'Default: allow';
  if (id === defaultRuleIds.changed) return 'Changed tool: hold';
  return id === defaultRuleIds.hold ? 'Default: hold' : id;
}

/** Whether a name may be a rule's; the problem in words, or null. */
export function nameProblem(id: string, others: readonly string[]): string | null {
  if (id === '') return 'Give the rule a short name, such as prod-writes.';
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(id)) {
    return 'Letters, digits, dots, dashes and underscores, at most 64, beginning with a letter or digit.';
  }
  if (Object.values(defaultRuleIds).some((own) => own === id)) return 'A rule that is always there has this name.';
  return others.includes(id) ? `Another rule is called ${id}.` : null;
}

export interface ErrorPlace {
  /** Counts from 1. */
  readonly line: number;
  readonly column: number;
  /** The line as it stands, in three pieces: before, at and after the place. */
  readonly before: string;
  readonly at: string;
  readonly after: string;
}

/** The line of a text an offset lies in. What is at the place runs to the end of its word, and is never empty. */
export function placeAt(text: string, offset: number): ErrorPlace {
  const at = Math.max(0, Math.min(offset, text.length));
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  const nextBreak = text.indexOf('\n', at);
  const line = text.slice(start, nextBreak === -1 ? text.length : nextBreak);
  const column = at - start;
  const word = /^(?:[A-Za-z_0-9]+|[^A-Za-z_0-9\s])/.exec(line.slice(column))?.[0] ?? ' ';
  return {
    line: text.slice(0, start).split('\n').length,
    column: column + 1,
    before: line.slice(0, column),
    at: word,
    after: line.slice(column + word.length),
  };
}
