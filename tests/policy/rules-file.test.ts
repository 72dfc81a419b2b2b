import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import { type HoldTerms, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import { readRulesFile, writeRulesFile } from '@/server/policy/rules-file';
import { ruleOf } from './policy-samples';

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constant('__proto__'),
);
const team = text as fc.Arbitrary<string> as fc.Arbitrary<TeamId>;
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });

const hold: fc.Arbitrary<HoldTerms> = fc.record({
  team: optional(team),
  approvals: fc.array(
    fc.record({ count: fc.integer(), role: fc.constantFrom('admin' as const, null), team: optional(team) }),
  ),
  denials: fc.integer(),
  ownerMayApprove: fc.boolean(),
  editable: fc.array(text),
  deadlineMs: optional(fc.nat()),
  atDeadline: fc.constantFrom('deny', 'allow'),
  escalation: optional(fc.record({ afterMs: fc.nat(), team })),
  fallbackTeam: optional(team),
  reasonRequired: fc.boolean(),
  mayRemember: fc.boolean(),
  safeFields: fc.array(text),
});

const rule: fc.Arbitrary<PolicyRule> = fc.record({
  id: text,
  decision: fc.constantFrom('allow', 'hold', 'deny'),
  when: text,
  enabled: fc.boolean(),
  reason: optional(text),
  hold: optional(hold),
  questionsTeam: optional(team),
  sampling: fc.constantFrom('person', 'model'),
});

describe('a file of rules', () => {
  test('reads back exactly what was written', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        const written = writeRulesFile(rules);
        expect(readRulesFile(written)).toEqual({ ok: true, rules });
        expect(writeRulesFile(rules)).toBe(written);
      }),
      { numRuns: 1_000, seed: 20_261_122 },
    );
  });

  test('may have comments, trailing commas, and leave out what is usual', () => {
    const read = readRulesFile(`\uFEFF{
      // the rules of payments
      "version": 1,
      "rules": [
        { "id": "pay", "decision": "hold", "when": "args.amount > 100", /* two of them */
          "hold": { "approvals": [{ "count": 2, "team": "payments" }, { "count": 1, "role": "admin" }], "deadlineMs": 900000 } },
        { "id": "rest", "decision": "allow", "when": "true", },
      ],
    }`);
    const approvals = [
      { count: 2, role: null, team: 'payments' as TeamId },
      { count: 1, role: 'admin' as const, team: null },
    ];
    const pay = { id: 'pay', hold: { ...usualTerms, approvals, deadlineMs: 900_000 } };
    expect(read).toEqual({
      ok: true,
      rules: [ruleOf('args.amount > 100', pay), ruleOf('true', { id: 'rest', decision: 'allow' })],
    });
  });

  const wrap = (fields: string): string =>
    `{ "version": 1,\n "rules": [\n { "id": "a", "when": "true", ${fields} } ] }`;

  test.each([
    ['', 'The file is empty.', null, null],
    ['{ "version": 1, "rules": [', '"]" is missing', null, 1],
    ['[]', 'found a list', null, 1],
    ['{ "rules": [] }', '"version": 1 is missing', null, 1],
    ['{ "version": 2, "rules": [] }', 'Only version 1', null, 1],
    ['{ "version": 1 }', '"rules" is missing', null, 1],
    ['{ "version": 1, "rulez": [], "rules": [] }', 'Did you mean "rules"?', null, 1],
    ['{ "version": 1,\n "rules": {} }', 'Expected a list of rules, found an object.', null, 2],
    ['{ "version": 1,\n "rules": [1] }', 'Expected a rule', null, 2],
    [wrap(''), '"decision" is missing.', 'a', 3],
    [wrap('"decision": "hlod"'), 'Did you mean "hold"?', 'a', 3],
    [wrap('"decision": "hold", "resaon": "x"'), 'Did you mean "reason"?', 'a', 3],
    [wrap('"decision": "hold", "id": "b"'), '"id" is here twice.', 'a', 3],
    [wrap('"decision": "hold", "enabled": 1'), 'Expected true or false, found a number.', 'a', 3],
    [wrap('"decision": "hold",\n "hold": { "escalation": { "afterMs": 5 } }'), '"team" is missing.', 'a', 4],
    [wrap('"decision": "hold",\n "hold": { "aprovals": [] }'), 'Did you mean "approvals"?', 'a', 4],
    [wrap('"decision": "hold",\n "hold": { "approvals": [{ "count": "2" }] }'), 'Expected a number', 'a', 4],
    [
      wrap('"decision": "hold",\n "hold": { "approvals": [{ "count": 2, "role": "boss" }] }'),
      '"admin" or null',
      'a',
      4,
    ],
    [wrap('"decision": "hold",\n "hold": { "editable": [1] }'), 'Expected a text', 'a', 4],
    [wrap('"decision": "hold", "__proto__": 1'), 'not known', 'a', 3],
    ['['.repeat(200_000), 'nested too deep', null, null],
  ])('refuses %j', (file, message, ...[about, line]) => {
    const read = readRulesFile(file);
    const problems = read.ok ? [] : read.problems;
    expect(problems).toContainEqual({ message: expect.stringContaining(message), rule: about, line });
  });
});
