import { type ReactNode, useId } from 'react';
import Plus from 'lucide-react/icons/plus';
import { Button } from '@/components/ui/Button';
import type { TeamRow } from '@/lib/domain/team';
import { Problem, TeamSelect } from './fields';
import type { ThresholdForm } from './rule-form';

export interface ApprovalsFieldProps {
  readonly approvals: readonly ThresholdForm[];
  readonly teams: readonly TeamRow[];
  readonly problem: string | null;
  readonly onApprovals: (approvals: readonly ThresholdForm[]) => void;
}

const most = 10;

/** Any one line is enough. */
export function ApprovalsField({ approvals, teams, problem, onApprovals }: ApprovalsFieldProps): ReactNode {
  const change = (index: number, part: Partial<ThresholdForm>): void =>
    onApprovals(approvals.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const add = (): void => onApprovals([...approvals, { count: '1', who: 'admins', team: '' }]);
  return (
    <fieldset className="field" data-problem={problem === null ? undefined : 'yes'}>
      <legend>Approvals needed</legend>
      <ol className="rl-thresholds">
        {approvals.map((threshold, index) => (
          <ThresholdRow
            // Lines have no identity of their own, and are few.
            key={index}
            place={index}
            threshold={threshold}
            teams={teams}
            onChange={(part) => change(index, part)}
            onRemove={approvals.length === 1 ? null : () => onApprovals(approvals.filter((_, at) => at !== index))}
          />
        ))}
      </ol>
      {problem === null ? null : <Problem>{problem}</Problem>}
      <div className="row wrap">
        <Button size="sm" icon={Plus} disabled={approvals.length >= most} onClick={add}>
          Or…
        </Button>
        <span className="hint">Any one line is enough. Nobody counts twice.</span>
      </div>
    </fieldset>
  );
}

interface ThresholdRowProps {
  readonly place: number;
  readonly threshold: ThresholdForm;
  readonly teams: readonly TeamRow[];
  readonly onChange: (part: Partial<ThresholdForm>) => void;
  readonly onRemove: (() => void) | null;
}

function ThresholdRow({ place, threshold, teams, onChange, onRemove }: ThresholdRowProps): ReactNode {
  const id = useId();
  const n = place + 1;
  return (
    <li className="rl-threshold">
      <span className="t3 rl-or">{place === 0 ? '' : 'or'}</span>
      <input
        id={id}
        className="input num"
        inputMode="numeric"
        maxLength={2}
        aria-label={`How many, line ${n}`}
        value={threshold.count}
        onChange={(event) => onChange({ count: event.target.value })}
      />
      <select
        className="input rl-select"
        aria-label={`Who, line ${n}`}
        value={threshold.who}
        onChange={(event) => onChange({ who: event.target.value === 'admins' ? 'admins' : 'people' })}
      >
        <option value="people">{threshold.count.trim() === '1' ? 'person' : 'people'}</option>
        <option value="admins">{threshold.count.trim() === '1' ? 'admin' : 'admins'}</option>
      </select>
      <TeamSelect
        label={`Of which team, line ${n}`}
        teams={teams}
        value={threshold.team}
        none="of any team"
        lead="of "
        onValue={(team) => onChange({ team })}
      />
      {onRemove === null ? (
        <span />
      ) : (
        <Button size="sm" look="ghost" aria-label={`Remove line ${n}`} onClick={onRemove}>
          Remove
        </Button>
      )}
    </li>
  );
}
