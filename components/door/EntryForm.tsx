'use client';

import type { ReactNode } from 'react';
import { DoorField } from './DoorField';
import { PasswordField } from './PasswordField';
import { SubmitRow } from './SubmitRow';
import { useDoorForm } from './use-door-form';
import type { LinkKind, LinkState } from './use-link';

export interface EntryFormProps {
  readonly kind: LinkKind;
  readonly link: Extract<LinkState, { stage: 'good' }>;
}

const verbs: { readonly [K in LinkKind]: string } = {
  welcome: 'Make me the admin',
  join: 'Join',
  reset: 'Set password',
};

function goOn(value: Readonly<Record<string, unknown>>): void {
  window.location.replace(value.signedIn === true ? '/queue' : '/sign-in');
}

/** Makes the person of a one-time link, or gives one a new password. Whose link it is, is only shown. */
export function EntryForm({ kind, link }: EntryFormProps): ReactNode {
  const form = useDoorForm({ path: `/api/door/${kind}`, extra: { token: link.token }, done: goOn });
  return (
    <form className="door-form" method="post" onSubmit={form.submit}>
      {kind === 'reset' ? (
        <WhoseLink email={link.email ?? ''} />
      ) : (
        <>
          <DoorField
            name="name"
            label="Your name"
            hint="As others see it beside your answers."
            autoComplete="name"
            maxLength={80}
            required
            problem={form.fields.name}
          />
          <DoorField
            name="email"
            label="E-mail"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            problem={form.fields.email}
            {...(link.email === null
              ? {}
              : { defaultValue: link.email, readOnly: true, hint: 'Chosen by who invited you.' })}
          />
        </>
      )}
      <PasswordField purpose="new" problem={form.fields.password} />
      <SubmitRow form={form} words={verbs[kind]} busyWords="One moment…" />
    </form>
  );
}

/** For a password keeper to know whose password it is; a field without a name is not sent. */
function WhoseLink({ email }: { readonly email: string }): ReactNode {
  return (
    <div className="field">
      <label className="name" htmlFor="whose">
        E-mail
      </label>
      <input id="whose" className="input" type="email" autoComplete="username" value={email} readOnly />
    </div>
  );
}
