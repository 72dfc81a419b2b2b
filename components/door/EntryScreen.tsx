'use client';

import { CloudOff, Link2Off } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Note } from '@/components/ui/Note';
import { DoorFrame } from './DoorFrame';
import { EntryForm } from './EntryForm';
import { type LinkKind, type LinkState, useLink } from './use-link';

const titles: { readonly [K in LinkKind]: string } = {
  welcome: 'Welcome to Holdpoint',
  join: 'Join Holdpoint',
  reset: 'Choose a new password',
};

/** What stands in for the form's fields while the link is looked at. */
const bones: { readonly [K in LinkKind]: readonly string[] } = {
  welcome: ['name', 'email', 'password'],
  join: ['name', 'email', 'password'],
  reset: ['email', 'password'],
};

const roleWords: Readonly<Record<string, string>> = {
  admin: 'an admin: you answer requests, end sessions and manage agents and people',
  approver: 'an approver: you answer what agents and servers ask',
  observer: 'an observer: you watch sessions and requests',
};

/** The page of a one-time link. */
export function EntryScreen({ kind }: { readonly kind: LinkKind }): ReactNode {
  const [link, lookAgain] = useLink(kind);
  return (
    <DoorFrame title={link.stage === 'bad' ? 'This link does not work' : titles[kind]}>
      <EntryBody kind={kind} link={link} lookAgain={lookAgain} />
    </DoorFrame>
  );
}

interface EntryBodyProps {
  readonly kind: LinkKind;
  readonly link: LinkState;
  readonly lookAgain: () => void;
}

function EntryBody({ kind, link, lookAgain }: EntryBodyProps): ReactNode {
  switch (link.stage) {
    case 'looking':
      return (
        <div className="door-form" role="status">
          <p className="t2">Looking at your link…</p>
          {bones[kind].map((name) => (
            <span key={name} className="sk door-sk" aria-hidden="true" />
          ))}
        </div>
      );
    case 'bad':
      return (
        <div className="door-form">
          <Note icon={Link2Off} tone="person" live="status">
            {link.message}
          </Note>
          <a className="btn lg" href="/sign-in">
            Go to sign-in
          </a>
        </div>
      );
    case 'unreachable':
      return (
        <div className="door-form">
          <Note icon={CloudOff} tone="danger" live="alert">
            {link.message}
          </Note>
          <Button size="lg" onClick={lookAgain}>
            Try again
          </Button>
        </div>
      );
    case 'good':
      return (
        <>
          <p className="t2 door-lead">{leadWords(kind, link)}</p>
          <EntryForm kind={kind} link={link} />
        </>
      );
  }
}

function tokenWords(count: number): string {
  if (count === 0) return '';
  const which = count === 1 ? 'Your API token was' : `Your ${count} API tokens were`;
  return ` ${which} revoked with it: programs that use one need a new one, which you make under Settings.`;
}

function leadWords(kind: LinkKind, link: Extract<LinkState, { stage: 'good' }>): string {
  if (kind === 'welcome')
    return 'This is a fresh installation. You are its first admin; invite others once you are in.';
  if (kind === 'reset')
    return `${link.invitedBy ?? 'An admin'} made this link for you. Once it is set you are signed out wherever you were signed in.${tokenWords(link.revokedTokens)}`;
  const who = link.invitedBy === null ? 'You were invited' : `${link.invitedBy} invited you`;
  const role = roleWords[link.role];
  return role === undefined ? `${who}.` : `${who} as ${role}.`;
}
