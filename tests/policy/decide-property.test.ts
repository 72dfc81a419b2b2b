import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type PolicyVerdict, type RuleMatch } from '@/lib/domain/policy/decide';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { compileRules } from '@/server/policy/cel';
import { questionOf, ruleOf } from './policy-samples';

const seed = 20_261_122;

/** Some are true, some false, some fail, and some cannot even be compiled. */
const leaf = fc.constantFrom(
  'true',
  'false',
  'args.amount > 100',
  'args.amount == 1',
  'args.amount % 2 == 0',
  'has(args.tag)',
  'args.tag == "prod"',
  'args.tag.startsWith("p")',
  'args.list.exists(n, n > 2)',
  'args.list.all(n, n < args.amount)',
  'args.list[0] == args.amount',
  'args.on',
  'tool.name == "a"',
  'glob(tool.name, "*b*")',
  'server.trusted',
  'tool.readOnly',
  'tool.destructive',
  'agent.owner == ""',
  'args.missing',
  'tool.nmae == "a"',
  'args.amount >',
);

const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) && (${b})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) || (${b})`),
    tie('any').map((a) => `!(${a})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).any;

const rules: fc.Arbitrary<readonly PolicyRule[]> = fc
  .array(
    fc.record({
      when: expression,
      decision: fc.constantFrom('allow', 'allow', 'hold', 'deny'),
      enabled: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((each, index) => ruleOf(each.when, { ...each, id: `rule-${index}` })));

const args = fc.record(
  {
    amount: fc.oneof(fc.integer({ min: -5, max: 200 }), fc.double({ noNaN: true }), fc.constant('many')),
    tag: fc.constantFrom('prod', 'test', null, 7),
    list: fc.oneof(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), fc.constant('none')),
    on: fc.boolean(),
    missing: fc.boolean(),
  },
  { requiredKeys: [] },
);

const questions: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    args,
    name: fc.constantFrom('a', 'b', 'abc'),
    trusted: fc.boolean(),
    readOnlyHint: fc.boolean(),
    owner: fc.constantFrom(null, 'mira@example.com'),
  })
  .map(({ args: given, name, trusted, readOnlyHint, owner }) =>
    questionOf(given, {
      server: { name: 's', trusted },
      tool: { name, title: '', description: '', annotations: { readOnlyHint } },
      agent: { name: 'agent', owner },
    }),
  );

function verdictOf(list: readonly PolicyRule[], question: PolicyQuestion): PolicyVerdict {
  const compiled = compileRules(list);
  return decide(list, question, (rule, asked) => compiled.match(rule, asked));
}

/** Each rule by itself, as if it were the only one. */
function matchesOf(list: readonly PolicyRule[], question: PolicyQuestion): readonly RuleMatch[] {
  return list.map((rule) => (rule.enabled ? compileRules([rule]).match(rule, question) : 'no'));
}

describe('for any rules and any call', () => {
  const seen = new Set<string>();

  test('I6: a matching deny wins wherever it stands, and no failure leads to allow', () => {
    fc.assert(
      fc.property(rules, questions, (list, question) => {
        const matches = matchesOf(list, question);
        const { decision, rule } = verdictOf(list, question);
        const denied = list.some((each, index) => each.decision === 'deny' && matches[index] === 'yes');
        const first = matches.indexOf('yes');
        const failed = list.some((each, index) => {
          const isBefore = first === -1 || index < first;
          return typeof matches[index] === 'object' && (each.decision === 'deny' || isBefore);
        });
        const byDefault = question.server.trusted && question.tool.annotations.readOnlyHint === true ? 'allow' : 'hold';
        const undisturbed = list[first]?.decision ?? byDefault;
        const expected = denied ? 'deny' : failed ? 'hold' : undisturbed;
        seen.add(`${denied ? 'denied' : failed ? 'failed' : 'decided'} ${undisturbed}`);
        expect(decision).toBe(expected);
        const isDecided = !denied && !failed && first !== -1;
        expect(isDecided ? rule.id : '').toBe(isDecided ? list[first]?.id : '');
      }),
      { numRuns: 4_000, seed },
    );
    // The runs reached what the property speaks of: otherwise it would say nothing.
    expect([...seen]).toEqual(
      expect.arrayContaining(['denied allow', 'failed allow', 'failed hold', 'decided allow', 'decided hold']),
    );
  });

  test('I6: a deny put in anywhere denies what it matches', () => {
    fc.assert(
      fc.property(rules, questions, fc.nat(8), (list, question, place) => {
        const deny = ruleOf('true', { id: 'deny-all', decision: 'deny' });
        const { decision } = verdictOf([...list.slice(0, place), deny, ...list.slice(place)], question);
        expect(decision).toBe('deny');
      }),
      { numRuns: 2_000, seed },
    );
  });

  test('the same question is decided the same way every time', () => {
    fc.assert(
      fc.property(rules, questions, (list, question) => {
        const compiled = compileRules(list);
        const ask = (): PolicyVerdict => decide(list, question, (rule, asked) => compiled.match(rule, asked));
        expect(ask()).toEqual(ask());
      }),
      { numRuns: 500, seed },
    );
  });
});
