'use client';

import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import Check from 'lucide-react/icons/check';
import User from 'lucide-react/icons/user';
import { Icon } from '@/components/ui/Icon';
import { moveRule, type RuleChange } from '@/lib/domain/policy/editing';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { TeamNames } from '@/lib/domain/policy/words';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import { DecisionTag } from './DecisionTag';
import { RuleRow } from './RuleRow';

export interface RulesTableProps {
  readonly rules: readonly PolicyRule[];
  readonly changes: readonly RuleChange[];
  readonly problems: readonly RuleProblem[];
  readonly names: TeamNames;
  readonly onRules: (rules: readonly PolicyRule[]) => void;
  readonly onEdit: (id: string) => void;
  readonly onDuplicate: (id: string) => void;
}

interface Dragging {
  readonly from: number;
  /** The gap it would go to: 0 before the first. */
  readonly gap: number;
}

/** The ordered list, with the two rules that are always there at its end. */
export function RulesTable(props: RulesTableProps): ReactNode {
  const { rules, changes, problems, names, onRules, onEdit, onDuplicate } = props;
  const [said, setSaid] = useState('');
  const move = (from: number, to: number): void => {
    const moved = moveRule(rules, from, to);
    const rule = rules[from];
    if (moved === rules || rule === undefined) return;
    onRules(moved);
    setSaid(`${rule.id} is now at place ${to + 1} of ${rules.length}.`);
  };
  const drag = useDrag(move);
  const keys = (event: KeyboardEvent, index: number): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!event.altKey || step === 0) return;
    event.preventDefault();
    move(index, index + step);
  };
  return (
    <>
      <table className="table ad rl-table">
        <TableHead />
        <tbody>
          {rules.map((rule, index) => (
            <RuleRow
              key={keyOf(rules, index)}
              rule={rule}
              place={{ index, of: rules.length }}
              change={changeOf(changes, rule.id)}
              problem={problems.find((problem) => problem.rule === rule.id) ?? null}
              names={names}
              mark={markOf(drag.dragging, index, rules.length)}
              onDragStart={() => drag.begin(index)}
              onDragOver={(event) => drag.over(event, index)}
              onDrop={drag.drop}
              onDragEnd={drag.end}
              onKeyDown={(event) => keys(event, index)}
              onMove={(to) => move(index, to)}
              onEnabled={(enabled) => onRules(rules.with(index, { ...rule, enabled }))}
              onEdit={() => onEdit(rule.id)}
              onDuplicate={() => onDuplicate(rule.id)}
              onDelete={() => onRules(rules.toSpliced(index, 1))}
            />
          ))}
          <DefaultRow place={rules.length + 1} of="allow" />
          <DefaultRow place={rules.length + 2} of="hold" />
        </tbody>
      </table>
      <p className="sr" role="status">
        {said}
      </p>
    </>
  );
}

interface Drag {
  readonly dragging: Dragging | null;
  readonly begin: (index: number) => void;
  readonly over: (event: DragEvent<HTMLElement>, index: number) => void;
  readonly drop: () => void;
  readonly end: () => void;
}

function useDrag(move: (from: number, to: number) => void): Drag {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  return {
    dragging,
    begin: (index) => setDragging({ from: index, gap: index }),
    over: (event, index) => {
      if (dragging === null) return;
      event.preventDefault();
      const { top, height } = event.currentTarget.getBoundingClientRect();
      const gap = event.clientY < top + height / 2 ? index : index + 1;
      if (gap !== dragging.gap) setDragging({ ...dragging, gap });
    },
    drop: () => {
      if (dragging === null) return;
      setDragging(null);
      move(dragging.from, dragging.gap > dragging.from ? dragging.gap - 1 : dragging.gap);
    },
    end: () => setDragging(null),
  };
}

function TableHead(): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="sr">Place</span>
          <span aria-hidden="true">#</span>
        </th>
        <th scope="col">On</th>
        <th scope="col">Decision</th>
        <th scope="col">Rule</th>
        <th scope="col">Condition</th>
        <th scope="col">Who approves, until when</th>
        <th scope="col">
          <span className="sr">Move and more</span>
        </th>
      </tr>
    </thead>
  );
}

/** An imported list may name two rules alike until that is put right. */
function keyOf(rules: readonly PolicyRule[], index: number): string {
  const id = rules[index]?.id ?? '';
  const first = rules.findIndex((rule) => rule.id === id);
  return first === index ? id : `${id} ${index}`;
}

function changeOf(changes: readonly RuleChange[], id: string): RuleChange['kind'] | null {
  const found = changes.find((change) =>
    change.kind === 'changed' ? change.after.id === id : change.kind !== 'removed' && change.rule.id === id,
  );
  return found?.kind ?? null;
}

function markOf(dragging: Dragging | null, index: number, count: number): 'dragged' | 'before' | 'after' | null {
  if (dragging === null) return null;
  if (dragging.from === index) return 'dragged';
  const stays = dragging.gap === dragging.from || dragging.gap === dragging.from + 1;
  if (stays) return null;
  if (dragging.gap === index) return 'before';
  return dragging.gap === count && index === count - 1 ? 'after' : null;
}

const defaults = {
  allow: { icon: Check, when: 'Read-only on a trusted server', who: 'Nobody is asked.' },
  hold: { icon: User, when: 'Every other call', who: '1 person of everyone who may answer; usual time, then denied' },
} as const;

function DefaultRow({ place, of }: { readonly place: number; readonly of: 'allow' | 'hold' }): ReactNode {
  const { icon, when, who } = defaults[of];
  return (
    <tr className="rl-default">
      <td className="num t3">{place}</td>
      <td>
        <span className="t3 rl-always">always</span>
      </td>
      <td>
        <DecisionTag of={of} />
      </td>
      <td>
        <span className="medium">default</span>
      </td>
      <td>
        <span className="row t2">
          <Icon of={icon} size="sm" />
          {when}
        </span>
      </td>
      <td className="t2">{who}</td>
      <td className="t3 r">fixed</td>
    </tr>
  );
}
