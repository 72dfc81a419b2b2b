import { describe, expect, test } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import { type HoldTerms, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import { checkRules } from '@/server/policy/check-rules';
import { ruleOf } from './policy-samples';

const known = { teams: ['payments', 'leads'] };
const payments = 'payments' as TeamId;
const ghosts = 'ghosts' as TeamId;
const held = (more: Partial<HoldTerms>): PolicyRule => ruleOf('true', { hold: { ...usualTerms, ...more } });
const threshold = { count: 1, role: null, team: null };

describe('rules that are to be saved', () => {
  test('are fine when they are', () => {
    const full = held({
      team: payments,
      approvals: [
        { count: 2, role: null, team: payments },
        { count: 1, role: 'admin', team: null },
      ],
      denials: 2,
      editable: ['', '/to/0', '/a~1b'],
      deadlineMs: 60_000,
      escalation: { afterMs: 30_000, team: 'leads' as TeamId },
      fallbackTeam: 'leads' as TeamId,
      safeFields: ['/amount'],
    });
    const others = [
      ruleOf('args.x > 1', { id: 'a.B_1-2', decision: 'deny', reason: 'No.' }),
      ruleOf('true', { id: 'c' }),
    ];
    expect(checkRules([{ ...full, questionsTeam: payments }, ...others], known)).toEqual([]);
    expect(checkRules([], known)).toEqual([]);
  });

  test.each<[string, PolicyRule]>([
    ['id', ruleOf('true', { id: '' })],
    ['id', ruleOf('true', { id: 'a b' })],
    ['id', ruleOf('true', { id: 'x'.repeat(65) })],
    ['id', ruleOf('true', { id: 'default-hold' })],
    ['reason', ruleOf('true', { reason: 'x'.repeat(501) })],
    ['reason', ruleOf('true', { reason: ' ' })],
    ['questionsTeam', ruleOf('true', { questionsTeam: ghosts })],
    ['hold', ruleOf('true', { decision: 'allow', hold: usualTerms })],
    ['sampling', ruleOf('true', { decision: 'deny', sampling: 'model' })],
    ['hold.team', held({ team: ghosts })],
    ['hold.fallbackTeam', held({ fallbackTeam: ghosts })],
    ['hold.approvals', held({ approvals: [] })],
    ['hold.approvals', held({ approvals: Array.from({ length: 11 }, () => threshold) })],
    ['hold.approvals[1].count', held({ approvals: [threshold, { ...threshold, count: 0 }] })],
    ['hold.approvals[0].count', held({ approvals: [{ ...threshold, count: 21 }] })],
    ['hold.approvals[0].count', held({ approvals: [{ ...threshold, count: 1.5 }] })],
    ['hold.approvals[0].team', held({ approvals: [{ ...threshold, team: ghosts }] })],
    ['hold.denials', held({ denials: 0 })],
    ['hold.denials', held({ denials: Number.NaN })],
    ['hold.deadlineMs', held({ deadlineMs: 999 })],
    ['hold.deadlineMs', held({ deadlineMs: 30 * 86_400_000 + 1 })],
    ['hold.escalation.team', held({ escalation: { afterMs: 5_000, team: ghosts } })],
    ['hold.escalation.team', held({ team: payments, escalation: { afterMs: 5_000, team: payments } })],
    ['hold.escalation.afterMs', held({ escalation: { afterMs: 0, team: payments } })],
    ['hold.escalation.afterMs', held({ deadlineMs: 5_000, escalation: { afterMs: 5_000, team: payments } })],
    ['hold.editable[1]', held({ editable: ['/a', 'b'] })],
    ['hold.safeFields[0]', held({ safeFields: ['/a~2'] })],
    ['hold.safeFields', held({ safeFields: Array.from({ length: 101 }, () => '/a') })],
  ])('%s is refused', (field, rule) => {
    const problems = checkRules([rule], known);
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]?.rule).toBe(rule.id);
  });

  test('two of one name, an expression with its place, too many', () => {
    const twice = checkRules([ruleOf('true'), ruleOf('true &&\n tool.nmae == ""')], known);
    expect(twice).toMatchObject([
      { field: 'id', at: null },
      { field: 'when', at: { line: 2, column: 7, offset: 14 } },
    ]);
    const many = Array.from({ length: 501 }, (_, n) => ruleOf('true', { id: `r${n}` }));
    expect(checkRules(many, known)).toMatchObject([{ rule: 'r500', message: expect.stringContaining('500') }]);
    expect(checkRules(many.slice(0, 500), known)).toEqual([]);
  });
});
