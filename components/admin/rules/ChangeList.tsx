import type { ReactNode } from 'react';
import MoveVertical from 'lucide-react/icons/move-vertical';
import Minus from 'lucide-react/icons/minus';
import Pencil from 'lucide-react/icons/pencil';
import Plus from 'lucide-react/icons/plus';
import { Icon } from '@/components/ui/Icon';
import { visibleText } from '@/components/ui/visible-text';
import type { RuleChange } from '@/lib/domain/policy/editing';
import { type HoldTerms, type PolicyRule, usualTerms } from '@/lib/domain/policy/rule';
import {
  approversWords,
  deadlineWords,
  fieldNames,
  type RuleField,
  ruleFields,
  ruleFieldWords,
  type TeamNames,
  termFields,
  termFieldWords,
} from '@/lib/domain/policy/words';
import { DecisionTag } from './DecisionTag';

export interface ChangeListProps {
  readonly label: string;
  readonly changes: readonly RuleChange[];
  readonly names: TeamNames;
}

const looks = {
  added: { icon: Plus, words: 'Added' },
  removed: { icon: Minus, words: 'Removed' },
  changed: { icon: Pencil, words: 'Changed' },
  moved: { icon: MoveVertical, words: 'Moved' },
} as const;

/** What turns one version into another, rule by rule. */
export function ChangeList({ label, changes, names }: ChangeListProps): ReactNode {
  return (
    <ul className="rl-changes" aria-label={label}>
      {changes.map((change) => (
        <li key={`${change.kind} ${nameOf(change)}`} className={`rl-change ${change.kind}`}>
          <p className="row wrap rl-change-h">
            <Icon of={looks[change.kind].icon} size="sm" />
            <span className="medium">{looks[change.kind].words}</span>
            <span className="mono">{nameOf(change)}</span>
            <span className="meta">{placeWords(change)}</span>
          </p>
          <Body change={change} names={names} />
        </li>
      ))}
    </ul>
  );
}

function nameOf(change: RuleChange): string {
  return change.kind === 'changed' ? change.after.id : change.rule.id;
}

function placeWords(change: RuleChange): string {
  switch (change.kind) {
    case 'added':
      return `at place ${change.place}`;
    case 'removed':
      return `from place ${change.place}`;
    case 'moved':
      return `from place ${change.moved.from} to ${change.moved.to}`;
    case 'changed':
      return change.moved === null ? '' : `and moved from place ${change.moved.from} to ${change.moved.to}`;
  }
}

function Body({ change, names }: { readonly change: RuleChange; readonly names: TeamNames }): ReactNode {
  if (change.kind === 'moved') return null;
  if (change.kind === 'changed') return <Fields change={change} names={names} />;
  return <Whole rule={change.rule} names={names} />;
}

function Whole({ rule, names }: { readonly rule: PolicyRule; readonly names: TeamNames }): ReactNode {
  const terms = rule.hold ?? usualTerms;
  return (
    <div className="rl-whole">
      <span className="row wrap">
        <DecisionTag of={rule.decision} />
        {rule.enabled ? null : <span className="meta">switched off</span>}
        {rule.decision === 'hold' ? (
          <span className="meta">
            {approversWords(terms, names)}; {deadlineWords(terms)}
          </span>
        ) : null}
      </span>
      <code className="mono rl-cel">{visibleText(rule.when)}</code>
    </div>
  );
}

interface FieldsProps {
  readonly change: Extract<RuleChange, { readonly kind: 'changed' }>;
  readonly names: TeamNames;
}

function Fields({ change: { before, after, fields }, names }: FieldsProps): ReactNode {
  return (
    <dl className="rl-fields">
      {fields.map((field) => (
        <div key={field}>
          <dt>{fieldNames[field]}</dt>
          <dd>
            <del>
              <span className="sr">before: </span>
              {wordsOf(before, field, names)}
            </del>
            <ins>
              <span className="sr">now: </span>
              {wordsOf(after, field, names)}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function wordsOf(rule: PolicyRule, field: RuleField, names: TeamNames): string {
  const top = ruleFields.find((known) => known === field);
  if (top !== undefined) return visibleText(ruleFieldWords(rule, top, names));
  const term = termFields.find((known): known is keyof HoldTerms => known === field);
  return term === undefined ? '' : visibleText(termFieldWords(rule.hold ?? usualTerms, term, names));
}
