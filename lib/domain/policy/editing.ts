import { canonicalJson, type Json } from '../json';
import { type HoldTerms, type PolicyRule, usualTerms } from './rule';
import { type RuleField, ruleFields, termFields } from './words';

/** Rules being edited, and what they were made from. */
export interface RulesDraft {
  readonly base: { readonly version: number; readonly rules: readonly PolicyRule[] };
  readonly rules: readonly PolicyRule[];
}

/** One difference between two lists of rules. Places count from 1. */
export type RuleChange =
  | { readonly kind: 'added'; readonly rule: PolicyRule; readonly place: number }
  | { readonly kind: 'removed'; readonly rule: PolicyRule; readonly place: number }
  | {
      readonly kind: 'changed';
      readonly before: PolicyRule;
      readonly after: PolicyRule;
      readonly fields: readonly RuleField[];
      readonly moved: RuleMove | null;
    }
  | { readonly kind: 'moved'; readonly rule: PolicyRule; readonly moved: RuleMove };

export interface RuleMove {
  readonly from: number;
  readonly to: number;
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a as Json) === canonicalJson(b as Json);

/** A rule that does nothing until it is given a condition. */
export function freshRule(id: string): PolicyRule {
  return {
    id,
    decision: 'hold',
    when: '',
    enabled: true,
    reason: null,
    hold: usualTerms,
    questionsTeam: null,
    sampling: 'person',
  };
}

/** A name no rule has: `prod-writes-2`. */
export function freeName(wanted: string, rules: readonly PolicyRule[]): string {
  const taken = new Set(rules.map(({ id }) => id));
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/-\d+$/, '').slice(0, 59);
  let count = 2;
  while (taken.has(`${stem}-${count}`)) count += 1;
  return `${stem}-${count}`;
}

/** Moves the rule at one index to another; the same list when nothing moves. */
export function moveRule(rules: readonly PolicyRule[], from: number, to: number): readonly PolicyRule[] {
  const rule = rules[from];
  if (rule === undefined || to < 0 || to >= rules.length || from === to) return rules;
  const rest = rules.toSpliced(from, 1);
  return rest.toSpliced(to, 0, rule);
}

/** A copy behind its original, switched off so that nothing changes until it is meant to. */
export function duplicateRule(rules: readonly PolicyRule[], id: string): readonly PolicyRule[] {
  const index = rules.findIndex((rule) => rule.id === id);
  const rule = rules[index];
  if (rule === undefined) return rules;
  return rules.toSpliced(index + 1, 0, { ...rule, id: freeName(id, rules), enabled: false });
}

/** The fields two rules differ in. Terms count only while the later one holds. */
export function changedFields(before: PolicyRule, after: PolicyRule): readonly RuleField[] {
  const fields: RuleField[] = ruleFields.filter((field) => !same(before[field], after[field]));
  if (after.hold === null) return fields;
  const terms = before.hold ?? usualTerms;
  const { hold } = after;
  return [...fields, ...termFields.filter((field) => !same(terms[field], hold[field]))];
}

/** What turns one list of rules into another. A rule that only got another name is one that changed. */
export function diffRules(before: readonly PolicyRule[], after: readonly PolicyRule[]): readonly RuleChange[] {
  const pairs = pairsOf(before, after);
  const staying = new Set(longestRising([...pairs].map(([to, from]) => ({ to, from }))));
  const kept = after.flatMap((rule, to): readonly RuleChange[] => {
    const from = pairs.get(to);
    const was = from === undefined ? undefined : before[from];
    if (from === undefined || was === undefined) return [{ kind: 'added', rule, place: to + 1 }];
    const moved = staying.has(to) ? null : { from: from + 1, to: to + 1 };
    const fields = changedFields(was, rule);
    if (fields.length > 0) return [{ kind: 'changed', before: was, after: rule, fields, moved }];
    return moved === null ? [] : [{ kind: 'moved', rule, moved }];
  });
  const stayed = new Set(pairs.values());
  const removed = before.flatMap((rule, from): readonly RuleChange[] =>
    stayed.has(from) ? [] : [{ kind: 'removed', rule, place: from + 1 }],
  );
  return [...kept, ...removed];
}

/** Index after → index before: by name, then what is left by equal content. In the order of `after`. */
function pairsOf(before: readonly PolicyRule[], after: readonly PolicyRule[]): ReadonlyMap<number, number> {
  const byName = new Map(before.map(({ id }, index) => [id, index]));
  const free = new Map<string, number>();
  const names = new Set(after.map(({ id }) => id));
  before.forEach((rule, index) => {
    if (!names.has(rule.id)) free.set(contentOf(rule), index);
  });
  const pairs = new Map<number, number>();
  after.forEach((rule, to) => {
    const content = contentOf(rule);
    const from = byName.get(rule.id) ?? free.get(content);
    if (from === undefined) return;
    if (!byName.has(rule.id)) free.delete(content);
    pairs.set(to, from);
  });
  return pairs;
}

