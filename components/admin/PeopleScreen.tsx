'use client';

import { type ReactNode, useState } from 'react';
import Plus from 'lucide-react/icons/plus';
import { KeyButton } from '@/components/ui/KeyButton';
import type { PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import { adminKeys } from './admin-keys';
import { type AdminData, AdminPage } from './AdminPage';
import { ConfirmDialog } from './ConfirmDialog';
import { InviteDialog } from './InviteDialog';
import { Invitations } from './people/Invitations';
import { PersonLine } from './people/PersonLine';
import type { PeopleDesk, PeopleTab, PeopleView } from './people/people-props';
import { ResetDialog } from './people/ResetDialog';
import { TabRow } from './TabRow';
import { TeamDialog } from './teams/TeamDialog';
import { TeamsTab } from './teams/TeamsTab';

export interface PeopleScreenProps {
  readonly tab: PeopleTab;
  readonly onTab: (tab: PeopleTab) => void;
  readonly data: AdminData<PeopleView>;
  /** The person who looks. */
  readonly me: PersonId;
  readonly now: number;
  readonly desk: PeopleDesk;
  readonly onRetry: () => void;
}

type Making = 'nothing' | 'person' | 'team';

export function PeopleScreen(props: PeopleScreenProps): ReactNode {
  const { tab, onTab, data, now, desk, onRetry } = props;
  const [making, setMaking] = useState<Making>('nothing');
  const stop = (): void => setMaking('nothing');
  const ready = data.is === 'ready' ? data.value : null;
  const action =
    tab === 'people' ? (
      <KeyButton of={adminKeys.invite} icon={Plus} look="primary" onClick={() => setMaking('person')}>
        Invite
      </KeyButton>
    ) : (
      <KeyButton of={adminKeys.newTeam} icon={Plus} look="primary" onClick={() => setMaking('team')}>
        New team
      </KeyButton>
    );
  return (
    <AdminPage
      title="People"
      count={null}
      data={data}
      action={tab === 'teams' && ready?.teams.length === 0 ? undefined : action}
      tabs={
        data.is === 'forbidden' ? undefined : (
          <TabRow
            label="People and teams"
            tabs={[
              { key: 'people', label: 'People', count: ready?.people.length ?? 0 },
              { key: 'teams', label: 'Teams', count: ready?.teams.length ?? 0 },
            ]}
            open={tab}
            onOpen={onTab}
          />
        )
      }
      onRetry={onRetry}
    >
      {(view) => (
        <>
          {tab === 'people' ? (
            <PeopleTab {...props} view={view} />
          ) : (
            <TeamsTab view={view} now={now} desk={desk} create={action} />
          )}
          {making === 'person' ? <InviteDialog now={now} onInvite={desk.invite} onClose={stop} /> : null}
          {making === 'team' ? <TeamDialog teams={view.teams} onCreate={desk.createTeam} onClose={stop} /> : null}
        </>
      )}
    </AdminPage>
  );
}

interface PeopleTabProps extends PeopleScreenProps {
  readonly view: PeopleView;
}

function PeopleTab({ view, me, now, desk }: PeopleTabProps): ReactNode {
  const [disabling, setDisabling] = useState<PersonRow | null>(null);
  const [resetting, setResetting] = useState<PersonRow | null>(null);
  const { people, invitations, teams } = view;
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]));
  return (
    <>
      <table className="table ad ad-people">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Role</th>
            <th scope="col">Teams</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
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
              teamNames={teamNames}
              desk={desk}
              onDisabling={setDisabling}
              onResetting={setResetting}
            />
          ))}
        </tbody>
      </table>
      <Invitations invitations={invitations} now={now} desk={desk} />
      {people.length === 1 && invitations.length === 0 ? (
        <p className="t2 ad-alone">
          You are alone here. Invite an approver, so that questions are answered while you are away.
        </p>
      ) : null}
      {disabling === null ? null : <DisableDialog person={disabling} desk={desk} onClose={() => setDisabling(null)} />}
      {resetting === null ? null : (
        <ResetDialog
          person={resetting}
          now={now}
          onReset={(tokens) => desk.reset(resetting.id, tokens)}
          onClose={() => setResetting(null)}
        />
      )}
    </>
  );
}

interface DisableDialogProps {
  readonly person: PersonRow;
  readonly desk: PeopleDesk;
  readonly onClose: () => void;
}

function DisableDialog({ person, desk, onClose }: DisableDialogProps): ReactNode {
  return (
    <ConfirmDialog
      title={`Disable ${person.name}?`}
      verb="Disable"
      keep={`Keep ${person.name.split(' ')[0] ?? 'them'}`}
      act={() => desk.disable(person.id)}
      onClose={onClose}
    >
      {person.email} is signed out everywhere at once and cannot sign in until an admin enables them again. Their API
      tokens and reset links stop working for good. What they answered stays in the log under their name.
    </ConfirmDialog>
  );
}
