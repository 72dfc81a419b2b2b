'use client';

import { type ReactNode, useId } from 'react';

export interface SwitchFieldProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly is: 'on' | 'off';
  readonly onIs: (is: 'on' | 'off') => void;
}

/** Something that is on or off, and what that means. */
export function SwitchField({ label, hint, is, onIs }: SwitchFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="st-switch">
      <div className="grow">
        <label className="medium" htmlFor={id}>
          {label}
        </label>
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      </div>
      <input
        id={id}
        className="switch"
        type="checkbox"
        role="switch"
        checked={is === 'on'}
        aria-checked={is === 'on'}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onIs(event.target.checked ? 'on' : 'off')}
      />
    </div>
  );
}
