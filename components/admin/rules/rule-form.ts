import { readTeamId, type TeamId } from '@/lib/domain/ids';
import { readDurationText, writeDurationText } from '@/lib/domain/policy/duration-text';
import { readPointer } from '@/lib/domain/policy/pointer';
import { type HoldTerms, type PolicyRule, type Threshold, usualTerms } from '@/lib/domain/policy/rule';
import { nameProblem, type RuleField } from '@/lib/domain/policy/words';

/** A threshold as it is typed; a team is its id, '' for any. */
export interface ThresholdForm {
  readonly count: string;
  readonly who: 'people' | 'admins';
  readonly team: string;
}

/** A rule as it is typed. Terms of holding are kept while another decision is chosen. */
export interface RuleForm {
  readonly id: string;
  readonly enabled: boolean;
  readonly decision: PolicyRule['decision'];
  readonly when: string;
  readonly reason: string;
  readonly team: string;
  readonly approvals: readonly ThresholdForm[];
  readonly denials: string;
  readonly ownerMayApprove: boolean;
  readonly editable: 'none' | 'some' | 'all';
  readonly editablePointers: string;
  readonly deadline: string;
  readonly atDeadline: HoldTerms['atDeadline'];
  readonly escalateAfter: string;
  readonly escalateTeam: string;
  readonly fallbackTeam: string;
  readonly reasonRequired: boolean;
  readonly mayRemember: boolean;
  readonly safeFields: string;
  readonly questionsTeam: string;
  readonly sampling: PolicyRule['sampling'];
}

export function formOf(rule: PolicyRule): RuleForm {
  const hold = rule.hold ?? usualTerms;
  const isAll = hold.editable.includes('');
  return {
    id: rule.id,
    enabled: rule.enabled,
    decision: rule.decision,
    when: rule.when,
    reason: rule.reason ?? '',
    team: hold.team ?? '',
    approvals: hold.approvals.map(({ count, role, team }) => ({
      count: String(count),
      who: role === 'admin' ? 'admins' : 'people',
      team: team ?? '',
    })),
    denials: String(hold.denials),
    ownerMayApprove: hold.ownerMayApprove,
    editable: isAll ? 'all' : hold.editable.length === 0 ? 'none' : 'some',
    editablePointers: hold.editable.filter((pointer) => pointer !== '').join('\n'),
    deadline: hold.deadlineMs === null ? '' : writeDurationText(hold.deadlineMs),
    atDeadline: hold.atDeadline,
    escalateAfter: hold.escalation === null ? '' : writeDurationText(hold.escalation.afterMs),
    escalateTeam: hold.escalation?.team ?? '',
    fallbackTeam: hold.fallbackTeam ?? '',
    reasonRequired: hold.reasonRequired,
    mayRemember: hold.mayRemember,
    safeFields: hold.safeFields.join('\n'),
    questionsTeam: rule.questionsTeam ?? '',
    sampling: rule.sampling,
  };
}

export type FormProblems = ReadonlyMap<RuleField, string>;

export interface ReadForm {
  /** Always whole, so that its condition can be checked: what cannot be read is as usual. */
  readonly rule: PolicyRule;
  readonly problems: FormProblems;
}

const mostPeople = 20;
const countProblem = `A whole number from 1 to ${mostPeople}.`;

/** Reads what is typed; `others` are the names of the other rules. */
export function readForm(form: RuleForm, others: readonly string[]): ReadForm {
  const problems = new Map<RuleField, string>();
  const name = nameProblem(form.id.trim(), others);
  if (name !== null) problems.set('id', name);
  if (form.when.trim() === '') problems.set('when', 'Say which calls it is for; true is for every call.');
  const isHold = form.decision === 'hold';
  const rule: PolicyRule = {
    id: form.id.trim(),
    decision: form.decision,
    when: form.when,
    enabled: form.enabled,
    reason: form.reason.trim() === '' ? null : form.reason.trim(),
    hold: isHold ? readTerms(form, problems) : null,
    questionsTeam: form.decision === 'deny' ? null : readTeamId(form.questionsTeam),
    sampling: form.decision === 'deny' ? 'person' : form.sampling,
  };
  return { rule, problems };
}

