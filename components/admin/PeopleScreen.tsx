'use client';

import { type ReactNode, useState } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import ChevronDown from 'lucide-react/icons/chevron-down';
import Plus from 'lucide-react/icons/plus';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import { Status } from '@/components/ui/Status';
import type { InvitationRow, PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import { type Role, roles } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import { dayTime, spanWords } from '@/lib/domain/timeline/time-words';
import { type AdminData, AdminPage } from './AdminPage';
import { ConfirmDialog } from './ConfirmDialog';
import { InviteDialog, type MadeInvitation } from './InviteDialog';
import { roleWords } from './role-words';
import { useAction } from './use-action';

export interface PeopleView {
  readonly people: readonly PersonRow[];
  readonly invitations: readonly InvitationRow[];
}

export interface PeopleScreenProps {
  readonly data: AdminData<PeopleView>;
  /** The person who looks. */
  readonly me: PersonId;
  readonly now: number;
  readonly onInvite: (email: string, role: Role) => Promise<Result<MadeInvitation>>;
  readonly onWithdraw: (invitationId: string) => Promise<Result<unknown>>;
  readonly onSetRole: (id: PersonId, role: Role) => Promise<Result<unknown>>;
  readonly onDisable: (id: PersonId) => Promise<Result<unknown>>;
  readonly onRetry: () => void;
}

export function PeopleScreen(props: PeopleScreenProps): ReactNode {
  const { data, now, onInvite, onDisable, onRetry } = props;
  const [inviting, setInviting] = useState<'open' | 'closed'>('closed');
  const [disabling, setDisabling] = useState<PersonRow | null>(null);
  const invite = (
    <Button icon={Plus} look="primary" onClick={() => setInviting('open')}>
      Invite
    </Button>
  );
  return (
    <AdminPage
      title="People"
      count={data.is === 'ready' ? data.value.people.length : null}
      data={data}
      action={invite}
      onRetry={onRetry}
    >
      {({ people, invitations }) => (
        <>
          <PeopleTable {...props} people={people} onDisabling={setDisabling} />
          <Invitations {...props} invitations={invitations} />
          {people.length === 1 && invitations.length === 0 ? (
            <p className="t2 ad-alone">
              You are alone here. Invite an approver, so that questions are answered while you are away.
            </p>
          ) : null}
          {inviting === 'open' ? (
            <InviteDialog now={now} onInvite={onInvite} onClose={() => setInviting('closed')} />
          ) : null}
          {disabling === null ? null : (
            <ConfirmDialog
              title={`Disable ${disabling.name}?`}
              verb="Disable"
              keep={`Keep ${disabling.name.split(' ')[0] ?? 'them'}`}
              act={() => onDisable(disabling.id)}
              onClose={() => setDisabling(null)}
            >
              {disabling.email} is signed out everywhere at once and cannot sign in again. What they answered stays in
              the log under their name.
            </ConfirmDialog>
          )}
        </>
      )}
    </AdminPage>
  );
}

interface PeopleTableProps extends PeopleScreenProps {
  readonly people: readonly PersonRow[];
  readonly onDisabling: (person: PersonRow) => void;
}

function PeopleTable({ people, me, now, onSetRole, onDisabling }: PeopleTableProps): ReactNode {
  return (
    <table className="table ad ad-people">
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Role</th>
          <th scope="col">Since</th>
          <th scope="col">State</th>
          <th scope="col">
            <span className="sr">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <PersonLine
            key={person.id}
            person={person}
            who={person.id === me ? 'me' : 'other'}
            now={now}
            onSetRole={onSetRole}
            onDisabling={onDisabling}
          />
        ))}
      </tbody>
    </table>
  );
}

interface PersonLineProps extends Pick<PeopleTableProps, 'now' | 'onSetRole' | 'onDisabling'> {
  readonly person: PersonRow;
  readonly who: 'me' | 'other';
}

function PersonLine({ person, who, now, onSetRole, onDisabling }: PersonLineProps): ReactNode {
  const active = person.disabledAt === null;
  return (
    <tr className={active ? '' : 'off'}>
      <td>
        <span className="row">
          <Avatar name={person.name} size="lg" named="beside" />
          <span className="ad-who">
            <span className="medium cut">
              {person.name}
              {who === 'me' ? <span className="t3"> (you)</span> : null}
            </span>
            <span className="meta cut">{person.email}</span>
          </span>
        </span>
      </td>
      <td>
        {active ? (
          <RoleMenu person={person} onSetRole={onSetRole} />
        ) : (
          <span className="t3">{roleWords[person.role].name}</span>
        )}
      </td>
      <td className="num t2">{dayTime(person.createdAt, now)}</td>
      <td>
        {person.disabledAt === null ? (
          <Status icon={Check} tone="ok">
            active
          </Status>
        ) : (
          <Status icon={Ban}>disabled {dayTime(person.disabledAt, now)}</Status>
        )}
      </td>
      <td className="r">
        {active ? (
          <Button size="sm" look="danger" aria-label={`Disable ${person.name}`} onClick={() => onDisabling(person)}>
            Disable
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function RoleMenu({
  person,
  onSetRole,
}: {
  readonly person: PersonRow;
  readonly onSetRole: PeopleScreenProps['onSetRole'];
}): ReactNode {
  const { state, run } = useAction<unknown>(() => undefined);
  return (
    <>
      <Menu
        label={`Role of ${person.name}: ${roleWords[person.role].name}`}
        look="btn sm"
        entries={roles.map((role) => ({
          kind: 'action',
          label: roleWords[role].name,
          detail: roleWords[role].may,
          checked: person.role === role,
          onPick: () => {
            if (role !== person.role) run(() => onSetRole(person.id, role));
          },
        }))}
      >
        {state.is === 'busy' ? 'Saving' : roleWords[person.role].name}
        <Icon of={ChevronDown} size="xs" />
      </Menu>
      {state.is === 'refused' ? (
        <p className="err ad-refused" role="alert">
          {state.message}
        </p>
      ) : null}
    </>
  );
}

function Invitations({
  invitations,
  now,
  onWithdraw,
}: PeopleScreenProps & { readonly invitations: readonly InvitationRow[] }): ReactNode {
  if (invitations.length === 0) return null;
  return (
    <section className="ad-rules" aria-label="Open invitations">
      <h2 className="ad-h">
        Open invitations <span className="count">{invitations.length}</span>
      </h2>
      <ul className="ad-list">
        {invitations.map((invitation) => (
          <InvitationLine key={invitation.id} invitation={invitation} now={now} onWithdraw={onWithdraw} />
        ))}
      </ul>
    </section>
  );
}

interface InvitationLineProps {
  readonly invitation: InvitationRow;
  readonly now: number;
  readonly onWithdraw: PeopleScreenProps['onWithdraw'];
}

function InvitationLine({ invitation, now, onWithdraw }: InvitationLineProps): ReactNode {
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
        onClick={() => run(() => onWithdraw(invitation.id))}
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
