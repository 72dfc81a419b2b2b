'use client';

import { useEffect, useState } from 'react';
import { askDoor, type DoorReply } from './ask-door';

export type LinkKind = 'welcome' | 'join' | 'reset';

/** What is known of the link this page was opened by. */
export type LinkState =
  | { readonly stage: 'looking' }
  | {
      readonly stage: 'good';
      readonly token: string;
      readonly email: string | null;
      readonly role: string;
      readonly invitedBy: string | null;
      /** API tokens that were revoked with it. */
      readonly revokedTokens: number;
    }
  | { readonly stage: 'bad'; readonly message: string }
  | { readonly stage: 'unreachable'; readonly message: string };

/** Looks at the link in the address. Looking does not use it up. */
export function useLink(kind: LinkKind): readonly [LinkState, () => void] {
  const [state, setState] = useState<LinkState>({ stage: 'looking' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let closed = false;
    const token = new URLSearchParams(window.location.search).get('token') ?? '';
    void askDoor(`/api/door/token?${new URLSearchParams({ kind, token }).toString()}`).then((reply) => {
      if (!closed) setState(readReply(token, reply));
    });
    return () => {
      closed = true;
    };
  }, [kind, tries]);
  return [
    state,
    () => {
      setState({ stage: 'looking' });
      setTries((count) => count + 1);
    },
  ];
}

function readReply(token: string, reply: DoorReply): LinkState {
  if (!reply.ok) return { stage: reply.reached === 'no' ? 'unreachable' : 'bad', message: reply.message };
  const { email, role, invitedBy, revokedTokens } = reply.value;
  return {
    stage: 'good',
    token,
    email: typeof email === 'string' ? email : null,
    role: typeof role === 'string' ? role : '',
    invitedBy: typeof invitedBy === 'string' ? invitedBy : null,
    revokedTokens: typeof revokedTokens === 'number' ? revokedTokens : 0,
  };
}
