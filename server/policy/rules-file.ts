import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { TeamId } from '@/lib/domain/ids';
import { type HoldTerms, type PolicyRule, type Threshold, usualTerms } from '@/lib/domain/policy/rule';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { kindOf, type RulesFileProblem, RulesFileSource } from './rules-file-source';

export type RulesFileReading =
  | { readonly ok: true; readonly rules: readonly PolicyRule[] }
  | { readonly ok: false; readonly problems: readonly RulesFileProblem[] };

export const rulesFileVersion = 1;

/** The rules of a file, in their order; whether they can be saved is for `checkRules` to say. */
export function readRulesFile(text: string): RulesFileReading {
  const source = new RulesFileSource(text);
  const root = source.root();
  const rules = root === null ? [] : readRoot(source, root);
  return source.problems.length === 0 ? { ok: true, rules } : { ok: false, problems: source.problems };
}

/** The same rules give the same text, and reading it gives the same rules. */
export function writeRulesFile(rules: readonly PolicyRule[]): string {
  return `${JSON.stringify({ version: rulesFileVersion, rules: rules.map(ruleOut) }, null, 2)}\n`;
}

function ruleOut(rule: PolicyRule): PolicyRule {
  const { id, decision, when, enabled, reason, hold, questionsTeam, sampling } = rule;
  return { id, decision, when, enabled, reason, hold: hold === null ? null : holdOut(hold), questionsTeam, sampling };
}

function holdOut(hold: HoldTerms): HoldTerms {
  const { escalation } = hold;
  return {
    team: hold.team,
    approvals: hold.approvals.map(({ count, role, team }) => ({ count, role, team })),
    denials: hold.denials,
    ownerMayApprove: hold.ownerMayApprove,
    editable: hold.editable,
    deadlineMs: hold.deadlineMs,
    atDeadline: hold.atDeadline,
    escalation: escalation === null ? null : { afterMs: escalation.afterMs, team: escalation.team },
    fallbackTeam: hold.fallbackTeam,
    reasonRequired: hold.reasonRequired,
    mayRemember: hold.mayRemember,
    safeFields: hold.safeFields,
  };
}

function readRoot(source: RulesFileSource, root: Node): readonly PolicyRule[] {
  const fields = source.record(root, ['version', 'rules'], '{ "version": 1, "rules": [ … ] }');
  if (fields === null) return [];
  const version = fields.get('version');
  if (version === undefined) source.report(root, `"version": ${rulesFileVersion} is missing.`);
  else if (version.value !== rulesFileVersion) source.report(version, `only version ${rulesFileVersion} can be read.`);
  const rules = fields.get('rules');
  if (rules === undefined) {
    source.report(root, '"rules" is missing.');
    return [];
  }
  const read = (source.items(rules, 'a list of rules') ?? []).map((item) => readRule(source, item));
  return read.filter((rule) => rule !== null);
}

const ruleKeys = ['id', 'decision', 'when', 'enabled', 'reason', 'hold', 'questionsTeam', 'sampling'];
const holdKeys = Object.keys(usualTerms);

function readRule(source: RulesFileSource, node: Node): PolicyRule | null {
  const id: unknown = node.type === 'object' ? findNodeAtLocation(node, ['id'])?.value : null;
  source.rule = typeof id === 'string' ? id : null;
  const record = source.record(node, ruleKeys, 'a rule, such as { "id": "…", "decision": "hold", "when": "…" }');
  if (record === null) return null;
  const fields = new Fields(source, node, record);
  const rule: PolicyRule = {
    id: fields.text('id', null),
    decision: fields.choice('decision', ['allow', 'hold', 'deny'], null),
    when: fields.text('when', null),
    enabled: fields.truth('enabled', true),
    reason: fields.textOrNull('reason'),
    hold: fields.orNull('hold', (value) => readHold(source, value)),
    questionsTeam: fields.textOrNull('questionsTeam') as TeamId | null,
    sampling: fields.choice('sampling', ['person', 'model'], 'person'),
  };
  source.rule = null;
  return rule;
}

