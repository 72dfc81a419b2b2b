'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import ArrowRight from 'lucide-react/icons/arrow-right';
import Check from 'lucide-react/icons/check';
import History from 'lucide-react/icons/history';
import Play from 'lucide-react/icons/play';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { plainLine } from '@/lib/domain/form/plain-text';
import type { PolicyDecision, PolicyRule } from '@/lib/domain/policy/rule';
import { decisionWords, ruleName } from '@/lib/domain/policy/words';
import { dayTime } from '@/lib/domain/timeline/time-words';
import type { RulesBacktestReply } from '@/lib/protocol/command/rules';
import type { ActionState } from '../use-action';
import { useAction } from '../use-action';
import { DecisionTag } from './DecisionTag';
import type { RulesDesk } from './rules-props';

export interface Backtested {
  readonly rules: readonly PolicyRule[];
  readonly days: number;
  readonly reply: RulesBacktestReply;
}

export interface BacktestPanelProps {
  readonly rules: readonly PolicyRule[];
  readonly against: string;
  readonly days: number;
  readonly done: Backtested | null;
  readonly now: number;
  readonly backtest: RulesDesk['backtest'];
  readonly onDays: (days: number) => void;
  readonly onDone: (done: Backtested) => void;
}

const spans = [1, 7, 30, 90] as const;

/** What the rules as they stand here would have said of calls that were really made. */
export function BacktestPanel(props: BacktestPanelProps): ReactNode {
  const { rules, against, days, done, now, backtest, onDays, onDone } = props;
  const { state, run } = useAction<RulesBacktestReply>((reply) => onDone({ rules, days, reply }));
  const stale = done !== null && (done.rules !== rules || done.days !== days);
  return (
    <div className="rl-back">
      <div className="row wrap rl-back-bar">
        <span className="medium">Calls of the last</span>
        <select
          className="input rl-select rl-days"
          aria-label="How many days back"
          value={days}
          onChange={(event) => onDays(Number(event.target.value))}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {span === 1 ? '1 day' : `${span} days`}
            </option>
          ))}
        </select>
        <Button
          size="lg"
          look="primary"
          icon={Play}
          disabled={state.is === 'busy'}
          onClick={() => run(() => backtest(rules, days))}
        >
          {state.is === 'busy' ? 'Running' : 'Run backtest'}
        </Button>
        <span className="meta">Against {against}. Nothing is sent or changed.</span>
      </div>
      <Outcome state={state} done={done} stale={stale ? 'stale' : 'fresh'} now={now} />
    </div>
  );
}

interface OutcomeProps {
  readonly state: ActionState;
  readonly done: Backtested | null;
  readonly stale: 'stale' | 'fresh';
  readonly now: number;
}

function Outcome({ state, done, stale, now }: OutcomeProps): ReactNode {
  if (state.is === 'busy') {
    return (
      <Skeleton label="Running the backtest">
        {['60%', '48%', '55%'].map((width) => (
          <div key={width} className="sk-ad">
            <Bone width="120px" />
            <Bone width={width} height="8px" />
            <Bone width="60px" />
          </div>
        ))}
      </Skeleton>
    );
  }
  if (state.is === 'refused') {
    return (
      <div className="rl-back-note">
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      </div>
    );
  }
  if (done === null) {
    return (
      <EmptyState icon={History} title="See it on calls that were made">
        A backtest asks these rules and those in force about recorded calls, and shows where they differ. Remembered
        choices and answers are left aside.
      </EmptyState>
    );
  }
  return <Report done={done} stale={stale} now={now} />;
}

function Report({ done, stale, now }: Pick<OutcomeProps, 'stale' | 'now'> & { readonly done: Backtested }): ReactNode {
  const { reply, days } = done;
  const changed = reply.totals.reduce((sum, { before, after, calls }) => sum + (before === after ? 0 : calls), 0);
  if (reply.calls === 0) {
    return (
      <EmptyState icon={History} title={`No call in the last ${days === 1 ? 'day' : `${days} days`}`}>
        Choose a longer time, or try a made-up call.
      </EmptyState>
    );
  }
  return (
    <section className="stack rl-report" aria-label="Backtest">
      {stale === 'stale' ? (
        <Note icon={TriangleAlert} tone="person">
          The rules or the time changed since. Run it again.
        </Note>
      ) : null}
      <p className="rl-verdict-h" role="status">
        {changed === 0
          ? 'Nothing would have changed'
          : `${changed.toLocaleString('en-US')} would have been decided otherwise`}
        <span className="t2"> of {callsWords(reply.calls)}</span>
      </p>
      <Matrix totals={reply.totals} />
      {reply.changes.length === 0 ? null : <Changed changes={reply.changes} now={now} />}
    </section>
  );
}

/** The server looks at so many at most. */
const lookedAtMost = 5_000;

function callsWords(calls: number): string {
  if (calls >= lookedAtMost) return `the latest ${calls.toLocaleString('en-US')} calls`;
  return calls === 1 ? '1 call' : `${calls.toLocaleString('en-US')} calls`;
}

const decisions: readonly PolicyDecision[] = ['allow', 'hold', 'deny'];

function Matrix({ totals }: Pick<RulesBacktestReply, 'totals'>): ReactNode {
  const callsOf = (before: PolicyDecision, after: PolicyDecision): number =>
    totals.find((total) => total.before === before && total.after === after)?.calls ?? 0;
  return (
    <table className="rl-matrix">
      <caption className="meta">Calls by what the rules in force say of them, and what these would</caption>
      <thead>
        <tr>
          <th scope="col">in force</th>
          {decisions.map((after) => (
            <th key={after} scope="col" className="r">
              <span className="t3">would be </span>
              {decisionWords[after]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {decisions.map((before) => (
          <tr key={before}>
            <th scope="row">
              <DecisionTag of={before} />
            </th>
            {decisions.map((after) => (
              <MatrixCell key={after} calls={callsOf(before, after)} kind={before === after ? 'same' : 'changed'} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MatrixCell({ calls, kind }: { readonly calls: number; readonly kind: 'same' | 'changed' }): ReactNode {
  const look = calls === 0 ? 'none' : kind;
  return (
    <td className={`r num ${look}`}>
      {calls.toLocaleString('en-US')}
      {look === 'same' ? <Icon of={Check} size="xs" /> : look === 'changed' ? <Icon of={ArrowRight} size="xs" /> : null}
      <span className="sr">{look === 'changed' ? ' changed' : look === 'same' ? ' as before' : ''}</span>
    </td>
  );
}

interface ChangedProps extends Pick<RulesBacktestReply, 'changes'> {
  readonly now: number;
}

function Changed({ changes, now }: ChangedProps): ReactNode {
  return (
    <>
      <h2 className="rl-said-h">Decided otherwise, or by another rule; newest first</h2>
      <ul className="rl-calls">
        {changes.map((change) => (
          <li key={change.callId}>
            <span className="rl-call">
              <Link href={`/sessions/${change.sessionId}`} className="medium">
                {plainLine(change.title)}
              </Link>
              <span className="meta">
                {change.server} · {change.tool} · {change.agent} · {dayTime(change.receivedAt, now)}
              </span>
            </span>
            <span className="row wrap rl-turn">
              <DecisionTag of={change.before.decision} />
              <Icon of={ArrowRight} size="xs" />
              <span className="sr">becomes</span>
              <DecisionTag of={change.after.decision} />
            </span>
            <span className="meta">
              {ruleName(change.before.rule)} → <span className="mono">{ruleName(change.after.rule)}</span>:{' '}
              {plainLine(change.after.words)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
