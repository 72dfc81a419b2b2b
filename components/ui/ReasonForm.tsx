'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Note } from './Note';
import { ReasonField } from './ReasonField';

export interface ReasonFormProps {
  /** Its button stands elsewhere in the dialog, and names it. */
  readonly id: string;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  /** Who reads it beside those who read the log: "the agent". */
  readonly readBy: string;
  /** What is said when it is sent without a reason. */
  readonly missing: string;
  /** Why it was refused, in words; null while it was not. */
  readonly refusal: string | null;
  /** Sent with a reason, without the spaces around it. */
  readonly onSend: (reason: string) => void;
  /** More that it asks. */
  readonly children?: ReactNode;
}

/** What stops others takes a reason: the form of every dialog that does so. */
export function ReasonForm(props: ReasonFormProps): ReactNode {
  const { id, reason, onReason, readBy, refusal, onSend, children } = props;
  const [attempt, setAttempt] = useState<'none' | 'made'>('none');
  const trimmed = reason.trim();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (trimmed === '') setAttempt('made');
    else onSend(trimmed);
  };
  return (
    <form id={id} className="field" onSubmit={submit}>
      <ReasonField
        value={reason}
        missing={attempt === 'made' && trimmed === '' ? props.missing : null}
        readBy={readBy}
        onValue={onReason}
      />
      {children}
      {refusal === null ? null : (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {refusal}
        </Note>
      )}
    </form>
  );
}
