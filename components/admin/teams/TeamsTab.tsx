'use client';

import { type ReactNode, useState } from 'react';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Users from 'lucide-react/icons/users';
import { AwayMark } from '@/components/settings/AwayMark';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Tag } from '@/components/ui/Tag';
import { isAway } from '@/lib/domain/notice/recipients';
import { may } from '@/lib/domain/permission';
import type { TeamMember, TeamRow } from '@/lib/domain/team';
import { NoneYet } from '../AdminPage';
import { ConfirmDialog } from '../ConfirmDialog';
import type { PeopleDesk, PeopleView } from '../people/people-props';
import { roleWords } from '../role-words';
import { MembersDialog } from './MembersDialog';
import { RenameDialog } from './TeamDialog';

export interface TeamsTabProps {
  readonly view: PeopleView;
  readonly now: number;
  readonly desk: PeopleDesk;
  /** The button that makes one, for when there is none. */
  readonly create: ReactNode;
}

type Doing =
  | { readonly is: 'nothing' }
  | { readonly is: 'members' | 'renaming' | 'removing'; readonly teamId: TeamRow['id'] };

/** The teams that requests are routed to, and who is in them. */
export function TeamsTab({ view, now, desk, create }: TeamsTabProps): ReactNode {
  const [doing, setDoing] = useState<Doing>({ is: 'nothing' });
  const { teams } = view;
  if (teams.length === 0) {
    return (
      <NoneYet icon={Users} title="No team yet" actions={create}>
        Without teams every request is for everyone who may answer. Make a team, put people in it, and let a rule say
        which calls are theirs.
      </NoneYet>
    );
  }
  return (
    <>
      <p className="t2 tm-lead">
        A rule routes what it holds to a team: its members see and answer that, and so does any admin.
      </p>
      <ul className="tm-list" aria-label="Teams">
        {teams.map((team) => (
          <TeamCard key={team.id} team={team} now={now} onDo={(is) => setDoing({ is, teamId: team.id })} />
        ))}
      </ul>
      <TeamDoing doing={doing} view={view} now={now} desk={desk} onClose={() => setDoing({ is: 'nothing' })} />
    </>
  );
}

interface TeamDoingProps extends Omit<TeamsTabProps, 'create'> {
  readonly doing: Doing;
  readonly onClose: () => void;
}

function TeamDoing({ doing, view, now, desk, onClose }: TeamDoingProps): ReactNode {
  const team = doing.is === 'nothing' ? undefined : view.teams.find(({ id }) => id === doing.teamId);
  if (team === undefined) return null;
  const rest = { team, onClose };
  switch (doing.is) {
    case 'nothing':
      return null;
    case 'members':
      return (
        <MembersDialog
          {...rest}
          people={view.people}
          now={now}
          onSave={(members) => desk.setMembers(team.id, members)}
        />
      );
    case 'renaming':
      return <RenameDialog {...rest} teams={view.teams} onRename={(name) => desk.renameTeam(team.id, name)} />;
    case 'removing':
      return (
        <ConfirmDialog
          title={`Remove the team ${team.name}?`}
          verb="Remove team"
          keep="Keep the team"
          act={() => desk.removeTeam(team.id)}
          onClose={onClose}
        >
          Its members stay, only no longer as members of it. A team that a rule or an open request names is not removed:
          change those first.
        </ConfirmDialog>
      );
  }
}

interface TeamCardProps {
  readonly team: TeamRow;
  readonly now: number;
  readonly onDo: (is: 'members' | 'renaming' | 'removing') => void;
}

function TeamCard({ team, now, onDo }: TeamCardProps): ReactNode {
  const warning = warningOf(team, now);
  return (
    <li className="card">
      <div className="card-h tm-head">
        <h2 className="tm-name">{team.name}</h2>
        <Tag look="code">{team.id}</Tag>
        <span className="tm-acts">
          <Button size="sm" aria-label={`Members of ${team.name}`} onClick={() => onDo('members')}>
            Members
          </Button>
          <Button size="sm" aria-label={`Rename ${team.name}`} onClick={() => onDo('renaming')}>
            Rename
          </Button>
          <Button size="sm" look="danger" aria-label={`Remove ${team.name}`} onClick={() => onDo('removing')}>
            Remove
          </Button>
        </span>
      </div>
      {warning === null ? null : (
        <p className="tm-warn">
          <Icon of={TriangleAlert} size="sm" />
          {warning}
        </p>
      )}
      {team.members.length === 0 ? null : (
        <ul className="tm-members" aria-label={`Members of ${team.name}`}>
          {team.members.map((member) => (
            <Member key={member.id} member={member} now={now} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Member({ member, now }: { readonly member: TeamMember; readonly now: number }): ReactNode {
  return (
    <li>
      <Avatar name={member.name} named="beside" />
      <span className="cut medium">{member.name}</span>
      <span className="meta">{roleWords[member.role].name}</span>
      <AwayMark away={member.away} now={now} />
    </li>
  );
}

/** What keeps a team from answering; null when somebody is there. */
export function warningOf({ members }: TeamRow, now: number): string | null {
  const able = members.filter(({ role }) => may(role, 'request.answer'));
  if (members.length === 0) return 'Nobody is in this team: what is routed here waits for an admin.';
  if (able.length === 0) return 'Only observers are in this team: what is routed here waits for an admin.';
  const there = able.some(({ away }) => !isAway(away, now) || away?.delegate != null);
  return there ? null : 'Everyone who could answer is away and nobody stands in.';
}
