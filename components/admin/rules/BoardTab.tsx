'use client';

import { type ReactNode, useState } from 'react';
import { duplicateRule } from '@/lib/domain/policy/editing';
import type { PolicyVersion } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import { type Backtested, BacktestPanel } from './BacktestPanel';
import type { RulesBoardProps } from './RulesBoard';
import { RulesTable } from './RulesTable';
import { emptyCall } from './try-call';
import { type Tried, TryPanel } from './TryPanel';
import type { RulesEditing } from './use-rules-draft';
import { VersionsPanel } from './VersionsPanel';

export type TabKey = 'rules' | 'try' | 'backtest' | 'versions';

export interface BoardTabProps extends RulesBoardProps {
  readonly tab: TabKey;
  readonly names: TeamNames;
  readonly editing: RulesEditing;
  readonly problems: readonly RuleProblem[];
  readonly onEdit: (id: string) => void;
  readonly onRestore: (version: PolicyVersion) => void;
}

const emptyForms = { form: emptyCall, days: 30 };

/** The open tab. What was typed and found in the others is kept while the page is open. */
export function BoardTab(props: BoardTabProps): ReactNode {
  const { tab, view, names, editing, now, desk } = props;
  const [{ form, days }, setForms] = useState(emptyForms);
  const [tried, setTried] = useState<Tried | null>(null);
  const [done, setDone] = useState<Backtested | null>(null);
  const against = editing.changes.length === 0 ? `version ${view.current.version}, in force` : 'your unsaved draft';
  switch (tab) {
    case 'rules':
      return <InOrder {...props} />;
    case 'try':
      return (
        <TryPanel
          rules={editing.rules}
          against={against}
          form={form}
          tried={tried}
          servers={view.servers}
          agents={view.agents}
          names={names}
          attempt={desk.try}
          onForm={(next) => setForms({ form: next, days })}
          onTried={setTried}
        />
      );
    case 'backtest':
      return (
        <BacktestPanel
          rules={editing.rules}
          against={against}
          days={days}
          done={done}
          now={now}
          backtest={desk.backtest}
          onDays={(next) => setForms({ form, days: next })}
          onDone={setDone}
        />
      );
    case 'versions':
      return (
        <VersionsPanel
          current={view.current}
          versions={view.versions}
          names={names}
          unsaved={editing.changes.length}
          now={now}
          read={desk.version}
          onRestore={props.onRestore}
        />
      );
  }
}

function InOrder({ names, editing, problems, onEdit }: BoardTabProps): ReactNode {
  return (
    <>
      <p className="t2 rl-lead">
        A matching <b>deny</b> always wins, wherever it stands; otherwise the first that matches; otherwise the default.
        <span className="t3 wide"> Move a rule by its handle, its arrows, or Alt and an arrow key.</span>
      </p>
      <RulesTable
        rules={editing.rules}
        changes={editing.changes}
        problems={problems}
        names={names}
        onRules={editing.edit}
        onEdit={onEdit}
        onDuplicate={(id) => editing.edit(duplicateRule(editing.rules, id))}
      />
    </>
  );
}
