'use client';

import { type FormEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import Check from 'lucide-react/icons/check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { TeamRow } from '@/lib/domain/team';
import type { RuleProblem } from '@/lib/protocol/command/rules';
import { ConditionField } from './ConditionField';
import { decisionLooks } from './DecisionTag';
import { Check as CheckBox, Field, Radios, TeamSelect } from './fields';
import { HoldFields, type RuleFieldsProps } from './HoldFields';
import type { OpenRule } from './draft-storage';
import { fieldOf, type FormProblems, formOf, readForm, type RuleForm } from './rule-form';
import type { RulesDesk } from './rules-props';
import { type Checked, useChecked } from './use-checked';
import { type Standing, type Taking, useTaking } from './use-taking';
import { withRule } from './use-rules-draft';
import { Icon } from '@/components/ui/Icon';

export interface RuleEditorProps {
  readonly open: OpenRule;
  /** The draft it belongs to. */
  readonly rules: readonly PolicyRule[];
  readonly teams: readonly TeamRow[];
  readonly check: RulesDesk['check'];
  readonly onForm: (form: RuleForm) => void;
  readonly onTake: (rule: PolicyRule) => void;
  readonly onClose: () => void;
}

/** One rule in a panel. What is typed goes to the draft by its button, and is kept over a reload until then. */
export function RuleEditor(props: RuleEditorProps): ReactNode {
  const { open, rules, check, onForm, onTake, onClose } = props;
  const formId = useId();
  const formRef = useRef<HTMLFormElement>(null);
  const [leaving, setLeaving] = useState<'asked' | 'no'>('no');
  const read = useRead(open, rules);
  const checked = useChecked(read.together, check);
  const found = checked.problems.filter(({ rule }) => rule === read.rule.id);
  const standing = standingOf(read.problems, checked.is, found);
  const { taking, ask, unask } = useTaking({ standing, form: formRef, take: () => onTake(read.rule) });
  const leave = (): void => (read.isTouched ? setLeaving('asked') : onClose());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask();
  };
  const footer =
    leaving === 'asked' ? (
      <LeaveFooter onStay={() => setLeaving('no')} onLeave={onClose} />
    ) : (
      <>
        <span className="meta grow" role="status">
          {takingWords(taking, standing)}
        </span>
        <Button size="lg" hint="Esc" onClick={leave}>
          Cancel
        </Button>
        <Button size="lg" look="primary" icon={Check} type="submit" form={formId} hint="Ctrl Enter">
          {open.id === null ? 'Add to draft' : 'Keep in draft'}
        </Button>
      </>
    );
  return (
    <div className="rl-drawer">
      <Dialog title={open.id === null ? 'New rule' : `Rule ${open.id}`} onClose={leave} footer={footer} size="lg">
        <form id={formId} ref={formRef} className="stack rl-form" onSubmit={submit} noValidate>
          <EditorFields
            form={open.form}
            teams={props.teams}
            problemOf={problemOf(read.problems, found, { form: open.form, taking })}
            found={found.find(({ field }) => field === 'when') ?? null}
            state={checked.is}
            onChange={(part) => {
              unask();
              onForm({ ...open.form, ...part });
            }}
          />
          <Unplaced found={found} />
        </form>
      </Dialog>
    </div>
  );
}

function standingOf(own: FormProblems, checked: Checked['is'], found: readonly RuleProblem[]): Standing {
  if (own.size > 0) return 'wrong';
  if (checked === 'checking') return 'checking';
  return checked === 'checked' && found.length > 0 ? 'wrong' : 'right';
}

function takingWords(taking: Taking, standing: Standing): string {
  if (taking === 'waiting') return 'The rule is being checked …';
  return taking === 'tried' && standing === 'wrong'
    ? 'Some fields need another look.'
    : 'Not in force before you save the draft.';
}

function useRead(
  { id, index, form }: OpenRule,
  rules: readonly PolicyRule[],
): {
  readonly rule: PolicyRule;
  readonly problems: FormProblems;
  readonly isTouched: boolean;
  /** The draft with this rule in it, for the server to check; null while it has no name or condition. */
  readonly together: readonly PolicyRule[] | null;
} {
  return useMemo(() => {
    const others = rules.filter((rule) => rule.id !== id).map((rule) => rule.id);
    const { rule, problems } = readForm(form, others);
    const named = problems.has('id') ? { ...rule, id: 'new-rule' } : rule;
    const original = rules.find((known) => known.id === id);
    const isTouched = JSON.stringify(original === undefined ? '' : formOf(original)) !== JSON.stringify(form);
    const isBare = original === undefined && form.when === '' && form.id === '' && form.reason === '';
    return {
      rule: named,
      problems,
      isTouched: isTouched && !isBare,
      together: form.when.trim() === '' ? null : withRule(rules, { id, index }, named),
    };
  }, [id, index, form, rules]);
}

