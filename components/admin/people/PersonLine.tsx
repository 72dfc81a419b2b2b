'use client';

import type { ReactNode } from 'react';
import Ban from 'lucide-react/icons/ban';
import Check from 'lucide-react/icons/check';
import ChevronDown from 'lucide-react/icons/chevron-down';
import { AwayMark } from '@/components/settings/AwayMark';
import { awayWords } from '@/components/settings/away-words';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Icon } from '@/components/ui/Icon';
import { Menu } from '@/components/ui/Menu';
import { Status } from '@/components/ui/Status';
import { Tag } from '@/components/ui/Tag';
import type { PersonRow } from '@/lib/domain/directory';
import type { TeamId } from '@/lib/domain/ids';
import { roles } from '@/lib/domain/permission';
import { dayTime } from '@/lib/domain/timeline/time-words';
import { roleWords } from '../role-words';
import { useAction } from '../use-action';
import type { PeopleDesk } from './people-props';

export interface PersonLineProps {
  readonly person: PersonRow;
  readonly who: 'me' | 'other';
  readonly now: number;
  readonly teamNames: ReadonlyMap<TeamId, string>;
  readonly desk: PeopleDesk;
  readonly onDisabling: (person: PersonRow) => void;
  readonly onResetting: (person: PersonRow) => void;
}

export function PersonLine(props: PersonLineProps): ReactNode {
  const { person, who, now, teamNames, desk } = props;
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
        {active ? <RoleMenu person={person} desk={desk} /> : <span className="t3">{roleWords[person.role].name}</span>}
      </td>
      <td>
        <PersonTeams person={person} teamNames={teamNames} />
      </td>
      <td>
        <PersonState person={person} now={now} />
      </td>
      <td className="num t2">{dayTime(person.createdAt, now)}</td>
      <td className="r">
        <PersonActions {...props} />
      </td>
    </tr>
  );
}

function PersonTeams({ person, teamNames }: Pick<PersonLineProps, 'person' | 'teamNames'>): ReactNode {
  if (person.teams.length === 0) return <span className="t3 ad-noteam">no team</span>;
  return (
    <span className="row wrap ad-tags">
      {person.teams.map((id) => (
        <Tag key={id}>{teamNames.get(id) ?? id}</Tag>
      ))}
    </span>
  );
}

function PersonState({ person, now }: Pick<PersonLineProps, 'person' | 'now'>): ReactNode {
  if (person.disabledAt !== null) return <Status icon={Ban}>disabled {dayTime(person.disabledAt, now)}</Status>;
  if (awayWords(person.away, now) !== null) return <AwayMark away={person.away} now={now} />;
  return (
    <Status icon={Check} tone="ok">
      active
    </Status>
  );
}

function PersonActions({ person, desk, onDisabling, onResetting }: PersonLineProps): ReactNode {
  const { state, run } = useAction<unknown>(() => undefined);
  if (person.disabledAt !== null) {
    return (
      <>
        <Button
          size="sm"
          aria-label={`Enable ${person.name} again`}
          disabled={state.is === 'busy'}
          onClick={() => run(() => desk.enable(person.id))}
        >
          Enable
        </Button>
        {state.is === 'refused' ? (
          <p className="err ad-refused" role="alert">
            {state.message}
          </p>
        ) : null}
      </>
    );
  }
  return (
    <span className="ad-acts">
      <Button size="sm" aria-label={`Reset link for ${person.name}`} onClick={() => onResetting(person)}>
        Reset link
      </Button>
      <Button size="sm" look="danger" aria-label={`Disable ${person.name}`} onClick={() => onDisabling(person)}>
        Disable
      </Button>
    </span>
  );
}

function RoleMenu({ person, desk }: Pick<PersonLineProps, 'person' | 'desk'>): ReactNode {
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
            if (role !== person.role) run(() => desk.setRole(person.id, role));
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
