import { type DragEvent, type KeyboardEvent, type ReactNode, useRef } from 'react';
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line';
import ArrowUp from 'lucide-react/icons/arrow-up';
import ArrowUpToLine from 'lucide-react/icons/arrow-up-to-line';
import Copy from 'lucide-react/icons/copy';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Grip from 'lucide-react/icons/grip-vertical';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import { IconButton } from '@/components/ui/IconButton';
import { Menu, type MenuEntry } from '@/components/ui/Menu';
import { Tag } from '@/components/ui/Tag';
import { visibleText } from '@/components/ui/visible-text';
import type { RuleChange } from '@/lib/domain/policy/editing';
import { type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import { approversWords, deadlineWords, routeWords, type TeamNames } from '@/lib/domain/policy/words';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import { DecisionTag } from './DecisionTag';

export interface RuleRowProps {
  readonly rule: PolicyRule;
  readonly place: { readonly index: number; readonly of: number };
  readonly change: RuleChange['kind'] | null;
  readonly problem: RuleProblem | null;
  readonly names: TeamNames;
  readonly mark: 'dragged' | 'before' | 'after' | null;
  readonly onDragStart: () => void;
  readonly onDragOver: (event: DragEvent<HTMLElement>) => void;
  readonly onDrop: () => void;
  readonly onDragEnd: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onMove: (to: number) => void;
  readonly onEnabled: (enabled: boolean) => void;
  readonly onEdit: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

export function RuleRow(props: RuleRowProps): ReactNode {
  const { rule, place, mark, onDragOver, onKeyDown, onEnabled } = props;
  return (
    <tr
      className={`${rule.enabled ? '' : 'off'} ${mark === null ? '' : `rl-${mark}`}`}
      data-rule={rule.id}
      onDragOver={onDragOver}
      onDrop={props.onDrop}
      onDragEnd={props.onDragEnd}
      onKeyDown={onKeyDown}
    >
      <td className="num">
        <Place {...props} />
        {place.index + 1}
      </td>
      <td>
        <input
          type="checkbox"
          role="switch"
          aria-checked={rule.enabled}
          className="switch"
          aria-label={`Rule ${rule.id} is on`}
          checked={rule.enabled}
          onChange={(event) => onEnabled(event.target.checked)}
        />
      </td>
      <td>
        <DecisionTag of={rule.decision} />
      </td>
      <td>
        <NameCell {...props} />
      </td>
      <td>
        <code className="mono rl-cel">{visibleText(rule.when)}</code>
      </td>
      <td>
        <TermsCell rule={rule} names={props.names} />
      </td>
      <td className="r">
        <Actions {...props} />
      </td>
    </tr>
  );
}

/** What a mouse drags it by; keys and buttons do the same. */
function Place({ onDragStart, rule }: RuleRowProps): ReactNode {
  const handle = useRef<HTMLSpanElement>(null);
  const start = (event: DragEvent): void => {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', rule.id);
    const row = handle.current?.closest('tr');
    if (row) event.dataTransfer.setDragImage(row, 16, 16);
    onDragStart();
  };
  return (
    <span ref={handle} className="rl-grip" draggable onDragStart={start} aria-hidden="true" title="Drag to move">
      <Icon of={Grip} size="sm" />
    </span>
  );
}

const changeWords: { readonly [K in RuleChange['kind']]: string } = {
  added: 'new',
  changed: 'changed',
  moved: 'moved',
  removed: 'removed',
};

function NameCell({ rule, change, problem, onEdit }: RuleRowProps): ReactNode {
  return (
    <div className="rl-rule">
      <span className="row wrap rl-rule-h">
        <button type="button" className="link medium" aria-label={`Edit rule ${rule.id}`} onClick={onEdit}>
          {rule.id}
        </button>
        {change === null ? null : <Tag tone="accent">{changeWords[change]}</Tag>}
        {rule.enabled ? null : <Tag>off</Tag>}
        {rule.sampling === 'model' ? <Tag tone="model">model replies unreviewed</Tag> : null}
      </span>
      {rule.reason === null ? null : <span className="meta">{visibleText(rule.reason)}</span>}
      {problem === null ? null : (
        <span className="err">
          <Icon of={TriangleAlert} size="xs" />
          {problem.message}
        </span>
      )}
    </div>
  );
}

function TermsCell({ rule, names }: { readonly rule: PolicyRule; readonly names: TeamNames }): ReactNode {
  const questions =
    rule.questionsTeam === null || rule.decision === 'deny' ? null : `questions to ${names(rule.questionsTeam)}`;
  if (rule.decision !== 'hold') return <span className="t2">{questions ?? <span className="t3">nobody</span>}</span>;
  const terms = rule.hold ?? usualTerms;
  return (
    <div className="rl-terms">
      <span>{approversWords(terms, names)}</span>
      <span className={terms.atDeadline === 'allow' ? 'rl-warn' : 'meta'}>
        {terms.atDeadline === 'allow' ? <Icon of={TriangleAlert} size="xs" /> : null}
        {deadlineWords(terms)}
      </span>
      <span className="meta">
        {[`asks ${routeWords(terms, names)}`, ...(questions === null ? [] : [questions])].join('; ')}
      </span>
    </div>
  );
}

function Actions({ rule, place, onMove, onEdit, onDuplicate, onDelete }: RuleRowProps): ReactNode {
  const { index, of } = place;
  const entries: readonly MenuEntry[] = [
    { kind: 'action', label: 'Edit', icon: Pencil, onPick: onEdit },
    { kind: 'action', label: 'Duplicate', detail: 'A copy behind it, switched off', icon: Copy, onPick: onDuplicate },
    { kind: 'action', label: 'Move to the top', icon: ArrowUpToLine, onPick: () => onMove(0) },
    { kind: 'action', label: 'Move to the end', icon: ArrowDownToLine, onPick: () => onMove(of - 1) },
    { kind: 'line' },
    { kind: 'action', label: 'Delete', tone: 'danger', icon: Trash, onPick: onDelete },
  ];
  return (
    <span className="rl-acts">
      <IconButton
        of={ArrowUp}
        label={`Move ${rule.id} up`}
        aria-keyshortcuts="Alt+ArrowUp"
        aria-disabled={index === 0}
        onClick={() => onMove(index - 1)}
      />
      <IconButton
        of={ArrowDown}
        label={`Move ${rule.id} down`}
        aria-keyshortcuts="Alt+ArrowDown"
        aria-disabled={index === of - 1}
        onClick={() => onMove(index + 1)}
      />
      <Menu label={`More for ${rule.id}`} entries={entries} align="end">
        <Icon of={Ellipsis} size="sm" />
      </Menu>
    </span>
  );
}
