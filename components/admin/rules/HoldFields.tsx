import type { ReactNode } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Note } from '@/components/ui/Note';
import type { RuleField } from '@/lib/domain/policy/words';
import type { TeamRow } from '@/lib/domain/team';
import { ApprovalsField } from './ApprovalsField';
import { Check, Field, Radios, TeamSelect } from './fields';
import type { RuleForm } from './rule-form';

export interface RuleFieldsProps {
  readonly form: RuleForm;
  readonly teams: readonly TeamRow[];
  readonly problemOf: (field: RuleField) => string | null;
  readonly onChange: (part: Partial<RuleForm>) => void;
}

/** Every term of holding a call. */
export function HoldFields(props: RuleFieldsProps): ReactNode {
  return (
    <>
      <WhoFields {...props} />
      <TimeFields {...props} />
      <MayFields {...props} />
    </>
  );
}

function WhoFields({ form, teams, problemOf, onChange }: RuleFieldsProps): ReactNode {
  return (
    <section className="sect stack rl-part">
      <h3>Who approves</h3>
      <Field label="Team" problem={problemOf('team')} help="Only they and admins see the request.">
        {(ties) => (
          <TeamSelect
            ties={ties}
            teams={teams}
            value={form.team}
            none="Everyone who may answer"
            onValue={(team) => onChange({ team })}
          />
        )}
      </Field>
      <ApprovalsField
        approvals={form.approvals}
        teams={teams}
        problem={problemOf('approvals')}
        onApprovals={(approvals) => onChange({ approvals })}
      />
      <Field
        label="Denials needed"
        problem={problemOf('denials')}
        help="So many people must decline before the call is refused."
      >
        {(ties) => (
          <input
            {...ties}
            className="input num rl-short"
            inputMode="numeric"
            maxLength={2}
            value={form.denials}
            onChange={(event) => onChange({ denials: event.target.value })}
          />
        )}
      </Field>
      <div className="stack rl-checks">
        <Check
          label="The agent’s owner may approve"
          help="Off separates duties: who answers for an agent does not approve its calls."
          checked={form.ownerMayApprove}
          onChecked={(ownerMayApprove) => onChange({ ownerMayApprove })}
        />
        <Check
          label="An approval needs a reason"
          help="It stands in the record, not in what the agent hears."
          checked={form.reasonRequired}
          onChecked={(reasonRequired) => onChange({ reasonRequired })}
        />
      </div>
    </section>
  );
}

function TimeFields(props: RuleFieldsProps): ReactNode {
  const { form, teams, problemOf, onChange } = props;
  return (
    <section className="sect stack rl-part">
      <h3>Time</h3>
      <Field
        label="Deadline"
        optional
        problem={problemOf('deadlineMs')}
        help="Such as 15m, 2h or 1d. Empty: the configured time. The agent’s or server’s own limit may be earlier."
      >
        {(ties) => (
          <input
            {...ties}
            className="input num rl-short"
            placeholder="15m"
            autoComplete="off"
            value={form.deadline}
            onChange={(event) => onChange({ deadline: event.target.value })}
          />
        )}
      </Field>
      <Radios
        label="When nobody answered in time"
        value={form.atDeadline}
        options={[
          { key: 'deny', label: 'Deny', help: 'The agent hears that no one answered.' },
          { key: 'allow', label: 'Allow', help: 'The call is sent although nobody looked at it.' },
        ]}
        onValue={(atDeadline) => onChange({ atDeadline })}
      />
      {form.atDeadline === 'allow' ? (
        <Note icon={TriangleAlert} tone="danger" live="status">
          Calls of this rule go out unseen when everyone is away. Whoever can wait can get them through.
        </Note>
      ) : null}
      <EscalationField {...props} />
      <Field
        label="Fallback team"
        optional
        problem={problemOf('fallbackTeam')}
        help="Asked too when nobody of the team is there: all out of office or signed out for good."
      >
        {(ties) => (
          <TeamSelect
            ties={ties}
            teams={teams}
            value={form.fallbackTeam}
            none="None"
            onValue={(fallbackTeam) => onChange({ fallbackTeam })}
          />
        )}
      </Field>
    </section>
  );
}

function EscalationField({ form, teams, problemOf, onChange }: RuleFieldsProps): ReactNode {
  return (
    <fieldset className="field" data-problem={problemOf('escalation') === null ? undefined : 'yes'}>
      <legend>
        Escalation <span className="opt">optional</span>
      </legend>
      <div className="rl-escalate">
        <Field label="After" problem={problemOf('escalation')}>
          {(ties) => (
            <input
              {...ties}
              className="input num"
              placeholder="10m"
              autoComplete="off"
              value={form.escalateAfter}
              onChange={(event) => onChange({ escalateAfter: event.target.value })}
            />
          )}
        </Field>
        <Field label="also ask" problem={null}>
          {(ties) => (
            <TeamSelect
              ties={ties}
              teams={teams}
              value={form.escalateTeam}
              none="Nobody else"
              onValue={(escalateTeam) => onChange({ escalateTeam })}
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

function MayFields({ form, problemOf, onChange }: RuleFieldsProps): ReactNode {
  return (
    <section className="sect stack rl-part">
      <h3>What an approver may do</h3>
      <Radios
        label="Edit arguments"
        value={form.editable}
        options={[
          { key: 'none', label: 'None' },
          { key: 'some', label: 'Only these' },
          { key: 'all', label: 'All of them' },
        ]}
        look="three"
        problem={form.editable === 'some' ? null : problemOf('editable')}
        onValue={(editable) => onChange({ editable })}
      />
      {form.editable === 'some' ? (
        <PointersField
          label="Editable arguments"
          help="One JSON Pointer a line: /amount, /to/0, /filter/name. One covers all below it."
          value={form.editablePointers}
          problem={problemOf('editable')}
          onValue={(editablePointers) => onChange({ editablePointers })}
        />
      ) : null}
      {form.editable === 'none' ? null : (
        <p className="hint">An edit voids the approvals given before, and the rules run again.</p>
      )}
      <Check
        label="Their choice may be remembered"
        help="For this tool and agent, for a while. Turn it off for dangerous tools; a deny rule wins anyway."
        checked={form.mayRemember}
        onChecked={(mayRemember) => onChange({ mayRemember })}
      />
      <PointersField
        label="Safe fields for notifications"
        help="Values that may stand in e-mails, Slack and webhooks, one JSON Pointer a line. All others never leave."
        value={form.safeFields}
        problem={problemOf('safeFields')}
        onValue={(safeFields) => onChange({ safeFields })}
      />
    </section>
  );
}

interface PointersFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onValue: (value: string) => void;
}

function PointersField({ label, help, value, problem, onValue }: PointersFieldProps): ReactNode {
  return (
    <Field label={label} optional={label.startsWith('Safe')} problem={problem} help={help}>
      {(ties) => (
        <textarea
          {...ties}
          className="input mono"
          rows={Math.min(8, Math.max(2, value.split('\n').length))}
          spellCheck={false}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}