function contentOf(rule: PolicyRule): string {
  return canonicalJson({ ...rule, id: '' } as unknown as Json);
}

/** The `to` of the longest run of pairs that keep their order: the rest is what moved. */
function longestRising(pairs: readonly { readonly to: number; readonly from: number }[]): readonly number[] {
  const best: { readonly length: number; readonly previous: number }[] = [];
  pairs.forEach(({ from }, index) => {
    let previous = -1;
    for (let earlier = 0; earlier < index; earlier += 1) {
      const pair = pairs[earlier];
      if (pair !== undefined && pair.from < from && lengthAt(best, earlier) > lengthAt(best, previous)) {
        previous = earlier;
      }
    }
    best.push({ length: lengthAt(best, previous) + 1, previous });
  });
  let at = best.reduce((longest, { length }, index) => (length > lengthAt(best, longest) ? index : longest), -1);
  const run: number[] = [];
  for (; at >= 0; at = best[at]?.previous ?? -1) run.push(pairs[at]?.to ?? 0);
  return run;
}

function lengthAt(best: readonly { readonly length: number }[], index: number): number {
  return best[index]?.length ?? 0;
}

export interface Merged {
  readonly rules: readonly PolicyRule[];
  /** Rules both sides changed, where ours was kept. */
  readonly clashes: readonly string[];
}

/** Our changes on top of what someone else saved: field by field, ours where both changed the same. */
export function mergeOnTop({ base, rules: mine }: RulesDraft, theirs: readonly PolicyRule[]): Merged {
  const was = new Map(base.rules.map((rule) => [rule.id, rule]));
  const is = new Map(mine.map((rule) => [rule.id, rule]));
  const clashes: string[] = [];
  const kept = theirs.flatMap((their): readonly PolicyRule[] => {
    const old = was.get(their.id);
    const our = is.get(their.id);
    if (our === undefined) {
      if (old === undefined) return [their];
      if (!same(old, their)) clashes.push(their.id);
      return [];
    }
    if (old !== undefined && same(old, our)) return [their];
    const merged = mergeRule(old ?? null, our, their);
    if (merged.clash) clashes.push(their.id);
    return [merged.rule];
  });
  const present = new Set(theirs.map(({ id }) => id));
  const movedByUs = new Set(
    diffRules(base.rules, mine).flatMap((change) => {
      if (change.kind === 'moved') return [change.rule.id];
      return change.kind === 'changed' && change.moved !== null ? [change.after.id] : [];
    }),
  );
  let rules: readonly PolicyRule[] = kept;
  mine.forEach((rule, index) => {
    const old = was.get(rule.id);
    const isGone = !present.has(rule.id);
    if (isGone && old !== undefined) {
      if (same(old, rule)) return;
      clashes.push(rule.id);
    }
    if (isGone || movedByUs.has(rule.id)) rules = placedAfter(rules, rule, mine.slice(0, index));
  });
  return { rules, clashes };
}

/** Puts a rule behind the nearest of those it stood behind, with its content as `rules` has it. */
function placedAfter(
  rules: readonly PolicyRule[],
  rule: PolicyRule,
  ahead: readonly PolicyRule[],
): readonly PolicyRule[] {
  const content = rules.find(({ id }) => id === rule.id) ?? rule;
  const rest = rules.filter(({ id }) => id !== rule.id);
  const neighbour = ahead.findLast(({ id }) => rest.some((other) => other.id === id));
  const index = neighbour === undefined ? 0 : rest.findIndex(({ id }) => id === neighbour.id) + 1;
  return rest.toSpliced(index, 0, content);
}

function mergeRule(
  old: PolicyRule | null,
  our: PolicyRule,
  their: PolicyRule,
): { readonly rule: PolicyRule; readonly clash: boolean } {
  if (old === null) return { rule: our, clash: !same(our, their) };
  const ours = changedFields(old, our);
  const theirFields = changedFields(old, their);
  const clash = ours.some((field) => theirFields.includes(field));
  const top: readonly RuleField[] = ruleFields;
  const picked = Object.fromEntries(
    ours.filter((field) => top.includes(field)).map((field) => [field, our[field as 'id']]),
  );
  const rule: PolicyRule = { ...their, ...picked };
  const terms = mergeTerms(ours, our.hold, their.hold);
  return { rule: { ...rule, hold: rule.decision === 'hold' ? terms : null }, clash };
}

function mergeTerms(ours: readonly RuleField[], our: HoldTerms | null, their: HoldTerms | null): HoldTerms {
  if (our === null || their === null) return our ?? their ?? usualTerms;
  const mine = Object.fromEntries(
    termFields.filter((field) => ours.includes(field)).map((field) => [field, our[field]]),
  );
  return { ...their, ...mine };
}
