import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { leftOf } from '@/components/admin/choices/choice-words';
import { keepRules, keptRules } from '@/components/admin/rules/draft-storage';
import { fieldOf, formOf, readForm, type RuleForm } from '@/components/admin/rules/rule-form';
import { fileProblems } from '@/components/admin/rules/rules-file';
import { emptyCall, readCall } from '@/components/admin/rules/try-call';
import { withRule } from '@/components/admin/rules/use-rules-draft';
import { readTeamId } from '@/lib/domain/ids';
import { freshRule } from '@/lib/domain/policy/editing';
import { type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import { refuse } from '@/lib/domain/refusal';

const rule: PolicyRule = { ...freshRule('prod-writes'), when: 'true' };
const typed = (part: Partial<RuleForm>): RuleForm => ({ ...formOf(rule), ...part });
const problems = (part: Partial<RuleForm>, others: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(readForm(typed(part), others).problems);

describe('a rule as it is typed', () => {
  test('what is shown reads back as the same rule, whatever its terms', () => {
    const team = fc.constantFrom(null, readTeamId('payments'), readTeamId('security'));
    const pointers = fc.uniqueArray(fc.constantFrom('/a', '/to/0', '/x~1y'));
    const hold = fc.record({
      team,
      approvals: fc.array(
        fc.record({ count: fc.integer({ min: 1, max: 20 }), role: fc.constantFrom(null, 'admin' as const), team }),
        { minLength: 1, maxLength: 4 },
      ),
      denials: fc.integer({ min: 1, max: 20 }),
      ownerMayApprove: fc.boolean(),
      editable: fc.oneof(pointers, fc.constant([''])),
      deadlineMs: fc.constantFrom(null, 1_000, 900_000, 5_400_000),
      atDeadline: fc.constantFrom('deny' as const, 'allow' as const),
      fallbackTeam: team,
      reasonRequired: fc.boolean(),
      mayRemember: fc.boolean(),
      safeFields: pointers,
    });
    fc.assert(
      fc.property(hold, (terms) => {
        const shown: PolicyRule = { ...rule, hold: { ...terms, escalation: null } };
        expect(readForm(formOf(shown), [])).toEqual({ rule: shown, problems: new Map() });
      }),
      { seed: 4 },
    );
  });

  test('problems stand at their field', () => {
    expect(problems({ id: 'reads' }, ['reads'])).toEqual({ id: 'Another rule is called reads.' });
    expect(Object.keys(problems({ when: ' ' }))).toEqual(['when']);
    expect(Object.keys(problems({ deadline: 'soon' }))).toEqual(['deadlineMs']);
    expect(Object.keys(problems({ denials: '0' }))).toEqual(['denials']);
    expect(Object.keys(problems({ approvals: [{ count: '21', who: 'people', team: '' }] }))).toEqual(['approvals']);
    expect(problems({ editable: 'some', editablePointers: '/amount\nto' })).toEqual({
      editable: expect.stringMatching(/^Line 2:/) as string,
    });
    expect(Object.keys(problems({ safeFields: '/a~2' }))).toEqual(['safeFields']);
  });

  test('an escalation needs both its halves, before the deadline, to another team', () => {
    const wrong = (part: Partial<RuleForm>): string | undefined => problems(part).escalation;
    expect(wrong({ escalateAfter: '10m' })).toBe('Choose the team that is asked too.');
    expect(wrong({ escalateTeam: 'ops' })).toBe('After which time? Such as 10m.');
    expect(wrong({ escalateAfter: '10m', escalateTeam: 'ops', deadline: '10m' })).toBe(
      'This must be before the deadline.',
    );
    expect(wrong({ escalateAfter: '10m', escalateTeam: 'ops', team: 'ops' })).toMatch(/from the beginning/);
    expect(wrong({ escalateAfter: '10m', escalateTeam: 'ops', deadline: '15m' })).toBeUndefined();
  });

  test('terms of holding are not saved with another decision, and a denial asks no model', () => {
    const denied = readForm(typed({ decision: 'deny', sampling: 'model', questionsTeam: 'ops', denials: 'x' }), []);
    expect(denied.problems.size).toBe(0);
    expect(denied.rule).toMatchObject({ hold: null, sampling: 'person', questionsTeam: null });
  });

  test('a problem the server found goes to the field it names', () => {
    expect(fieldOf('hold.escalation.afterMs')).toBe('escalation');
    expect(fieldOf('hold.approvals[1].count')).toBe('approvals');
    expect(fieldOf('when')).toBe('when');
    expect(fieldOf('hold')).toBeNull();
    expect(fieldOf('constructor')).toBeNull();
  });

  test('one taken into the draft replaces its own place, even under another name', () => {
    const [a, b] = [freshRule('a'), freshRule('b')];
    expect(withRule([a, b], { id: 'a', index: 0 }, { ...a, id: 'z' }).map(({ id }) => id)).toEqual(['z', 'b']);
    expect(withRule([a, b], { id: null, index: 1 }, freshRule('n')).map(({ id }) => id)).toEqual(['a', 'n', 'b']);
    expect(withRule([b], { id: 'a', index: 5 }, a).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('a draft over a reload', () => {
  const room = new Map<string, string>();
  beforeEach(() => {
    room.clear();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => room.get(key) ?? null,
      setItem: (key: string, value: string) => void room.set(key, value),
      removeItem: (key: string) => void room.delete(key),
    });
  });
  afterEach(() => void vi.unstubAllGlobals());
  const kept = {
    draft: {
      base: { version: 3, rules: [rule] },
      rules: [
        { ...rule, enabled: false },
        { ...freshRule('d'), hold: null },
      ],
    },
    open: { id: null, index: 0, form: typed({ when: 'tool.' }) },
  };

  test('it is found again as it was, by the same person only', () => {
    keepRules('per_1', kept);
    expect(keptRules('per_1')).toEqual(kept);
    expect(keptRules('per_2')).toEqual({ draft: null, open: null });
  });

  test('nothing edited leaves nothing behind', () => {
    keepRules('per_1', kept);
    keepRules('per_1', { draft: null, open: null });
    expect(room.size).toBe(0);
  });

  test.each([
    'not JSON',
    '{"person":"per_1","draft":{"base":{"version":3,"rules":[1]},"rules":[]}}',
    '{"person":"per_1","draft":{"base":{"version":3,"rules":[]},"rules":[{"id":"a","decision":"explode"}]}}',
    '{"person":"per_1","draft":null,"open":{"id":null,"index":0,"form":{"id":5}}}',
  ])('what is no draft is left aside: %s', (text) => {
    room.set('holdpoint.rules-draft', text);
    expect(keptRules('per_1')).toEqual({ draft: null, open: null });
  });
});

describe('a made-up call', () => {
  const call = { ...emptyCall, server: 'payments', tool: 'refund' };

  test('says only what was said', () => {
    const read = readCall({ ...call, hints: { ...call.hints, readOnlyHint: 'no' }, args: ' ', owner: ' ' });
    expect(read).toMatchObject({ ok: true, call: { annotations: { readOnlyHint: false }, owner: null, args: {} } });
    expect(read.ok ? Object.keys(read.call.annotations) : []).toEqual(['readOnlyHint']);
  });

  test('its arguments are one JSON object', () => {
    for (const args of ['[1]', '"x"', '{', 'null']) {
      const read = readCall({ ...call, args });
      expect(read.ok ? '' : read.problems.args).toMatch(/JSON/);
    }
    expect(readCall(emptyCall)).toEqual({
      ok: false,
      problems: { server: 'Name the server.', tool: 'Name the tool.' },
    });
  });
});

test('problems of a file are told with their lines, and a refusal without any by its words', () => {
  const listed = [{ line: 4, rule: 'reads', message: 'a ":" is expected here' }];
  expect(fileProblems(refuse('bad_input', 'x', { problems: [...listed, { line: 1 }, null] }))).toEqual(listed);
  expect(fileProblems(refuse('bad_input', 'Too long.'))).toEqual([{ line: null, rule: null, message: 'Too long.' }]);
});

describe('the time a remembered choice has left', () => {
  const at = (leftMs: number) => leftOf({ untilAt: 1_000_000 + leftMs, remembered: '15min' }, 1_000_000);

  test('minutes, then seconds, then over', () => {
    expect(at(12 * 60_000 + 5_000)).toEqual({ words: '12 min left', tone: 'calm', changesInMs: 5_001 });
    expect(at(48_200)).toEqual({ words: '48 s left', tone: 'soon', changesInMs: 201 });
    expect(at(0)).toEqual({ words: 'over', tone: 'over', changesInMs: null });
  });

  test('its words are others when it says they change, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 * 60_000 }), (leftMs) => {
        const { words, changesInMs } = at(leftMs);
        const wait = changesInMs ?? 0;
        expect(wait).toBeGreaterThan(0);
        expect(at(leftMs - wait).words).not.toBe(words);
        expect(at(leftMs - (wait - 1)).words).toBe(words);
      }),
      { seed: 4 },
    );
  });

  test('what does not end by time says so', () => {
    expect(leftOf({ untilAt: null, remembered: 'session' }, 0).words).toBe('this session');
    expect(leftOf({ untilAt: null, remembered: 'revoked' }, 0).words).toBe('until revoked');
  });
});

test('the usual terms are shown as they are', () => {
  expect(formOf({ ...rule, hold: null })).toEqual(formOf({ ...rule, hold: usualTerms }));
});
