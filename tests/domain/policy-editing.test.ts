import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedFields,
  diffRules,
  duplicateRule,
  freeName,
  freshRule,
  mergeOnTop,
  moveRule,
} from '@/lib/domain/policy/editing';
import { type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';

const rule = (id: string, part: Partial<PolicyRule> = {}): PolicyRule => ({
  ...freshRule(id),
  when: `tool.name == "${id}"`,
  ...part,
});
const [a, b, c, d] = [rule('a'), rule('b'), rule('c'), rule('d')];
const ids = (rules: readonly PolicyRule[]): string => rules.map(({ id }) => id).join('');

describe('moving and copying', () => {
  test('a rule moves to a place, and not beyond the list', () => {
    expect(ids(moveRule([a, b, c], 0, 2))).toBe('bca');
    expect(ids(moveRule([a, b, c], 2, 0))).toBe('cab');
    const list = [a, b];
    expect(moveRule(list, 0, -1)).toBe(list);
    expect(moveRule(list, 1, 2)).toBe(list);
  });

  test('a copy stands behind its original, is off and has a name of its own', () => {
    const copied = duplicateRule([a, b], 'a');
    expect(ids(copied.slice(0, 1))).toBe('a');
    expect(copied[1]).toEqual({ ...a, id: 'a-2', enabled: false });
    expect(freeName('a-2', copied)).toBe('a-3');
  });
});

describe('the difference between two lists', () => {
  test('none between a list and itself', () => {
    expect(diffRules([a, b, c], [a, b, c])).toEqual([]);
  });

  test('added, removed and changed rules, with the fields', () => {
    const changed = { ...b, when: 'true', hold: { ...usualTerms, denials: 2 } };
    expect(diffRules([a, b, c], [a, changed, d])).toEqual([
      { kind: 'changed', before: b, after: changed, fields: ['when', 'denials'], moved: null },
      { kind: 'added', rule: d, place: 3 },
      { kind: 'removed', rule: c, place: 3 },
    ]);
  });

  test('one rule that moved is one change, however far', () => {
    expect(diffRules([a, b, c, d], [d, a, b, c])).toEqual([{ kind: 'moved', rule: d, moved: { from: 4, to: 1 } }]);
    expect(diffRules([a, b, c, d], [b, c, d, a])).toEqual([{ kind: 'moved', rule: a, moved: { from: 1, to: 4 } }]);
  });

  test('a new name alone is a change of the rule', () => {
    const renamed = { ...a, id: 'z' };
    const apart = { ...a, when: 'args.x == 1' };
    expect(diffRules([apart, b], [{ ...apart, id: 'z' }, b])).toMatchObject([{ kind: 'changed', fields: ['id'] }]);
    expect(diffRules([a, b], [{ ...renamed, when: 'false' }, b]).map(({ kind }) => kind)).toEqual(['added', 'removed']);
  });

  test('terms that go with a decision are not told one by one', () => {
    expect(changedFields(a, { ...a, decision: 'deny', hold: null })).toEqual(['decision']);
    expect(changedFields({ ...a, decision: 'deny', hold: null }, a)).toEqual(['decision']);
  });

  test('is empty exactly when nothing differs, and names each rule once', () => {
    const someRules = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), enabled: fc.boolean() }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(someRules, someRules, (before, after) => {
        const was = before.map(({ id, enabled }) => rule(id, { enabled }));
        const is = after.map(({ id, enabled }) => rule(id, { enabled }));
        const changes = diffRules(was, is);
        expect(changes.length === 0).toBe(JSON.stringify(was) === JSON.stringify(is));
        const named = changes.map((change) => (change.kind === 'changed' ? change.after.id : change.rule.id));
        expect(new Set(named).size).toBe(named.length);
      }),
      { seed: 4 },
    );
  });
});

describe('our changes on top of what someone else saved', () => {
  const base = { version: 3, rules: [a, b, c] };

  test('changes of different rules and different fields go together', () => {
    const mine = [{ ...a, enabled: false }, b, c, d];
    const theirs = [{ ...a, reason: 'theirs' }, c];
    const { rules, clashes } = mergeOnTop({ base, rules: mine }, theirs);
    expect(rules).toEqual([{ ...a, enabled: false, reason: 'theirs' }, c, d]);
    expect(clashes).toEqual([]);
  });

  test('where both changed the same field ours stays, and it is said', () => {
    const { rules, clashes } = mergeOnTop({ base, rules: [{ ...a, when: 'true' }, b, c] }, [
      { ...a, when: 'false' },
      b,
      c,
    ]);
    expect(rules[0]?.when).toBe('true');
    expect(clashes).toEqual(['a']);
  });

  test('what we removed stays removed; what they removed and we changed comes back', () => {
    expect(mergeOnTop({ base, rules: [a, c] }, [a, b, c, d])).toEqual({ rules: [a, c, d], clashes: [] });
    const changed = { ...b, enabled: false };
    expect(mergeOnTop({ base, rules: [a, changed, c] }, [a, c])).toEqual({ rules: [a, changed, c], clashes: ['b'] });
  });

  test('a rule we moved stands where we put it', () => {
    expect(ids(mergeOnTop({ base, rules: [c, a, b] }, [a, d, b, c]).rules)).toBe('cadb');
  });

  test('changing only our terms keeps their other terms', () => {
    const mine = { ...a, hold: { ...usualTerms, denials: 2 } };
    const their = { ...a, hold: { ...usualTerms, reasonRequired: true } };
    expect(mergeOnTop({ base, rules: [mine, b, c] }, [their, b, c]).rules[0]?.hold).toEqual({
      ...usualTerms,
      denials: 2,
      reasonRequired: true,
    });
  });

  test('without changes of theirs it gives ours, without changes of ours theirs', () => {
    const orders = fc.shuffledSubarray([a, b, c, d]);
    fc.assert(
      fc.property(orders, orders, (one, two) => {
        const from = { version: 1, rules: one };
        expect(ids(mergeOnTop({ base: from, rules: one }, two).rules)).toBe(ids(two));
        expect(ids(mergeOnTop({ base: from, rules: two }, one).rules)).toBe(ids(two));
      }),
      { seed: 4 },
    );
  });
});
