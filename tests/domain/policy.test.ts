import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, matchesGlob, type PolicyDecision, type PolicyQuestion, type PolicyRule } from '@/lib/domain/policy';
import type { ToolAnnotations } from '@/lib/domain/tool';

function ruleOf(decision: PolicyDecision, more: Partial<PolicyRule> = {}): PolicyRule {
  return { id: 'r', decision, server: null, tool: null, annotations: {}, reason: null, deadlineMs: null, ...more };
}

function questionOf(more: Partial<PolicyQuestion> = {}): PolicyQuestion {
  return { server: 'files', trusted: true, tool: 'write_file', annotations: {}, ...more };
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
    const verdict = decide([], questionOf({ trusted, annotations }));
    expect(verdict).toMatchObject({ decision, deadlineMs: null, rule: { id } });
  });
});

describe('a rule', () => {
  const cases: readonly (readonly [string, Partial<PolicyRule>, Partial<PolicyQuestion>, boolean])[] = [
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
    const verdict = decide([ruleOf('allow', { id: 'mine', ...rule })], questionOf({ annotations: {}, ...question }));
    expect(verdict.rule.id === 'mine').toBe(applies);
  });

  it('carries its reason and deadline, or words that name it', () => {
    expect(decide([ruleOf('hold', { reason: 'Money moves.', deadlineMs: 5_000 })], questionOf())).toEqual({
      decision: 'hold',
      rule: { id: 'r', words: 'Money moves.' },
      deadlineMs: 5_000,
    });
    for (const decision of ['allow', 'hold', 'deny'] as const) {
      expect(decide([ruleOf(decision, { id: 'rule-7' })], questionOf()).rule.words).toContain('rule-7');
    }
  });

  it('gives way to an earlier one, unless it denies', () => {
    const rules = [ruleOf('allow', { id: 'first' }), ruleOf('hold', { id: 'second' })];
    expect(decide(rules, questionOf()).rule.id).toBe('first');
    expect(
      decide([...rules, ruleOf('deny', { id: 'third' }), ruleOf('deny', { id: 'fourth' })], questionOf()).rule.id,
    ).toBe('third');
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
  .map((rule) => ruleOf(rule.decision, rule));
const anyQuestion = fc.record({ server: names, trusted: fc.boolean(), tool: names, annotations: hints });

describe('any rules', () => {
  it('deny whenever one of them denies, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyQuestion, (rules, question) => {
        const alone = rules.map((rule) => decide([rule], question)).filter((verdict) => verdict.rule.id === 'r');
        const verdict = decide(rules, question);
        expect(verdict.decision === 'deny').toBe(alone.some((one) => one.decision === 'deny'));
        const first = alone.find((one) => one.decision === 'deny') ?? alone[0];
        expect(verdict).toEqual(first ?? decide([], question));
      }),
    );
  });

  it('decide alike whatever a server without trust claims of its tools', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyQuestion, hints, (rules, question, claimed) => {
        const untrusted = { ...question, trusted: false };
        expect(decide(rules, { ...untrusted, annotations: claimed })).toEqual(decide(rules, untrusted));
      }),
    );
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