function readTerms(form: RuleForm, problems: Map<RuleField, string>): HoldTerms {
  const deadlineMs = readDuration(form.deadline, () =>
    problems.set('deadlineMs', 'A time such as 15m, 2h or 1d, at most 30 days; empty for the usual time.'),
  );
  const denials = readCount(form.denials);
  if (denials === null) problems.set('denials', countProblem);
  return {
    team: readTeamId(form.team),
    approvals: readApprovals(form.approvals, problems),
    denials: denials ?? usualTerms.denials,
    ownerMayApprove: form.ownerMayApprove,
    editable: readEditable(form, problems),
    deadlineMs,
    atDeadline: form.atDeadline,
    escalation: readEscalation(form, deadlineMs, problems),
    fallbackTeam: readTeamId(form.fallbackTeam),
    reasonRequired: form.reasonRequired,
    mayRemember: form.mayRemember,
    safeFields: readPointers(form.safeFields, (message) => problems.set('safeFields', message)),
  };
}

function readApprovals(approvals: readonly ThresholdForm[], problems: Map<RuleField, string>): readonly Threshold[] {
  const read = approvals.map(({ count, who, team }) => ({
    count: readCount(count),
    role: who === 'admins' ? ('admin' as const) : null,
    team: readTeamId(team),
  }));
  if (read.some(({ count }) => count === null)) problems.set('approvals', countProblem);
  const good = read.flatMap(({ count, ...rest }): readonly Threshold[] => (count === null ? [] : [{ ...rest, count }]));
  return good.length === 0 ? usualTerms.approvals : good;
}

function readEscalation(
  form: RuleForm,
  deadlineMs: number | null,
  problems: Map<RuleField, string>,
): HoldTerms['escalation'] {
  const team: TeamId | null = readTeamId(form.escalateTeam);
  if (form.escalateAfter.trim() === '' && team === null) return null;
  const afterMs = readDuration(form.escalateAfter, () => undefined);
  if (afterMs === null || team === null) {
    problems.set(
      'escalation',
      afterMs === null ? 'After which time? Such as 10m.' : 'Choose the team that is asked too.',
    );
    return null;
  }
  if (deadlineMs !== null && afterMs >= deadlineMs) problems.set('escalation', 'This must be before the deadline.');
  else if (form.escalateTeam === form.team) problems.set('escalation', 'This team is asked from the beginning.');
  return { afterMs, team };
}

function readEditable(form: RuleForm, problems: Map<RuleField, string>): readonly string[] {
  if (form.editable === 'none') return [];
  if (form.editable === 'all') return [''];
  const pointers = readPointers(form.editablePointers, (message) => problems.set('editable', message));
  if (form.editablePointers.trim() === '') problems.set('editable', 'Give at least one, or choose none.');
  return pointers;
}

/** One pointer a line; the first that is none is told by its line. */
function readPointers(text: string, onProblem: (message: string) => void): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const wrong = lines.findIndex((line) => line !== '' && readPointer(line) === null);
  if (wrong >= 0)
    onProblem(`Line ${wrong + 1}: begin with a slash, such as /amount or /to/0; write ~1 for a slash in a name.`);
  return [...new Set(lines.filter((line) => line !== '' && readPointer(line) !== null))];
}

function readDuration(text: string, onProblem: () => void): number | null {
  if (text.trim() === '') return null;
  const durationMs = readDurationText(text);
  if (durationMs === null || durationMs < 1_000) onProblem();
  return durationMs;
}

function readCount(text: string): number | null {
  if (!/^\s*\d{1,2}\s*$/.test(text)) return null;
  const count = Number(text);
  return count >= 1 && count <= mostPeople ? count : null;
}

/** The field of the form a server's problem is about: `hold.escalation.afterMs` is the escalation's. */
export function fieldOf(path: string): RuleField | null {
  const name = /^(?:hold\.)?([A-Za-z]+)/.exec(path)?.[1] ?? '';
  return isRuleField(name) ? name : null;
}

const known: { readonly [F in RuleField]: true } = {
  id: true,
  enabled: true,
  decision: true,
  when: true,
  reason: true,
  team: true,
  approvals: true,
  denials: true,
  ownerMayApprove: true,
  editable: true,
  deadlineMs: true,
  atDeadline: true,
  escalation: true,
  fallbackTeam: true,
  reasonRequired: true,
  mayRemember: true,
  safeFields: true,
  questionsTeam: true,
  sampling: true,
};

function isRuleField(name: string): name is RuleField {
  return Object.hasOwn(known, name);
}
