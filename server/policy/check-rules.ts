import { readPointer } from '@/lib/domain/policy/pointer';
import { defaultRuleIds } from '@/lib/domain/policy/decide';
import type { HoldTerms, PolicyRule, Threshold } from '@/lib/domain/policy/rule';
import { checkExpression, type ExpressionPlace } from './cel';

export interface RuleProblem {
  readonly rule: string;
  /** The way to it in the rule, such as `hold.deadlineMs`. */
  readonly field: string;
  readonly message: string;
  readonly at: ExpressionPlace | null;
}

export interface KnownTeams {
  readonly teams: readonly string[];
}

export const rulesMax = 500;
export const reasonCharactersMax = 500;
export const countMax = 20;
export const shortestDeadlineMs = 1_000;
export const longestDeadlineMs = 30 * 86_400_000;
const pointersMax = 100;
const pointerCharactersMax = 500;
const thresholdsMax = 10;

/** Everything that is wrong with rules that are to be saved; empty when they can be. */
export function checkRules(rules: readonly PolicyRule[], known: KnownTeams): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (rules.length > rulesMax) {
    const [extra] = rules.slice(rulesMax);
    return [{ rule: extra?.id ?? '', field: 'id', message: `There are at most ${rulesMax} rules.`, at: null }];
  }
  const seen = new Set<string>();
  for (const rule of rules) {
    const note: Note = (field, message) => problems.push({ rule: rule.id, field, message, at: null });
    checkId(rule.id, seen, note);
    seen.add(rule.id);
    const expression = checkExpression(rule.when);
    if (!expression.ok) problems.push({ rule: rule.id, field: 'when', message: expression.message, at: expression.at });
    checkRest(rule, known, note);
  }
  return problems;
}

type Note = (field: string, message: string) => void;

function checkId(id: string, seen: ReadonlySet<string>, note: Note): void {
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) note('id', 'A rule is called by 1 to 64 letters, digits, "-", "_" or ".".');
  else if (Object.values(defaultRuleIds).some((own) => own === id))
    note('id', `"${id}" is the name of a rule that is always there.`);
  else if (seen.has(id)) note('id', `Another rule is already called "${id}".`);
}

function checkRest(rule: PolicyRule, known: KnownTeams, note: Note): void {
  if (rule.reason !== null && (rule.reason.length > reasonCharactersMax || rule.reason.trim() === ''))
    note('reason', `A reason has 1 to ${reasonCharactersMax} characters.`);
  checkTeam('questionsTeam', rule.questionsTeam, { known, note });
  if (rule.decision === 'hold' && rule.hold !== null) checkHold(rule.hold, known, note);
  if (rule.decision !== 'hold' && rule.hold !== null) note('hold', 'Only a rule that holds says who approves.');
  if (rule.decision === 'deny' && rule.sampling === 'model')
    note('sampling', 'A call that is denied asks for no words of a model.');
}

interface Checking {
  readonly known: KnownTeams;
  readonly note: Note;
}

function checkTeam(field: string, team: string | null, { known, note }: Checking): void {
  if (team !== null && !known.teams.includes(team)) note(field, 'This team does not exist.');
}

function checkHold(hold: HoldTerms, known: KnownTeams, note: Note): void {
  const checking = { known, note };
  checkTeam('hold.team', hold.team, checking);
  checkTeam('hold.fallbackTeam', hold.fallbackTeam, checking);
  if (hold.approvals.length === 0) note('hold.approvals', 'At least one kind of approval is needed.');
  if (hold.approvals.length > thresholdsMax)
    note('hold.approvals', `There are at most ${thresholdsMax} kinds of approval.`);
  for (const [index, threshold] of hold.approvals.entries()) checkThreshold(index, threshold, checking);
  if (!isCount(hold.denials)) note('hold.denials', `1 to ${countMax} people must decline.`);
  if (hold.deadlineMs !== null && !isDeadline(hold.deadlineMs))
    note('hold.deadlineMs', 'A deadline is 1 second to 30 days.');
  checkEscalation(hold, checking);
  checkPointers('hold.editable', hold.editable, note);
  checkPointers('hold.safeFields', hold.safeFields, note);
}

function checkThreshold(index: number, { count, team }: Threshold, checking: Checking): void {
  const field = `hold.approvals[${index}]`;
  if (!isCount(count)) checking.note(`${field}.count`, `1 to ${countMax} people must approve.`);
  checkTeam(`${field}.team`, team, checking);
}

function checkEscalation({ escalation, deadlineMs, team }: HoldTerms, checking: Checking): void {
  if (escalation === null) return;
  checkTeam('hold.escalation.team', escalation.team, checking);
  if (!isDeadline(escalation.afterMs))
    checking.note('hold.escalation.afterMs', 'A second team is asked after 1 second to 30 days.');
  else if (deadlineMs !== null && escalation.afterMs >= deadlineMs)
    checking.note('hold.escalation.afterMs', 'A second team must be asked before the deadline.');
  if (team !== null && team === escalation.team)
    checking.note('hold.escalation.team', 'This team is asked from the beginning.');
}

function checkPointers(field: string, pointers: readonly string[], note: Note): void {
  if (pointers.length > pointersMax) note(field, `There are at most ${pointersMax} fields.`);
  for (const [index, pointer] of pointers.entries()) {
    if (pointer.length > pointerCharactersMax || readPointer(pointer) === null)
      note(`${field}[${index}]`, 'A field is given as a JSON Pointer, such as "/to/0"; "" is everything.');
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= countMax;
}

function isDeadline(durationMs: number): boolean {
  return Number.isInteger(durationMs) && durationMs >= shortestDeadlineMs && durationMs <= longestDeadlineMs;
}
