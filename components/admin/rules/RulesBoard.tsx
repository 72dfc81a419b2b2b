'use client';

import { type ReactNode, useMemo, useRef, useState } from 'react';
import Plus from 'lucide-react/icons/plus';
import { Tabs } from '@/components/session/Tabs';
import { useHeldFocus } from '@/components/ui/held-focus';
import { KeyButton } from '@/components/ui/KeyButton';
import { freshRule } from '@/lib/domain/policy/editing';
import type { PolicyVersion } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import type { TeamRow } from '@/lib/domain/team';
import { adminKeys } from '../admin-keys';
import { BoardDialogs, type OpenDialog } from './BoardDialogs';
import { BoardTab, type TabKey } from './BoardTab';
import { countWords } from './count-words';
import { DraftBar } from './DraftBar';
import { FileActions } from './FileActions';
import { OvertakenNote } from './OvertakenNote';
import { RuleEditor } from './RuleEditor';
import { formOf } from './rule-form';
import type { RulesScreenProps } from './RulesScreen';
import { nothingTold, type Told, ToldLine } from './ToldLine';
import type { RulesDesk, RulesView } from './rules-props';
import { type Checked, useChecked } from './use-checked';
import { type RulesEditing, useRulesDraft } from './use-rules-draft';

export interface RulesBoardProps extends Pick<RulesScreenProps, 'me' | 'line' | 'now' | 'desk' | 'onSaved'> {
  readonly view: RulesView;
  /** Reads what is in force again. */
  readonly onAgain: () => void;
}

export function RulesBoard(props: RulesBoardProps): ReactNode {
  const { view, me, line, now, desk } = props;
  const names = useTeamNames(view.teams);
  const editing = useRulesDraft(me, view.current);
  const [tab, setTab] = useState<TabKey>('rules');
  const { dialog, setDialog, told, saved, onTop, onTheirs, save } = useSaving(props, editing);
  const checked = useChecked(editing.changes.length === 0 ? null : editing.rules, desk.check);
  const page = useRef<HTMLDivElement>(null);
  useHeldFocus(page);
  return (
    <div className="main ad-page rl-page" ref={page}>
      <BoardHead
        view={view}
        editing={editing}
        desk={desk}
        onAdd={() => openNew(editing)}
        onImported={() => setDialog({ is: 'changes' })}
      />
      <div className="rl-tabs">
        <Tabs label="Rules" tabs={tabsOf(view)} open={tab} onOpen={setTab} />
      </div>
      {editing.standing === 'overtaken' ? (
        <OvertakenNote view={view} editing={editing} names={names} now={now} onTop={onTop} onTheirs={onTheirs} />
      ) : null}
      <ToldLine told={told} draft={editing.changes.length === 0 && editing.open === null ? 'none' : 'begun'} />
      <section className="scroll" aria-label="Rules">
        <BoardTab
          {...props}
          tab={tab}
          names={names}
          editing={editing}
          problems={checked.problems}
          onEdit={(id) => openRule(editing, id)}
          onRestore={(version) => {
            editing.begin(version.rules);
            setDialog({ is: 'save', note: `Version ${version.version} restored` });
          }}
        />
      </section>
      <DraftBar editing={editing} blocked={blockedWords(editing, checked, line)} onDialog={setDialog} />
      <BoardDialogs
        dialog={dialog}
        editing={editing}
        names={names}
        save={save}
        onSaved={saved}
        onClose={() => setDialog({ is: 'none' })}
      />
      <OpenEditor editing={editing} teams={view.teams} desk={desk} />
    </div>
  );
}

interface Saving {
  readonly dialog: OpenDialog;
  readonly setDialog: (dialog: OpenDialog) => void;
  readonly told: Told;
  readonly save: RulesDesk['save'];
  readonly saved: (version: PolicyVersion) => void;
  readonly onTop: () => void;
  readonly onTheirs: () => void;
}