/** Before the first try an empty field is not yet wrong. */
function problemOf(
  own: FormProblems,
  found: readonly RuleProblem[],
  { form, taking }: { readonly form: RuleForm; readonly taking: Taking },
): RuleFieldsProps['problemOf'] {
  return (field) => {
    const isEmpty = (field === 'id' && form.id === '') || (field === 'when' && form.when.trim() === '');
    const mine = own.get(field);
    if (mine !== undefined) return isEmpty && taking === 'fresh' ? null : mine;
    return found.find((problem) => fieldOf(problem.field) === field)?.message ?? null;
  };
}

interface EditorFieldsProps extends RuleFieldsProps {
  readonly found: RuleProblem | null;
  readonly state: Checked['is'];
}

function EditorFields(props: EditorFieldsProps): ReactNode {
  const { form, problemOf: problem, found, state, onChange } = props;
  return (
    <>
      <div className="rl-name">
        <Field label="Name" problem={problem('id')} help="Stands in the record of every call it decides.">
          {(ties) => (
            <input
              {...ties}
              className="input mono"
              value={form.id}
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
              placeholder="prod-writes"
              onChange={(event) => onChange({ id: event.target.value })}
            />
          )}
        </Field>
        <CheckBox label="On" checked={form.enabled} onChecked={(enabled) => onChange({ enabled })} />
      </div>
      <ConditionField
        value={form.when}
        own={found === null ? problem('when') : null}
        found={found}
        state={state}
        onValue={(when) => onChange({ when })}
      />
      <Radios
        label="Decision"
        look="three"
        value={form.decision}
        options={[
          { key: 'allow', label: <Named of="allow" />, help: 'Sent at once.' },
          { key: 'hold', label: <Named of="hold" />, help: 'Waits for people.' },
          { key: 'deny', label: <Named of="deny" />, help: 'Refused, wherever the rule stands.' },
        ]}
        onValue={(decision) => onChange({ decision })}
      />
      <ReasonField {...props} />
      {form.decision === 'hold' ? <HoldFields {...props} /> : null}
      {form.decision === 'deny' ? null : <DuringFields {...props} />}
    </>
  );
}

function Named({ of }: { readonly of: RuleForm['decision'] }): ReactNode {
  const words = { allow: 'Allow', hold: 'Hold', deny: 'Deny' }[of];
  return (
    <span className="row rl-named">
      <Icon of={decisionLooks[of].icon} size="sm" />
      {words}
    </span>
  );
}

const reasonHelp: { readonly [D in RuleForm['decision']]: string } = {
  allow: 'For whoever reads the rules: why these calls may go.',
  hold: 'Approvers read it: why this is asked of them.',
  deny: 'The agent gets these words with the refusal.',
};

function ReasonField({ form, problemOf: problem, onChange }: RuleFieldsProps): ReactNode {
  return (
    <Field label="Reason" optional problem={problem('reason')} help={reasonHelp[form.decision]}>
      {(ties) => (
        <textarea
          {...ties}
          className="input"
          rows={2}
          maxLength={500}
          value={form.reason}
          onChange={(event) => onChange({ reason: event.target.value })}
        />
      )}
    </Field>
  );
}

/** What holds while such a call runs. */
function DuringFields({ form, teams, problemOf: problem, onChange }: RuleFieldsProps): ReactNode {
  return (
    <section className="sect stack rl-part">
      <h3>While such a call runs</h3>
      <Field label="The server’s questions go to" problem={problem('questionsTeam')}>
        {(ties) => (
          <TeamSelect
            ties={ties}
            teams={teams}
            value={form.questionsTeam}
            none="Everyone who may answer"
            onValue={(questionsTeam) => onChange({ questionsTeam })}
          />
        )}
      </Field>
      <Radios
        label="When the server asks for a model’s words (sampling)"
        value={form.sampling}
        options={[
          { key: 'person', label: 'A person writes or reviews the reply' },
          { key: 'model', label: 'The model answers, unreviewed' },
        ]}
        problem={problem('sampling')}
        onValue={(sampling) => onChange({ sampling })}
      />
      {form.sampling === 'model' ? (
        <Note icon={TriangleAlert} tone="person" live="status">
          The server chooses the prompt and reads the reply, and nobody looks at either. Use it only for servers you
          trust with what the model may say, and with its cost.
        </Note>
      ) : null}
    </section>
  );
}

/** Problems no field of the form is about. */
function Unplaced({ found }: { readonly found: readonly RuleProblem[] }): ReactNode {
  const rest = found.filter(({ field }) => fieldOf(field) === null);
  if (rest.length === 0) return null;
  return (
    <Note icon={TriangleAlert} tone="danger" live="status">
      {rest.map(({ field, message }) => (
        <p key={field}>{message}</p>
      ))}
    </Note>
  );
}

function LeaveFooter({ onStay, onLeave }: { readonly onStay: () => void; readonly onLeave: () => void }): ReactNode {
  return (
    <>
      <span className="grow" role="alert">
        Drop what you changed in this rule?
      </span>
      <Button size="lg" onClick={onStay}>
        Go on editing
      </Button>
      <Button size="lg" look="danger-solid" onClick={onLeave}>
        Drop changes
      </Button>
    </>
  );
}
