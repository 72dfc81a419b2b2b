import { defaultRuleIds } from '@/lib/domain/policy/decide';
import { expressionOf, type RuleConditions } from '@/lib/domain/policy/expression-of';
import { matchesGlob } from '@/lib/domain/policy/glob';
import { type PolicyDecision, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import type { ConfigSource, Entry, Property } from './config-source';
import { didYouMean } from '@/lib/domain/did-you-mean';
import { durationSetting } from './setting';

type Annotations = RuleConditions['annotations'];

const known = ['id', 'decision', 'when', 'server', 'tool', 'annotations', 'reason', 'deadline'];
const decisions: readonly PolicyDecision[] = ['allow', 'hold', 'deny'];
const marks = ['readOnly', 'destructive', 'idempotent'] as const;

/** The rules in their order, which matters; `servers` are the names a rule may speak of. */
export function readRules(
  source: ConfigSource,
  property: Property | undefined,
  servers: readonly string[],
): readonly PolicyRule[] {
  if (property === undefined) return [];
  const rules: PolicyRule[] = [];
  for (const [index, item] of (source.items(property, 'a list of rules') ?? []).entries()) {
    const rule = readRule(source, { item, servers, fallbackId: `rule-${index + 1}` });
    if (rule === null) continue;
    if (rules.some((earlier) => earlier.id === rule.id))
      source.report(item, `another rule is already called "${rule.id}".`);
    rules.push(rule);
  }
  return rules;
}

interface RuleReading {
  readonly item: Entry;
  readonly servers: readonly string[];
  readonly fallbackId: string;
}

function readRule(source: ConfigSource, reading: RuleReading): PolicyRule | null {
  const fields = source.record(reading.item, {
    known,
    expected: 'a rule, such as { "decision": "hold", "tool": "delete_*" }',
  });
  if (fields === null) return null;
  const id = fields.get('id');
  const deadline = fields.get('deadline');
  const decision = readDecision(source, reading.item, fields.get('decision'));
  if (deadline !== undefined && decision !== null && decision !== 'hold') {
    source.reportName(deadline, 'only a rule with "decision": "hold" has a deadline.');
  }
  const conditions: RuleConditions = {
    server: readServerGlob(source, fields.get('server'), reading.servers),
    tool: readGlob(source, fields.get('tool')),
    annotations: readAnnotations(source, fields.get('annotations')),
  };
  const deadlineMs = deadline === undefined ? null : durationSetting(source, deadline);
  const rule = {
    id: id === undefined ? reading.fallbackId : readId(source, id),
    when: readWhen(source, fields, conditions),
    enabled: true,
    reason: readReason(source, fields.get('reason')),
    questionsTeam: null,
    sampling: 'person',
  } as const;
  if (decision === null) return null;
  return { ...rule, decision, hold: decision === 'hold' ? { ...usualTerms, deadlineMs } : null };
}

/** An expression, or the conditions it is an expression of; not both, for which would count? */
function readWhen(source: ConfigSource, fields: ReadonlyMap<string, Property>, conditions: RuleConditions): string {
  const when = fields.get('when');
  if (when === undefined) return expressionOf(conditions);
  const beside = ['server', 'tool', 'annotations'].find((name) => fields.has(name));
  if (beside !== undefined)
    source.report(when, `expected either "when" or "${beside}", found both. Put it all into the expression.`);
  return source.text(when, 'a CEL expression, such as "args.amount > 100"') ?? 'false';
}

function readDecision(source: ConfigSource, item: Entry, property: Property | undefined): PolicyDecision | null {
  if (property === undefined) {
    source.report(item, 'a rule needs "decision": "allow", "hold" or "deny".');
    return null;
  }
  const text = source.text(property, '"allow", "hold" or "deny"');
  if (text === null) return null;
  const decision = decisions.find((candidate) => candidate === text);
  if (decision === undefined)
    source.report(property, `expected "allow", "hold" or "deny", found "${text}".${didYouMean(text, decisions)}`);
  return decision ?? null;
}

function readId(source: ConfigSource, property: Property): string {
  const id = source.text(property, 'a short name') ?? '';
  if (id !== '' && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(id)) {
    source.report(
      property,
      'a rule is called by 1 to 64 letters, digits, "-", "_" or ".", beginning with a letter or digit.',
    );
  }
  if (Object.values(defaultRuleIds).some((own) => own === id))
    source.report(property, `"${id}" is the name of a rule that is always there.`);
  return id;
}

function readGlob(source: ConfigSource, property: Property | undefined): string | null {
  if (property === undefined) return null;
  const glob = source.text(property, 'a name, in which "*" stands for any characters');
  if (glob === '') source.report(property, 'an empty name matches nothing. Leave the key out to match all.');
  return glob;
}

/** A rule that speaks of no configured server is most likely a typing error, and a `deny` that does nothing. */
function readServerGlob(
  source: ConfigSource,
  property: Property | undefined,
  servers: readonly string[],
): string | null {
  const glob = readGlob(source, property);
  if (property === undefined || glob === null || glob === '' || servers.length === 0) return glob;
  if (servers.some((server) => matchesGlob(glob, server))) return glob;
  const hint = didYouMean(glob, servers);
  source.report(property, `no server is called "${glob}".${hint === '' ? ` There are: ${servers.join(', ')}.` : hint}`);
  return glob;
}

function readAnnotations(source: ConfigSource, property: Property | undefined): Annotations {
  const shape = { known: marks, expected: `an object with ${marks.join(', ')}` };
  const fields = property === undefined ? null : source.record(property, shape);
  const found: { readOnly?: boolean; destructive?: boolean; idempotent?: boolean } = {};
  for (const mark of marks) {
    const field = fields?.get(mark);
    const value = field === undefined ? null : source.truth(field);
    if (value !== null) found[mark] = value;
  }
  return found;
}

function readReason(source: ConfigSource, property: Property | undefined): string | null {
  if (property === undefined) return null;
  const reason = source.text(property, 'a sentence');
  if (reason !== null && reason.length > 500) source.report(property, 'a reason has at most 500 characters.');
  return reason;
}
