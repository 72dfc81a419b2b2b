'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import Mail from 'lucide-react/icons/mail';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { type Role, roles } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { OnceDialog } from './people/OnceDialog';
import type { MadeInvitation } from './people/people-props';
import { roleWords } from './role-words';
import { useAction } from './use-action';

export interface InviteDialogProps {
  readonly now: number;
  readonly onInvite: (email: string, role: Role) => Promise<Result<MadeInvitation>>;
  readonly onClose: () => void;
}

/** Invites one person, then shows the one-time link to hand over. */
export function InviteDialog({ now, onInvite, onClose }: InviteDialogProps): ReactNode {
  const [made, setMade] = useState<MadeInvitation | null>(null);
  if (made === null) return <AskDialog onInvite={onInvite} onClose={onClose} onMade={setMade} />;
  const { invitation, link } = made;
  return (
    <OnceDialog
      title={`Link for ${invitation.email}`}
      icon={Mail}
      words={`Hand this link over yourself; no mail is sent. It is shown once, works once, and lapses ${dayTime(invitation.expiresAt, now)}.`}
      secret={link}
      copy="Copy link"
      done="Done"
      onClose={onClose}
    />
  );
}

interface AskDialogProps extends Omit<InviteDialogProps, 'now'> {
  readonly onMade: (made: MadeInvitation) => void;
}

function AskDialog({ onInvite, onClose, onMade }: AskDialogProps): ReactNode {
  const id = useId();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('approver');
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const { state, run } = useAction(onMade);
  const wrong = !/^\S+@\S+\.\S+$/.test(email.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (!wrong && state.is !== 'busy') run(() => onInvite(email.trim(), role));
  };
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Cancel
      </Button>
      <Button size="lg" look="primary" type="submit" form={`${id}-form`} disabled={state.is === 'busy'}>
        {state.is === 'busy' ? 'Making the link' : 'Make link'}
      </Button>
    </>
  );
  return (
    <Dialog title="Invite a person" onClose={onClose} footer={footer}>
      <form id={`${id}-form`} className="stack ad-form" onSubmit={submit} noValidate>
        <EmailField value={email} problem={tried === 'tried' && wrong ? 'shown' : 'none'} onValue={setEmail} />
        <RoleField value={role} onValue={setRole} />
      </form>
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}

interface EmailFieldProps {
  readonly value: string;
  readonly problem: 'shown' | 'none';
  readonly onValue: (value: string) => void;
}

function EmailField({ value, problem, onValue }: EmailFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label className="name" htmlFor={id}>
        E-mail
      </label>
      <input
        id={id}
        className="input"
        type="email"
        value={value}
        maxLength={200}
        autoComplete="off"
        aria-required="true"
        aria-invalid={problem === 'shown'}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onValue(event.target.value)}
      />
      <div id={`${id}-hint`}>
        {problem === 'shown' ? (
          <p className="err" role="alert">
            <Icon of={TriangleAlert} size="xs" />
            Give an e-mail address such as ana@example.com.
          </p>
        ) : (
          <p className="hint">They sign in with it.</p>
        )}
      </div>
    </div>
  );
}

function RoleField({ value, onValue }: { readonly value: Role; readonly onValue: (role: Role) => void }): ReactNode {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>Role</legend>
      <div className="choices">
        {roles.map((role) => (
          <label key={role} className="choice">
            <input type="radio" name={name} checked={value === role} onChange={() => onValue(role)} />
            <span>{roleWords[role].name}</span>
            <small>{roleWords[role].may}</small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
