import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import { decide, type PolicyVerdict, type RuleMatch } from '@/lib/domain/policy/decide';
import type { RuleConditions } from '@/lib/domain/policy/expression-of';
import { matchesGlob } from '@/lib/domain/policy/glob';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import { type HoldTerms, type PolicyDecision, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import type { ToolAnnotations } from '@/lib/domain/tool';
import { ruleOf as wholeRule, TestPolicy } from '@/tests/support/desk';

type RuleMore = Omit<Parameters<typeof wholeRule>[0], 'decision'>;

function ruleOf(decision: PolicyDecision, more: RuleMore = {}): PolicyRule {
  return wholeRule({ id: 'r', ...more, decision });
}

interface Asked {
  readonly server?: string;
  readonly trusted?: boolean;
  readonly tool?: string;
  readonly annotations?: ToolAnnotations;
}

function questionOf({
  server = 'files',
  trusted = true,
  tool = 'write_file',
  annotations = {},
}: Asked = {}): PolicyQuestion {
  return {
    server: { name: server, trusted },
    tool: { name: tool, title: tool, description: '', annotations },
    agent: { name: 'night-shift', owner: null },
    session: { client: null, scope: null },
    args: {},
  };
}

/** With the rules' expressions evaluated as they are in the product. */
function verdict(rules: readonly PolicyRule[], question: PolicyQuestion = questionOf()): PolicyVerdict {
  return new TestPolicy(rules).decide(question);
}

describe('the default', () => {
  const cases: readonly (readonly [string, boolean, ToolAnnotations, PolicyDecision, string])[] = [
    ['read-only on a trusted server', true, { readOnlyHint: true }, 'allow', 'default-allow'],
    ['read-only on another server', false, { readOnlyHint: true }, 'hold', 'default-hold'],
    ['a writing tool of a trusted server', true, { readOnlyHint: false }, 'hold', 'default-hold'],
    ['a tool that says nothing', true, {}, 'hold', 'default-hold'],
    ['a harmless writer', true, { destructiveHint: false, idempotentHint: true }, 'hold', 'default-hold'],
    ['nothing known at all', false, {}, 'hold', 'default-hold'],
  ];
  it.each(cases)('%s', (...[, trusted, annotations, decision, id]) => {
    expect(verdict([], questionOf({ trusted, annotations }))).toEqual({
      decision,
      rule: { id, words: expect.any(String) },
      terms: decision === 'hold' ? usualTerms : null,
      questionsTeam: null,
      sampling: 'person',
    });
  });
});

describe('a rule', () => {
  const cases: readonly (readonly [string, Partial<RuleConditions>, Asked, boolean])[] = [
    ['without conditions', {}, {}, true],
    ['of the server', { server: 'files' }, {}, true],
    ['of another server', { server: 'mail' }, {}, false],
    ['of servers by pattern', { server: 'f*s' }, {}, true],
    ['of the tool by pattern', { tool: 'write_*' }, {}, true],
    ['of another tool', { tool: 'read_*' }, {}, false],
    ['of tool and server, one of them wrong', { tool: 'write_*', server: 'mail' }, {}, false],
    ['in another case', { tool: 'WRITE_FILE' }, {}, false],
    ['of read-only tools', { annotations: { readOnly: true } }, { annotations: { readOnlyHint: true } }, true],
    ['of tools that are not read-only', { annotations: { readOnly: false } }, {}, true],
    ['of destructive tools, by MCP’s default', { annotations: { destructive: true } }, {}, true],
    [
      'of destructive tools, which it says it is not',
      { annotations: { destructive: true } },
      { annotations: { destructiveHint: false } },
      false,
    ],
    [
      'of destructive tools, and it only reads',
      { annotations: { destructive: true } },
      { annotations: { readOnlyHint: true } },
      false,
    ],
    ['of harmless tools', { annotations: { destructive: false } }, { annotations: { destructiveHint: false } }, true],
    ['of idempotent tools', { annotations: { idempotent: true } }, { annotations: { idempotentHint: true } }, true],
    ['of idempotent tools, and it says nothing', { annotations: { idempotent: true } }, {}, false],
    ['of tools that are not idempotent', { annotations: { idempotent: false } }, {}, true],
    [
      'of read-only tools, claimed by a server without trust',
      { annotations: { readOnly: true } },
      { trusted: false, annotations: { readOnlyHint: true } },
      false,
    ],
    [
      'of idempotent tools, claimed by a server without trust',
      { annotations: { idempotent: true } },
      { trusted: false, annotations: { idempotentHint: true } },
      false,
    ],
    [
      'of destructive tools, denied by a server without trust',
      { annotations: { destructive: true } },
      { trusted: false, annotations: { destructiveHint: false } },
      true,
    ],
  ];
  it.each(cases)('%s', (...[, rule, question, applies]) => {
    expect(verdict([ruleOf('allow', { id: 'mine', ...rule })], questionOf(question)).rule.id === 'mine').toBe(applies);
  });

  it('carries its reason and deadline, or words that name it', () => {
    expect(verdict([ruleOf('hold', { reason: 'Money moves.', deadlineMs: 5_000 })])).toEqual({
      decision: 'hold',
      rule: { id: 'r', words: 'Money moves.' },
      terms: { ...usualTerms, deadlineMs: 5_000 },
      questionsTeam: null,
      sampling: 'person',
    });
    for (const decision of ['allow', 'hold', 'deny'] as const) {
      expect(verdict([ruleOf(decision, { id: 'rule-7' })]).rule.words).toContain('rule-7');
    }
  });

  it('gives way to an earlier one, unless it denies', () => {
    const rules = [ruleOf('allow', { id: 'first' }), ruleOf('hold', { id: 'second' })];
    expect(verdict(rules).rule.id).toBe('first');
    const denying = [ruleOf('deny', { id: 'third' }), ruleOf('deny', { id: 'fourth' })];
    expect(verdict([...rules, ...denying]).rule.id).toBe('third');
  });
});

const names = fc.constantFrom('files', 'mail', 'write_file', 'read_file', 'x', '');
const globs = fc.option(fc.constantFrom('*', 'files', 'f*', '*_file', 'write_*', 'mail', '*x*', ''), { nil: null });
const hints = fc.record(
  { readOnlyHint: fc.boolean(), destructiveHint: fc.boolean(), idempotentHint: fc.boolean() },
  { requiredKeys: [] },
);
const anyRule = fc
  .record({
    decision: fc.constantFrom<PolicyDecision>('allow', 'hold', 'deny'),
    server: globs,
    tool: globs,
    annotations: fc.record(
      { readOnly: fc.boolean(), destructive: fc.boolean(), idempotent: fc.boolean() },
      { requiredKeys: [] },
    ),
  })
  .map(({ decision, ...conditions }) => ruleOf(decision, conditions));
const anyQuestion = fc
  .record({ server: names, trusted: fc.boolean(), tool: names, annotations: hints })
  .map((asked) => questionOf(asked));

describe('any rules', () => {
  it('deny whenever one of them denies, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyQuestion, (rules, question) => {
        const alone = rules.map((rule) => verdict([rule], question)).filter((one) => one.rule.id === 'r');
        const whole = verdict(rules, question);
        expect(whole.decision === 'deny').toBe(alone.some((one) => one.decision === 'deny'));
        const first = alone.find((one) => one.decision === 'deny') ?? alone[0];
        expect(whole).toEqual(first ?? verdict([], question));
      }),
    );
  });

  it('decide alike whatever a server without trust claims of its tools', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyQuestion, hints, (rules, question, claimed) => {
        const untrusted = { ...question, server: { ...question.server, trusted: false } };
        const claiming = { ...untrusted, tool: { ...untrusted.tool, annotations: claimed } };
        expect(verdict(rules, claiming)).toEqual(verdict(rules, untrusted));
      }),
    );
  });
});

