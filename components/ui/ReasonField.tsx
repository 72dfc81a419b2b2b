'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Icon } from './Icon';

const reasonLimit = 500;

export interface ReasonFieldProps {
  readonly value: string;
  /** What is missing, in words; null while nothing is. */
  readonly missing: string | null;
  /** Who reads it beside those who read the log: "the agent". */
  readonly readBy: string;
  readonly onValue: (value: string) => void;
}

/** Why something is done that stops others; the first thing a dialog wants. */
export function ReasonField({ value, missing, readBy, onValue }: ReasonFieldProps): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The dialog focuses its first control when it opens; the reason is what is needed, the preview stays in view.
    const frame = requestAnimationFrame(() => input.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => {
    if (missing !== null) input.current?.focus();
  }, [missing]);
  return (
    <>
      <label className="name" htmlFor={id}>
        Reason <span className="opt">required, kept in the log, read by {readBy}</span>
      </label>
      <input
        ref={input}
        id={id}
        className="input"
        value={value}
        maxLength={reasonLimit}
        autoComplete="off"
        aria-required="true"
        aria-invalid={missing !== null}
        aria-describedby={missing === null ? undefined : `${id}-err`}
        onChange={(event) => onValue(event.target.value)}
      />
      {missing === null ? null : (
        <p className="err" id={`${id}-err`} role="alert">
          <Icon of={TriangleAlert} size="xs" />
          {missing}
        </p>
      )}
    </>
  );
}
