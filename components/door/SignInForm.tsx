'use client';

import type { ReactNode } from 'react';
import { DoorField } from './DoorField';
import { PasswordField } from './PasswordField';
import { safeNext } from './safe-next';
import { SubmitRow } from './SubmitRow';
import { useDoorForm } from './use-door-form';

function goOn(): void {
  // A whole page, so that the server sees the new cookie.
  window.location.replace(safeNext(new URLSearchParams(window.location.search).get('next'), window.location.origin));
}

/** `post` keeps a password out of the address should the form be sent before the page is alive. */
export function SignInForm(): ReactNode {
  const form = useDoorForm({ path: '/api/auth/sign-in/email', extra: {}, done: goOn });
  return (
    <form className="door-form" method="post" onSubmit={form.submit}>
      <DoorField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        problem={form.fields.email}
      />
      <PasswordField purpose="current" problem={form.fields.password} />
      <SubmitRow form={form} words="Sign in" busyWords="Signing in…" />
      <p className="hint">No account yet? An admin can give you a link to join.</p>
    </form>
  );
}
