import { expect, test } from 'vitest';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import { backtest, changesListedMax } from '@/server/policy/backtest';
import { compileRules } from '@/server/policy/cel';
import type { PolicySet, RecordedCall } from '@/server/policy/policy-set';
import { questionOf, ruleOf } from './policy-samples';

function setOf(...rules: readonly PolicyRule[]): PolicySet {
  return { rules, compiled: compileRules(rules) };
}

function callOf(amount: number, more: Partial<RecordedCall> = {}): RecordedCall {
  const question = questionOf({ amount });
  const ids = { callId: `call_${amount}`, sessionId: 'ses_1', receivedAt: amount, title: `Pay ${amount}` };
  return { ...ids, question, outcomeThen: 'hold', ruleThen: 'large', ...more };
}

const large = ruleOf('args.amount > 100', { id: 'large' });
const small = ruleOf('args.amount <= 100', { id: 'small', decision: 'allow' });

test('tells what would change, beside what is in force and what was recorded', () => {
  const stop = ruleOf('args.amount > 500', { id: 'stop', decision: 'deny', reason: 'Never so much.' });
  const report = backtest({
    calls: [callOf(50), callOf(200), callOf(900), callOf(901, { outcomeThen: 'allow', ruleThen: 'gone' })],
    now: setOf(large, small),
    proposed: setOf(large, small, stop),
  });
  expect(report).toMatchObject({ calls: 4, changed: 2, movedSince: 2 });
  expect(report.totals).toEqual([
    { now: 'allow', proposed: 'allow', calls: 1 },
    { now: 'hold', proposed: 'hold', calls: 1 },
    { now: 'hold', proposed: 'deny', calls: 2 },
  ]);
  expect(report.changes.map((change) => change.callId)).toEqual(['call_901', 'call_900']);
  expect(report.changes[0]).toEqual({
    callId: 'call_901',
    sessionId: 'ses_1',
    receivedAt: 901,
    title: 'Pay 901',
    recorded: { decision: 'allow', rule: 'gone' },
    now: { decision: 'hold', rule: 'large', words: 'Held by rule large.' },
    proposed: { decision: 'deny', rule: 'stop', words: 'Never so much.' },
  });
});

test('another rule with the same decision is a change too, and a rule that fails holds', () => {
  const calls = [callOf(200), callOf(50)];
  const renamed = { ...large, id: 'larger' };
  const other = backtest({ calls, now: setOf(large, small), proposed: setOf(renamed, small) });
  expect(other.changes.map((change) => [change.now.rule, change.proposed.rule])).toEqual([['large', 'larger']]);
  const failing = ruleOf('args.amuont > 100', { id: 'typo', decision: 'deny' });
  const held = backtest({ calls, now: setOf(large, small), proposed: setOf(failing, large, small) });
  expect(held.totals).toEqual([
    { now: 'allow', proposed: 'hold', calls: 1 },
    { now: 'hold', proposed: 'hold', calls: 1 },
  ]);
  expect(held.changes.every((change) => change.proposed.rule === 'typo')).toBe(true);
});

test('the list ends somewhere, the counts do not', () => {
  const calls = Array.from({ length: 300 }, (_, n) => callOf(n));
  const report = backtest({ calls, now: setOf(large), proposed: setOf() });
  expect(report.changes).toHaveLength(Math.min(report.changed, changesListedMax));
  expect(report.changed).toBe(199);
  const all = backtest({ calls, now: setOf(ruleOf('true')), proposed: setOf() });
  expect([all.changed, all.changes.length, all.changes[0]?.receivedAt]).toEqual([300, 200, 299]);
  expect(backtest({ calls: [], now: setOf(large), proposed: setOf() }).totals).toEqual([]);
});
