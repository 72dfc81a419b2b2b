'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import Hourglass from 'lucide-react/icons/hourglass';
import KeyRound from 'lucide-react/icons/key-round';
import Plus from 'lucide-react/icons/plus';
import { NoneYet } from '@/components/admin/AdminPage';
import { ConfirmDialog } from '@/components/admin/ConfirmDialog';
import { OnceDialog } from '@/components/admin/people/OnceDialog';
import { useAction } from '@/components/admin/use-action';
import { Button } from '@/components/ui/Button';
import { CopyButton } from '@/components/ui/CopyButton';
import { Dialog } from '@/components/ui/Dialog';
import { Status } from '@/components/ui/Status';
import type { TokenRow } from '@/lib/domain/directory';
import { ageWords, dayTime, whenWords } from '@/lib/domain/timeline/time-words';
import { curlExample } from './curl-example';
import { FormButtons, Refused } from './FormButtons';
import type { MadeToken, SettingsDesk } from './settings-props';
import { TextField } from './TextField';

export interface TokensTabProps {
  readonly tokens: readonly TokenRow[];
  /** Where programs reach Holdpoint, without a path. */
  readonly baseUrl: string;
  readonly now: number;
  readonly desk: SettingsDesk;
}

/** Tokens with which programs answer as this person. */
export function TokensTab({ tokens, baseUrl, now, desk }: TokensTabProps): ReactNode {
  const [creating, setCreating] = useState<'open' | 'closed'>('closed');
  const [revoking, setRevoking] = useState<TokenRow | null>(null);
  const create = (
    <Button icon={Plus} look="primary" onClick={() => setCreating('open')}>
      New token
    </Button>
  );
  return (
    <>
      {tokens.length === 0 ? (
        <NoneYet icon={KeyRound} title="No token yet" actions={create}>
          With a token a program of yours, such as a chat bot, sees and answers requests as you do, with your rights and
          in your name.
        </NoneYet>
      ) : (
        <>
          <div className="st-head">
            <p className="t2 grow">
              A program with one of these sees and answers requests as you do, with your rights and in your name.
            </p>
            {create}
          </div>
          <TokensTable tokens={tokens} now={now} onRevoke={setRevoking} />
        </>
      )}
      {creating === 'open' ? (
        <TokenDialog baseUrl={baseUrl} now={now} desk={desk} onClose={() => setCreating('closed')} />
      ) : null}
      {revoking === null ? null : (
        <ConfirmDialog
          title={`Revoke the token ${revoking.name}?`}
          verb="Revoke token"
          keep="Keep the token"
          act={() => desk.revokeToken(revoking.id)}
          onClose={() => setRevoking(null)}
        >
          The next request made with it is refused. What was answered with it stays. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

interface TokensTableProps extends Pick<TokensTabProps, 'tokens' | 'now'> {
  readonly onRevoke: (token: TokenRow) => void;
}

function TokensTable({ tokens, now, onRevoke }: TokensTableProps): ReactNode {
  return (
    <table className="table ad st-tokens">
      <thead>
        <tr>
          <th scope="col">Token</th>
          <th scope="col">Begins with</th>
          <th scope="col">Made</th>
          <th scope="col">Last used</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id} className={isGood(token, now) ? '' : 'off'}>
            <td className="medium ad-name">{token.name}</td>
            <td className="mono t2">{token.start}…</td>
            <td className="num t2">{dayTime(token.createdAt, now)}</td>
            <td className="num t2" title={token.lastUsedAt === null ? undefined : whenWords(token.lastUsedAt, now)}>
              {token.lastUsedAt === null ? (
                <span className="t3">never</span>
              ) : (
                `${ageWords(now - token.lastUsedAt)} ago`
              )}
            </td>
            <td>
              <TokenState token={token} now={now} />
            </td>
            <td className="r">
              {isGood(token, now) ? (
                <Button
                  size="sm"
                  look="danger"
                  aria-label={`Revoke the token ${token.name}`}
                  onClick={() => onRevoke(token)}
                >
                  Revoke
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isGood({ revokedAt, expiresAt }: TokenRow, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function TokenState({ token, now }: { readonly token: TokenRow; readonly now: number }): ReactNode {
  const { revokedAt, expiresAt } = token;
  if (revokedAt !== null) return <Status icon={Ban}>revoked {dayTime(revokedAt, now)}</Status>;
  if (expiresAt !== null && expiresAt <= now) return <Status icon={Hourglass}>ended {dayTime(expiresAt, now)}</Status>;
  return (
    <>
      <Status icon={Check} tone="ok">
        active
      </Status>
      <span className="meta ad-sub">{expiresAt === null ? 'does not end' : `until ${dayTime(expiresAt, now)}`}</span>
    </>
  );
}

const dayMs = 86_400_000;
const lives = [
  { key: '30', name: '30 days', ms: 30 * dayMs },
  { key: '90', name: '90 days', ms: 90 * dayMs },
  { key: '365', name: 'A year', ms: 365 * dayMs },
  { key: 'never', name: 'Until it is revoked', ms: null },
] as const;
type Life = (typeof lives)[number]['key'];

interface TokenDialogProps extends Pick<TokensTabProps, 'baseUrl' | 'now' | 'desk'> {
  readonly onClose: () => void;
}

function TokenDialog({ baseUrl, now, desk, onClose }: TokenDialogProps): ReactNode {
  const id = useId();
  const [name, setName] = useState('');
  const [life, setLife] = useState<Life>('90');
  const [tried, setTried] = useState<'tried' | 'fresh'>('fresh');
  const [made, setMade] = useState<MadeToken | null>(null);
  const { state, run } = useAction(setMade);
  if (made !== null) return <MadeDialog made={made} baseUrl={baseUrl} onClose={onClose} />;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried('tried');
    if (name.trim() === '' || state.is === 'busy') return;
    const lifeMs = lives.find(({ key }) => key === life)?.ms ?? null;
    run(() => desk.createToken({ name: name.trim(), expiresAt: lifeMs === null ? null : now + lifeMs }));
  };
  return (
    <Dialog
      title="New token"
      onClose={onClose}
      footer={
        <FormButtons
          form={id}
          verb="Make token"
          busy="Making the token"
          icon={KeyRound}
          state={state}
          onClose={onClose}
        />
      }
    >
      <form id={id} className="stack ad-form" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          value={name}
          maxLength={60}
          placeholder="Chat bot"
          hint="What uses it, so that you know which one to revoke."
          problem={tried === 'tried' && name.trim() === '' ? 'Give the token a name you will recognise.' : null}
          onValue={setName}
        />
        <LifeField life={life} onLife={setLife} />
      </form>
      <Refused state={state} />
    </Dialog>
  );
}

interface LifeFieldProps {
  readonly life: Life;
  readonly onLife: (life: Life) => void;
}

function LifeField({ life, onLife }: LifeFieldProps): ReactNode {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>Good for</legend>
      <div className="choices two">
        {lives.map((option) => (
          <label key={option.key} className="choice">
            <input type="radio" name={name} checked={life === option.key} onChange={() => onLife(option.key)} />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface MadeDialogProps extends Pick<TokenDialogProps, 'baseUrl' | 'onClose'> {
  readonly made: MadeToken;
}

function MadeDialog({ made, baseUrl, onClose }: MadeDialogProps): ReactNode {
  const example = curlExample(baseUrl, made.token);
  return (
    <OnceDialog
      title={`Token ${made.row.name}`}
      icon={KeyRound}
      words="This token is shown once, and only its hash is kept here. Whoever has it answers in your name: store it where secrets are stored."
      secret={made.token}
      copy="Copy token"
      done="I have stored the token"
      size="lg"
      onClose={onClose}
    >
      <div className="snippet st-snippet">
        <div className="row snippet-h">
          <span className="meta grow">Answer a request</span>
          <CopyButton label="Copy the example" text={() => example} />
        </div>
        <pre className="mono">{example}</pre>
      </div>
      <p className="hint">
        <span className="mono">GET /api/v1/requests</span> lists what is open. Take{' '}
        <span className="mono">revision</span> from the request that was shown, and a new{' '}
        <span className="mono">operationId</span> for each answer: the same one is the same answer, however often it is
        sent.
      </p>
    </OnceDialog>
  );
}