function useSaving({ view, desk, onSaved, onAgain }: RulesBoardProps, editing: RulesEditing): Saving {
  const [dialog, setDialog] = useState<OpenDialog>({ is: 'none' });
  const [told, setTold] = useState(nothingTold);
  return {
    dialog,
    setDialog: (next) => {
      // What was told with a dialog is read once that is closed.
      if (next.is !== 'none') setTold(nothingTold);
      setDialog(next);
    },
    told,
    save: async (saving) => {
      const reply = await desk.save(saving);
      // Someone was faster: what they saved is read, and the page offers both ways on.
      if (!reply.ok && reply.code === 'stale_revision') onAgain();
      return reply;
    },
    saved: (version) => {
      setDialog({ is: 'none' });
      editing.discard();
      setTold({ words: `Version ${version.version} is in force.`, undo: null });
      onSaved(version);
    },
    onTop: () => {
      const clashes = editing.onTop();
      const words = clashes.length === 0 ? '' : ` Both changed ${clashes.join(', ')}: yours is kept.`;
      setTold({ words: `Your changes are on top of theirs, and not saved yet.${words}`, undo: null });
      setDialog({ is: 'changes' });
    },
    onTheirs: () => {
      const mine = editing.changes.length;
      const dropped = `${countWords(mine)} to version ${editing.base.version} ${mine === 1 ? 'is' : 'are'} dropped`;
      const takeBack = editing.discard();
      const undo = (): void => {
        takeBack();
        setTold(nothingTold);
      };
      setTold({ words: `This is version ${view.current.version}. Your ${dropped}.`, undo });
    },
  };
}

function openNew(editing: RulesEditing): void {
  editing.setOpen({ id: null, index: 0, form: formOf(freshRule('')) });
}

function openRule(editing: RulesEditing, id: string): void {
  const index = editing.rules.findIndex((rule) => rule.id === id);
  const rule = editing.rules[index];
  if (rule !== undefined) editing.setOpen({ id, index, form: formOf(rule) });
}

interface BoardHeadProps extends Pick<RulesBoardProps, 'view' | 'desk'> {
  readonly editing: RulesEditing;
  readonly onAdd: () => void;
  readonly onImported: () => void;
}

function BoardHead({ view, editing, desk, onAdd, onImported }: BoardHeadProps): ReactNode {
  return (
    <header className="bar">
      <h1 className="page-title">Rules</h1>
      {editing.rules.length === 0 ? null : <span className="count">{editing.rules.length}</span>}
      <span className="grow" />
      <FileActions
        version={view.current.version}
        unsaved={editing.changes.length}
        read={desk.import}
        write={desk.export}
        onRules={(rules) => {
          editing.begin(rules);
          onImported();
        }}
      />
      <KeyButton of={adminKeys.newRule} icon={Plus} look="primary" onClick={onAdd}>
        New rule
      </KeyButton>
    </header>
  );
}

function OpenEditor({
  editing,
  teams,
  desk,
}: Pick<BoardHeadProps, 'editing' | 'desk'> & { readonly teams: readonly TeamRow[] }): ReactNode {
  const { open, rules, setOpen, take } = editing;
  if (open === null) return null;
  return (
    <RuleEditor
      key={open.id ?? ''}
      open={open}
      rules={rules}
      teams={teams}
      check={desk.check}
      onForm={(form) => setOpen({ ...open, form })}
      onTake={take}
      onClose={() => setOpen(null)}
    />
  );
}

function tabsOf({ versions }: RulesView): readonly {
  readonly key: TabKey;
  readonly label: string;
  readonly count?: number;
}[] {
  return [
    { key: 'rules', label: 'In order' },
    { key: 'try', label: 'Try it' },
    { key: 'backtest', label: 'Backtest' },
    { key: 'versions', label: 'Versions', count: versions.length },
  ];
}

/** Why the draft cannot be saved now; null when it can. */
function blockedWords(editing: RulesEditing, checked: Checked, line: 'online' | 'offline'): string | null {
  if (editing.standing === 'overtaken') return 'Someone saved meanwhile: choose above how to go on.';
  if (line === 'offline') return 'Offline. Your changes are kept in this tab.';
  const wrong = new Set(checked.problems.map(({ rule }) => rule)).size;
  if (checked.is === 'checked' && wrong > 0) {
    return `${countWords(editing.changes.length)} cannot be saved: ${wrong === 1 ? '1 rule has an error' : `${wrong} rules have errors`}.`;
  }
  return null;
}

function useTeamNames(teams: readonly TeamRow[]): TeamNames {
  return useMemo(() => {
    const byId = new Map(teams.map(({ id, name }) => [id, name]));
    return (id) => byId.get(id) ?? id;
  }, [teams]);
}