/** Rules in one line: what each decides and whether it matches, "off" for one that is switched off. */
function listed(text: string): {
  readonly rules: readonly PolicyRule[];
  readonly match: (rule: PolicyRule) => RuleMatch;
} {
  const parts = text.split(', ').filter((part) => part !== '');
  const matches = new Map<string, RuleMatch>();
  const rules = parts.map((part, index) => {
    const [decision = 'hold', matched = 'yes', off] = part.split(' ');
    const id = String(index + 1);
    matches.set(id, matched === 'yes' || matched === 'no' ? matched : { error: 'no such field' });
    return ruleOf(decision as PolicyDecision, { id, enabled: off === undefined });
  });
  return { rules, match: ({ id }) => matches.get(id) ?? 'no' };
}

describe('which rule decides', () => {
  const held = 'hold default-hold';
  const cases: readonly (readonly [string, string])[] = [
    ['', held],
    ['allow no, hold no, deny no', held],
    ['allow yes', 'allow 1'],
    ['allow no, hold yes, allow yes', 'hold 2'],
    ['hold yes, allow yes', 'hold 1'],
    ['deny yes, allow yes', 'deny 1'],
    ['allow yes, hold yes, deny yes', 'deny 3'],
    ['allow yes, deny no, deny yes, deny yes', 'deny 3'],
    ['allow yes off', held],
    ['deny yes off, allow yes', 'allow 2'],
    ['allow yes off, hold yes', 'hold 2'],
    ['deny fails off, allow yes', 'allow 2'],
    // One that cannot be read may have been the one that decides.
    ['allow fails', 'hold 1 failed'],
    ['allow fails, allow yes', 'hold 1 failed'],
    ['hold fails, allow yes', 'hold 1 failed'],
    ['deny fails, allow yes', 'hold 1 failed'],
    ['allow yes, deny fails', 'hold 2 failed'],
    ['allow yes, allow fails', 'allow 1'],
    ['allow yes, hold fails', 'allow 1'],
    ['allow fails, deny fails', 'hold 1 failed'],
    ['allow fails, deny yes', 'deny 2'],
    ['deny fails, deny yes', 'deny 2'],
    ['allow fails, allow no', 'hold 1 failed'],
  ];
  it.each(cases)('%s: %s', (text, expected) => {
    const { rules, match } = listed(text);
    const { decision, rule, terms } = decide(rules, questionOf(), match);
    const failed = rule.words.includes('no such field') ? ' failed' : '';
    expect(`${decision} ${rule.id}${failed}`).toBe(expected);
    expect(terms === null).toBe(decision !== 'hold');
  });

  it('asks no rule that could not change the outcome', () => {
    const asked: string[] = [];
    const { rules } = listed('allow yes, hold yes, deny yes off, allow yes, deny no');
    decide(rules, questionOf(), ({ id }) => {
      asked.push(id);
      return id === '5' ? 'no' : 'yes';
    });
    expect(asked).toEqual(['1', '5']);
  });

  const team = 'payments' as TeamId;
  const terms: Partial<HoldTerms> = {
    team,
    approvals: [{ count: 2, role: null, team }],
    editable: ['/amount'],
    atDeadline: 'allow',
    mayRemember: true,
    safeFields: ['/amount'],
    reasonRequired: true,
  };

  it('one that fails holds for those it would ask, and nothing else of it counts', () => {
    const failing = ruleOf('hold', { hold: terms, sampling: 'model', questionsTeam: 'night' as TeamId });
    expect(decide([failing], questionOf(), () => ({ error: 'no such field: amuont' }))).toEqual({
      decision: 'hold',
      rule: {
        id: 'r',
        words: 'Rule r could not be read for this call, so a person decides: no such field: amuont',
      },
      terms: { ...usualTerms, ...terms, editable: [], atDeadline: 'deny', mayRemember: false, safeFields: [] },
      questionsTeam: 'night',
      sampling: 'person',
    });
    const denying = decide([ruleOf('deny')], questionOf(), () => ({ error: 'x' }));
    expect(denying).toMatchObject({
      decision: 'hold',
      terms: { ...usualTerms, mayRemember: false },
      questionsTeam: null,
    });
  });

  it('says of one that matches its terms, whom questions are for, and who writes for a model', () => {
    const holding = ruleOf('hold', { hold: terms, sampling: 'model' });
    expect(verdict([holding])).toMatchObject({ terms: holding.hold, questionsTeam: team, sampling: 'model' });
    const elsewhere = ruleOf('hold', { hold: terms, questionsTeam: 'night' as TeamId });
    expect(verdict([elsewhere]).questionsTeam).toBe('night');
    const allowing = ruleOf('allow', { questionsTeam: 'night' as TeamId, sampling: 'model' });
    expect(verdict([allowing])).toMatchObject({ terms: null, questionsTeam: 'night', sampling: 'model' });
  });

  it('holds on the usual terms by a rule that says none', () => {
    expect(verdict([{ ...ruleOf('hold'), hold: null }]).terms).toEqual(usualTerms);
  });

  it('holds by a rule of which the expression cannot be read', () => {
    expect(verdict([ruleOf('allow', { when: 'args.amount >' })])).toMatchObject({
      decision: 'hold',
      rule: { id: 'r' },
    });
    expect(verdict([ruleOf('allow', { when: 'args.amount > 5' })])).toMatchObject({
      decision: 'hold',
      rule: { id: 'r' },
    });
  });
});

describe('a pattern', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything at all', true],
    ['**', 'a', true],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['*ab*ab*', 'ab', false],
    ['*ab*ab*', 'xabyabz', true],
    ['a*b*c', 'a--b--c', true],
    ['a*b*c', 'a--c--b', false],
    ['*b', 'bab', true],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['[ab]', 'a', false],
    ['a?', 'ab', false],
    ['^a$', 'a', false],
    ['\\*', '\\anything', true],
    ['*é😀', 'caf\u00e9😀', true],
    ['a*', 'a\nb', true],
  ];
  it.each(cases)('%j against %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('agrees with the regular expression it stands for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${parts.join('[^]*')}$`).test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('cannot be made to hang', () => {
    const started = performance.now();
    expect(matchesGlob('a*'.repeat(5_000).concat('b'), 'a'.repeat(100_000))).toBe(false);
    expect(matchesGlob('*a'.repeat(2_000).concat('*b'), 'a'.repeat(100_000))).toBe(false);
    expect(matchesGlob(`*${'a'.repeat(1_000)}b*`, 'a'.repeat(50_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
