'use client';

import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from '@/components/ui/Icon';

export interface TextFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'type' | 'placeholder' | 'maxLength' | 'min' | 'inputMode'> {
  readonly label: string;
  readonly value: string;
  readonly look?: 'plain' | 'mono';
  /** What it is for; in place of it stands what is wrong. */
  readonly hint?: ReactNode;
  readonly problem: string | null;
  readonly onValue: (value: string) => void;
}

/** A labelled field of one line; what is wrong stands under it and says what to type instead. */
export function TextField({
  label,
  value,
  look = 'plain',
  hint,
  problem,
  onValue,
  ...input
}: TextFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={`input ${look === 'mono' ? 'mono' : ''}`}
        value={value}
        autoComplete="off"
        spellCheck={false}
        aria-required="true"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-words`}
        onChange={(event) => onValue(event.target.value)}
      />
      <div id={`${id}-words`}>
        {problem === null ? (
          hint === undefined ? null : (
            <p className="hint">{hint}</p>
          )
        ) : (
          <p className="err" role="alert">
            <Icon of={TriangleAlert} size="xs" />
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}
