import { decide } from '@/lib/domain/policy/decide';
import type { PolicyDecision } from '@/lib/domain/policy/rule';
import type { PolicySet, RecordedCall } from './policy-set';

export interface BacktestSide {
  readonly decision: PolicyDecision;
  readonly rule: string;
  readonly words: string;
}

export interface BacktestChange {
  readonly callId: string;
  readonly sessionId: string;
  readonly receivedAt: number;
  readonly title: string;
  /** As it was recorded; the rules of that time may be gone. */
  readonly recorded: { readonly decision: PolicyDecision; readonly rule: string };
  /** By the rules in force. */
  readonly now: BacktestSide;
  readonly proposed: BacktestSide;
}

export interface BacktestReport {
  readonly calls: number;
  /** One for each pair that occurs, in a fixed order. */
  readonly totals: readonly {
    readonly now: PolicyDecision;
    readonly proposed: PolicyDecision;
    readonly calls: number;
  }[];
  /** How many calls would be decided differently, or by another rule, than by the rules in force. */
  readonly changed: number;
  /** Those of them that are listed, newest first. */
  readonly changes: readonly BacktestChange[];
  /** How many calls the rules in force already decide differently from what was recorded. */
  readonly movedSince: number;
}

export interface BacktestInput {
  readonly calls: readonly RecordedCall[];
  readonly now: PolicySet;
  readonly proposed: PolicySet;
}

export const changesListedMax = 200;
const longestTurnMs = 10;

const decisions: readonly PolicyDecision[] = ['allow', 'hold', 'deny'];

/** What rules would have done with the calls of the past, beside what those in force would do today. */
export function backtest(input: BacktestInput): BacktestReport {
  const steps = stepwise(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, and others get their turn meanwhile: thousands of calls by hundreds of rules take seconds. */
export async function backtestInTurns(input: BacktestInput): Promise<BacktestReport> {
  const steps = stepwise(input);
  for (;;) {
    const untilAt = performance.now() + longestTurnMs;
    while (performance.now() < untilAt) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** One call at a time. */
function* stepwise({ calls, now, proposed }: BacktestInput): Generator<void, BacktestReport> {
  const changes: BacktestChange[] = [];
  const pairs = new Map<string, number>();
  let movedSince = 0;
  for (const call of calls) {
    yield;
    const before = sideOf(now, call);
    const after = sideOf(proposed, call);
    const pair = `${before.decision} ${after.decision}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    if (before.decision !== call.outcomeThen) movedSince += 1;
    if (before.decision === after.decision && before.rule === after.rule) continue;
    changes.push(changeOf(call, before, after));
  }
  const totals = decisions.flatMap((from) =>
    decisions.flatMap((to) => {
      const count = pairs.get(`${from} ${to}`) ?? 0;
      return count === 0 ? [] : [{ now: from, proposed: to, calls: count }];
    }),
  );
  const newestFirst = changes.toSorted((a, b) => b.receivedAt - a.receivedAt || (a.callId < b.callId ? 1 : -1));
  return {
    calls: calls.length,
    totals,
    changed: changes.length,
    changes: newestFirst.slice(0, changesListedMax),
    movedSince,
  };
}

function sideOf({ rules, compiled }: PolicySet, { question }: RecordedCall): BacktestSide {
  const { decision, rule } = decide(rules, question, (each, asked) => compiled.match(each, asked));
  return { decision, rule: rule.id, words: rule.words };
}

function changeOf(call: RecordedCall, now: BacktestSide, proposed: BacktestSide): BacktestChange {
  const { callId, sessionId, receivedAt, title, outcomeThen, ruleThen } = call;
  const recorded = { decision: outcomeThen, rule: ruleThen };
  return { callId, sessionId, receivedAt, title, recorded, now, proposed };
}
