import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { RulesDraft } from '@/lib/domain/policy/editing';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { formOf, type RuleForm } from './rule-form';

const key = 'holdpoint.rules-draft';

/** One rule being typed: `id` is its name in the draft, null for a new one, which goes to the place of that index. */
export interface OpenRule {
  readonly id: string | null;
  readonly index: number;
  readonly form: RuleForm;
}

export interface KeptRules {
  readonly draft: RulesDraft | null;
  readonly open: OpenRule | null;
}

const nothing: KeptRules = { draft: null, open: null };

/** Keeps what is edited in this tab, for one person. */
export function keepRules(person: string, kept: KeptRules): void {
  try {
    if (kept.draft === null && kept.open === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ person, ...kept }));
  } catch {
    // Forbidden, or the room is used up: the draft lasts as long as the page.
    return;
  }
}

/** What was kept for this person; anything that is not a draft is left aside, for storage can hold anything. */
export function keptRules(person: string): KeptRules {
  const value = stored();
  if (!isJsonObject(value) || value.person !== person) return nothing;
  const draft = readDraft(value.draft ?? null);
  return { draft, open: readOpen(value.open ?? null) };
}

function stored(): Json {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

function readDraft(value: Json): RulesDraft | null {
  if (!isJsonObject(value) || !isJsonObject(value.base) || typeof value.base.version !== 'number') return null;
  const base = readRules(value.base.rules ?? null);
  const rules = readRules(value.rules ?? null);
  return base === null || rules === null ? null : { base: { version: value.base.version, rules: base }, rules };
}

function readRules(value: Json): readonly PolicyRule[] | null {
  if (!Array.isArray(value)) return null;
  const rules = value as readonly Json[];
  return rules.every(isRule) ? (rules as unknown as readonly PolicyRule[]) : null;
}

const ruleShape = { id: 'string', when: 'string', enabled: 'boolean', sampling: 'string' };
const termsShape = {
  denials: 'number',
  ownerMayApprove: 'boolean',
  atDeadline: 'string',
  reasonRequired: 'boolean',
  mayRemember: 'boolean',
};

function isRule(value: Json): boolean {
  if (!isJsonObject(value) || !hasShape(value, ruleShape)) return false;
  if (!['allow', 'hold', 'deny'].some((decision) => decision === value.decision)) return false;
  const hold = value.hold ?? null;
  if (hold === null) return value.hold === null;
  if (!isJsonObject(hold) || !hasShape(hold, termsShape)) return false;
  const lists = [hold.editable, hold.safeFields].every((list) => Array.isArray(list));
  const approvals = hold.approvals as readonly Json[];
  return (
    lists &&
    Array.isArray(approvals) &&
    approvals.every((one) => isJsonObject(one) && hasShape(one, { count: 'number' }))
  );
}

function hasShape(value: JsonObject, shape: { readonly [field: string]: string }): boolean {
  return Object.entries(shape).every(([field, type]) => typeof value[field] === type);
}

function readOpen(value: Json): OpenRule | null {
  if (!isJsonObject(value) || !isJsonObject(value.form) || typeof value.index !== 'number') return null;
  if (value.id !== null && typeof value.id !== 'string') return null;
  const { form } = value;
  const empty = formOf(emptyRule);
  const isForm = Object.entries(empty).every(([field, like]) =>
    Array.isArray(like) ? isApprovals(form[field]) : typeof form[field] === typeof like,
  );
  return isForm ? { id: value.id, index: value.index, form: form as unknown as RuleForm } : null;
}

function isApprovals(value: Json | undefined): boolean {
  if (!Array.isArray(value)) return false;
  return value.every(
    (one: Json) => isJsonObject(one) && hasShape(one, { count: 'string', who: 'string', team: 'string' }),
  );
}

const emptyRule: PolicyRule = {
  id: '',
  decision: 'hold',
  when: '',
  enabled: true,
  reason: null,
  hold: null,
  questionsTeam: null,
  sampling: 'person',
};