function readHold(source: RulesFileSource, node: Node): HoldTerms | null {
  const record = source.record(node, holdKeys, 'an object, or null');
  if (record === null) return null;
  const fields = new Fields(source, node, record);
  return {
    team: fields.textOrNull('team') as TeamId | null,
    approvals: fields.list('approvals', (item) => readThreshold(source, item), usualTerms.approvals),
    denials: fields.number('denials', usualTerms.denials),
    ownerMayApprove: fields.truth('ownerMayApprove', usualTerms.ownerMayApprove),
    editable: fields.list('editable', (item) => readText(source, item), usualTerms.editable),
    deadlineMs: fields.orNull('deadlineMs', (value) => readNumber(source, value)),
    atDeadline: fields.choice('atDeadline', ['deny', 'allow'], usualTerms.atDeadline),
    escalation: fields.orNull('escalation', (value) => readEscalation(source, value)),
    fallbackTeam: fields.textOrNull('fallbackTeam') as TeamId | null,
    reasonRequired: fields.truth('reasonRequired', usualTerms.reasonRequired),
    mayRemember: fields.truth('mayRemember', usualTerms.mayRemember),
    safeFields: fields.list('safeFields', (item) => readText(source, item), usualTerms.safeFields),
  };
}

function readThreshold(source: RulesFileSource, node: Node): Threshold | null {
  const record = source.record(node, ['count', 'role', 'team'], 'an object such as { "count": 2 }');
  if (record === null) return null;
  const fields = new Fields(source, node, record);
  return {
    count: fields.number('count', null),
    role: fields.orNull('role', (value) => {
      if (value.value === 'admin') return 'admin';
      source.report(value, 'expected "admin" or null.');
      return null;
    }),
    team: fields.textOrNull('team') as TeamId | null,
  };
}

function readEscalation(source: RulesFileSource, node: Node): HoldTerms['escalation'] {
  const record = source.record(node, ['afterMs', 'team'], 'an object such as { "afterMs": 300000, "team": "…" }');
  if (record === null) return null;
  const fields = new Fields(source, node, record);
  return { afterMs: fields.number('afterMs', null), team: fields.text('team', null) as TeamId };
}

function readText(source: RulesFileSource, node: Node): string | null {
  if (typeof node.value === 'string') return node.value;
  source.report(node, `expected a text, found ${kindOf(node)}.`);
  return null;
}

function readNumber(source: RulesFileSource, node: Node): number | null {
  if (typeof node.value === 'number') return node.value;
  source.report(node, `expected a number, found ${kindOf(node)}.`);
  return null;
}

/** The fields of one object. One that is missing has its usual value, or is noted where there is none (null). */
class Fields {
  readonly #source: RulesFileSource;
  readonly #node: Node;
  readonly #record: ReadonlyMap<string, Node>;

  constructor(source: RulesFileSource, node: Node, record: ReadonlyMap<string, Node>) {
    this.#source = source;
    this.#node = node;
    this.#record = record;
  }

  text(key: string, usual: string | null): string {
    return this.#read(key, usual, (node) => readText(this.#source, node)) ?? '';
  }

  number(key: string, usual: number | null): number {
    return this.#read(key, usual, (node) => readNumber(this.#source, node)) ?? 0;
  }

  truth(key: string, usual: boolean): boolean {
    const read = (node: Node): boolean | null => {
      if (typeof node.value === 'boolean') return node.value;
      this.#source.report(node, `expected true or false, found ${kindOf(node)}.`);
      return null;
    };
    return this.#read(key, usual, read) ?? usual;
  }

  choice<T extends string>(key: string, choices: readonly [T, ...T[]], usual: T | null): T {
    const read = (node: Node): T | null => {
      const found = choices.find((choice) => choice === node.value);
      if (found !== undefined) return found;
      const hint = typeof node.value === 'string' ? didYouMean(node.value, choices) : '';
      this.#source.report(node, `expected ${choices.map((choice) => `"${choice}"`).join(' or ')}.${hint}`);
      return null;
    };
    return this.#read(key, usual, read) ?? choices[0];
  }

  textOrNull(key: string): string | null {
    return this.orNull(key, (node) => readText(this.#source, node));
  }

  orNull<T>(key: string, read: (node: Node) => T | null): T | null {
    const node = this.#record.get(key);
    return node === undefined || node.type === 'null' ? null : read(node);
  }

  list<T>(key: string, read: (node: Node) => T | null, usual: readonly T[]): readonly T[] {
    const node = this.#record.get(key);
    if (node === undefined) return usual;
    return (this.#source.items(node, 'a list') ?? []).map(read).filter((item): item is T & {} => item !== null);
  }

  #read<T>(key: string, usual: T | null, read: (node: Node) => T | null): T | null {
    const node = this.#record.get(key);
    if (node !== undefined) return read(node);
    if (usual === null) this.#source.report(this.#node, `"${key}" is missing.`);
    return usual;
  }
}
