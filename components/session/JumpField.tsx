'use client';

import { type FormEvent, type ReactNode, type RefObject, useId, useState } from 'react';
import Clock from 'lucide-react/icons/clock';
import { Icon } from '@/components/ui/Icon';
import { readJumpTime } from './jump-time';

export interface JumpFieldProps {
  readonly extent: { readonly from: number; readonly to: number };
  readonly onJump: (at: number) => void;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Goes to an instant of the session. */
export function JumpField({ extent, onJump, field }: JumpFieldProps): ReactNode {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const wrongId = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return setWrong(null);
    const read = readJumpTime(text, extent);
    setWrong(read.is === 'wrong' ? read.why : null);
    if (read.is === 'time') onJump(read.at);
  };
  return (
    <form className="find jump" onSubmit={submit}>
      <Icon of={Clock} size="sm" />
      <input
        ref={field}
        className="input mono"
        aria-label="Go to a time"
        placeholder="14:36:12"
        autoComplete="off"
        value={text}
        maxLength={40}
        aria-invalid={wrong === null ? undefined : 'true'}
        aria-describedby={wrong === null ? undefined : wrongId}
        onChange={(event) => setText(event.target.value)}
      />
      {wrong === null ? null : (
        <span className="jump-wrong" id={wrongId} role="alert">
          {wrong}
        </span>
      )}
    </form>
  );
}
