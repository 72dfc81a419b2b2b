'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import type { InvitationRow } from '@/lib/domain/directory';
import { spanWords } from '@/lib/domain/timeline/time-words';
import { roleWords } from '../role-words';
import { useAction } from '../use-action';
import type { PeopleDesk } from './people-props';

export interface InvitationsProps {
  readonly invitations: readonly InvitationRow[];
  readonly now: number;
  readonly desk: PeopleDesk;
}

/** Links that were handed out and not used yet. */
export function Invitations({ invitations, now, desk }: InvitationsProps): ReactNode {
  if (invitations.length === 0) return null;
  return (
    <section className="ad-rules" aria-label="Open invitations">
      <h2 className="ad-h">
        Open invitations <span className="count">{invitations.length}</span>
      </h2>
      <ul className="ad-list">
        {invitations.map((invitation) => (
          <InvitationLine key={invitation.id} invitation={invitation} now={now} desk={desk} />
        ))}
      </ul>
    </section>
  );
}

interface InvitationLineProps extends Omit<InvitationsProps, 'invitations'> {
  readonly invitation: InvitationRow;
}

function InvitationLine({ invitation, now, desk }: InvitationLineProps): ReactNode {
  const { state, run } = useAction<unknown>(() => undefined);
  const leftMs = invitation.expiresAt - now;
  return (
    <li className="ad-inv">
      <span className="ad-who">
        <span className="medium cut">{invitation.email}</span>
        <span className="meta">
          {roleWords[invitation.role].name}, invited by {invitation.invitedBy}
        </span>
      </span>
      <span className="meta num">{leftMs <= 0 ? 'lapsed' : `lapses in ${spanWords(leftMs)}`}</span>
      <Button
        size="sm"
        disabled={state.is === 'busy'}
        aria-label={`Withdraw the invitation of ${invitation.email}`}
        onClick={() => run(() => desk.withdraw(invitation.id))}
      >
        Withdraw
      </Button>
      {state.is === 'refused' ? (
        <p className="err ad-refused" role="alert">
          {state.message}
        </p>
      ) : null}
    </li>
  );
}
