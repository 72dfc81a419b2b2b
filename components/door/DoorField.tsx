import { CircleAlert } from 'lucide-react';
import type { InputHTMLAttributes, ReactNode } from 'react';
import { Icon } from '@/components/ui/Icon';

export interface DoorFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  /** Also the field's id: each page has one form. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What to type instead. */
  readonly problem: string | undefined;
  /** Beside the label, such as "Show". */
  readonly action?: ReactNode;
}

export function DoorField({ name, label, hint, problem, action, ...input }: DoorFieldProps): ReactNode {
  const hintId = `${name}-hint`;
  const problemId = `${name}-problem`;
  const described = [hint === undefined ? '' : hintId, problem === undefined ? '' : problemId].join(' ').trim();
  return (
    <div className="field">
      <div className="name">
        <label htmlFor={name} className="grow">
          {label}
        </label>
        {action}
      </div>
      <input
        {...input}
        id={name}
        name={name}
        className="input"
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={described === '' ? undefined : described}
      />
      {hint === undefined ? null : (
        <p id={hintId} className="hint">
          {hint}
        </p>
      )}
      {problem === undefined ? null : (
        <p id={problemId} className="err">
          <Icon of={CircleAlert} size="xs" />
          {problem}
        </p>
      )}
    </div>
  );
}
