'use client';

import { type ReactNode, useState } from 'react';
import KeyRound from 'lucide-react/icons/key-round';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Note } from '@/components/ui/Note';
import type { PersonRow } from '@/lib/domain/directory';
import type { Result } from '@/lib/domain/refusal';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { useAction } from '../use-action';
import { OnceDialog } from './OnceDialog';
import type { MadeReset, TokensThen } from './people-props';

export interface ResetDialogProps {
  readonly person: PersonRow;
  readonly now: number;
  readonly onReset: (tokens: TokensThen) => Promise<Result<MadeReset>>;
  readonly onClose: () => void;
}

/** Makes a one-time link by which a person chooses another password, and shows it this one time. */
export function ResetDialog({ person, now, onReset, onClose }: ResetDialogProps): ReactNode {
  const [made, setMade] = useState<MadeReset | null>(null);
  const [tokens, setTokens] = useState<TokensThen>('keep');
  const { state, run } = useAction(setMade);
  if (made !== null) {
    return (
      <OnceDialog
        title={`Reset link for ${person.name}`}
        icon={KeyRound}
        words={`Hand this link to ${person.email} yourself; no mail is sent. It is shown once, works once, and lapses ${dayTime(made.expiresAt, now)}.${revokedWords(made.revokedTokens)}`}
        secret={made.link}
        copy="Copy link"
        done="Done"
        onClose={onClose}
      />
    );
  }
  const footer = (
    <>
      <span className="grow" />
      <Button size="lg" hint="Esc" onClick={onClose}>
        Cancel
      </Button>
      <Button
        size="lg"
        look="primary"
        icon={KeyRound}
        disabled={state.is === 'busy'}
        onClick={() => run(() => onReset(tokens))}
      >
        {state.is === 'busy' ? 'Making the link' : 'Make reset link'}
      </Button>
    </>
  );
  return (
    <Dialog title={`A new password for ${person.name}?`} onClose={onClose} footer={footer}>
      <p className="t2">
        Whoever opens the link chooses a new password for <b className="medium">{person.email}</b> and answers under
        this name from then on, so be sure whom you hand it to.
      </p>
      <p className="t2">
        The present password works until the link is used; then {person.name} is signed out everywhere. A link made
        earlier stops working now.
      </p>
      <RevokeTokens name={person.name} tokens={tokens} onTokens={setTokens} />
      {state.is === 'refused' ? (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {state.message}
        </Note>
      ) : null}
    </Dialog>
  );
}

function revokedWords(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' Their API token was revoked.' : ` Their ${count} API tokens were revoked.`;
}

function RevokeTokens({
  name,
  tokens,
  onTokens,
}: {
  readonly name: string;
  readonly tokens: TokensThen;
  readonly onTokens: (tokens: TokensThen) => void;
}): ReactNode {
  return (
    <label className="choice bare">
      <input
        type="checkbox"
        checked={tokens === 'revoke'}
        onChange={(event) => onTokens(event.target.checked ? 'revoke' : 'keep')}
      />
      <span>Revoke their API tokens now</span>
      <small>
        Do it when somebody else may have the password or a token: programs that use one stop working at once. Leave it
        when the password was only forgotten. The page of the link says so to {name}.
      </small>
    </label>
  );
}
