'use client';

import { type ReactNode, useState } from 'react';
import { DoorField } from './DoorField';

export interface PasswordFieldProps {
  /** Tells the browser's password keeper whether to fill one in or to make one. */
  readonly purpose: 'current' | 'new';
  readonly problem: string | undefined;
}

export function PasswordField({ purpose, problem }: PasswordFieldProps): ReactNode {
  const [shown, setShown] = useState<'shown' | 'hidden'>('hidden');
  const isShown = shown === 'shown';
  const hint =
    purpose === 'new'
      ? {
          hint: 'At least 10 characters. Several words are easy to remember and hard to guess.',
          minLength: 10,
          maxLength: 128,
        }
      : {};
  return (
    <DoorField
      {...hint}
      name="password"
      label="Password"
      type={isShown ? 'text' : 'password'}
      autoComplete={purpose === 'new' ? 'new-password' : 'current-password'}
      autoCapitalize="none"
      spellCheck={false}
      required
      problem={problem}
      action={
        <button
          type="button"
          className="door-show"
          aria-pressed={isShown}
          aria-controls="password"
          onClick={() => setShown(isShown ? 'hidden' : 'shown')}
        >
          {isShown ? 'Hide' : 'Show'}
          <span className="sr"> password</span>
        </button>
      }
    />
  );
}
