'use client';

import { type ReactNode, useId } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';
import type { TeamRow } from '@/lib/domain/team';

/** What an input takes over from its field. */
export interface InputTies {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

export interface FieldProps {
  readonly label: string;
  readonly optional?: boolean;
  readonly help?: ReactNode;
  readonly problem: string | null;
  readonly children: (ties: InputTies) => ReactNode;
}

/** A label, its input, help and the problem where it belongs. */
export function Field({ label, optional = false, help, problem, children }: FieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field" data-problem={problem === null ? undefined : 'yes'}>
      <label className="name" htmlFor={id}>
        {label}
        {optional ? <span className="opt">optional</span> : null}
      </label>
      {children({ id, 'aria-invalid': problem !== null, 'aria-describedby': `${id}-hint` })}
      <div id={`${id}-hint`}>
        {problem === null ? null : <Problem>{problem}</Problem>}
        {help === undefined ? null : <p className="hint">{help}</p>}
      </div>
    </div>
  );
}

export function Problem({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="err">
      <Icon of={TriangleAlert} size="xs" />
      <span>{children}</span>
    </p>
  );
}

export interface TeamSelectProps {
  readonly ties?: InputTies;
  readonly label?: string;
  readonly teams: readonly TeamRow[];
  readonly value: string;
  /** What no team means here. */
  readonly none: string;
  /** Stands before each name. */
  readonly lead?: string;
  readonly onValue: (team: string) => void;
}

export function TeamSelect({ ties, label, teams, value, none, lead = '', onValue }: TeamSelectProps): ReactNode {
  const isGone = value !== '' && !teams.some(({ id }) => id === value);
  return (
    <select
      {...ties}
      {...(label === undefined ? {} : { 'aria-label': label })}
      className="input rl-select"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    >
      <option value="">{none}</option>
      {teams.map(({ id, name }) => (
        <option key={id} value={id}>
          {lead}
          {name}
        </option>
      ))}
      {isGone ? <option value={value}>{value} (no such team)</option> : null}
    </select>
  );
}

export interface CheckProps {
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
}

export function Check({ label, help, checked, onChecked }: CheckProps): ReactNode {
  return (
    <label className="choice bare">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.target.checked)} />
      <span>{label}</span>
      {help === undefined ? null : <small>{help}</small>}
    </label>
  );
}

export interface RadiosProps<K extends string> {
  readonly label: string;
  readonly value: K;
  readonly options: readonly { readonly key: K; readonly label: ReactNode; readonly help?: string }[];
  readonly problem?: string | null;
  readonly look?: 'rows' | 'bare' | 'three';
  readonly onValue: (value: K) => void;
}

export function Radios<K extends string>(props: RadiosProps<K>): ReactNode {
  const { label, value, options, problem = null, look = 'rows', onValue } = props;
  const name = useId();
  return (
    <fieldset className="field" data-problem={problem === null ? undefined : 'yes'}>
      <legend>{label}</legend>
      <div className={`choices ${look === 'three' ? 'rl-three' : ''}`}>
        {options.map((option) => (
          <label key={option.key} className={`choice ${look === 'bare' ? 'bare' : ''}`}>
            <input type="radio" name={name} checked={option.key === value} onChange={() => onValue(option.key)} />
            <span>{option.label}</span>
            {option.help === undefined ? null : <small>{option.help}</small>}
          </label>
        ))}
      </div>
      {problem === null ? null : <Problem>{problem}</Problem>}
    </fieldset>
  );
}
