'use client';

import { type ReactNode, useState } from 'react';
import Search from 'lucide-react/icons/search';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { AwayMark } from '@/components/settings/AwayMark';
import { Refused } from '@/components/settings/FormButtons';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import type { PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import { may } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRow } from '@/lib/domain/team';
import { roleWords } from '../role-words';
import { useAction } from '../use-action';
import { candidatesOf, changeWords, matching } from './members';

export interface MembersDialogProps {
  readonly team: TeamRow;
  readonly people: readonly PersonRow[];
  readonly now: number;
  readonly onSave: (members: readonly PersonId[]) => Promise<Result<unknown>>;
  readonly onClose: () => void;
}

/** Who is in a team. Nobody moves in the list while it is open. */
export function MembersDialog({ team, people, now, onSave, onClose }: MembersDialogProps): ReactNode {
  const [candidates] = useState(() => candidatesOf(people, team));
  const [before] = useState(() => new Set(team.members.map((member) => member.id)));
  const [chosen, setChosen] = useState<ReadonlySet<PersonId>>(before);
  const { state, run } = useAction<unknown>(onClose);
  const members = candidates.filter((person) => chosen.has(person.id));
  const footer = (
    <>
      <span className="meta grow" role="status">
        {changeWords(before, chosen)}
      </span>
      <Button size="lg" hint="Esc" onClick={onClose}>
        Cancel
      </Button>
      <Button
        size="lg"
        look="primary"
        disabled={state.is === 'busy'}
        onClick={() => run(() => onSave(members.map((person) => person.id)))}
      >
        {state.is === 'busy' ? 'Saving' : 'Save members'}
      </Button>
    </>
  );
  return (
    <Dialog title={`Members of ${team.name}`} onClose={onClose} footer={footer}>
      <p className="t2">
        Members see what is routed to {team.name} and, as approvers or admins, answer it. It counts at once, for
        requests that are open as well.
      </p>
      <MemberPicker candidates={candidates} chosen={chosen} now={now} onChosen={setChosen} />
      {members.length > 0 && !members.some(({ role }) => may(role, 'request.answer')) ? (
        <Note icon={TriangleAlert} tone="person">
          Observers answer nothing: with these members alone, what is routed here waits for an admin.
        </Note>
      ) : null}
      <Refused state={state} />
    </Dialog>
  );
}

interface MemberPickerProps {
  readonly candidates: readonly PersonRow[];
  readonly chosen: ReadonlySet<PersonId>;
  readonly now: number;
  readonly onChosen: (chosen: ReadonlySet<PersonId>) => void;
}

function MemberPicker({ candidates, chosen, now, onChosen }: MemberPickerProps): ReactNode {
  const [search, setSearch] = useState('');
  const found = matching(candidates, search);
  const toggle = (person: PersonId): void => {
    const next = new Set(chosen);
    if (!next.delete(person)) next.add(person);
    onChosen(next);
  };
  return (
    <>
      <div className="affix tm-find">
        <span className="pre">
          <Icon of={Search} size="sm" />
        </span>
        <input
          className="input"
          type="search"
          aria-label="Search people"
          placeholder="Search by name or e-mail"
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul className="tm-pick" aria-label="People">
        {found.map((person) => (
          <Candidate
            key={person.id}
            person={person}
            now={now}
            is={chosen.has(person.id) ? 'in' : 'out'}
            onToggle={() => toggle(person.id)}
          />
        ))}
      </ul>
      <p className="hint" role="status">
        {found.length === 0 ? `Nobody matches “${search.trim()}”.` : ''}
      </p>
    </>
  );
}

interface CandidateProps {
  readonly person: PersonRow;
  readonly now: number;
  readonly is: 'in' | 'out';
  readonly onToggle: () => void;
}

function Candidate({ person, now, is, onToggle }: CandidateProps): ReactNode {
  return (
    <li>
      <label className="tm-person">
        <input type="checkbox" checked={is === 'in'} onChange={onToggle} />
        <Avatar name={person.name} named="beside" />
        <span className="ad-who grow">
          <span className="cut">{person.name}</span>
          <span className="meta cut">{person.email}</span>
        </span>
        <AwayMark away={person.away} now={now} />
        <span className="meta">{roleWords[person.role].name}</span>
      </label>
    </li>
  );
}
