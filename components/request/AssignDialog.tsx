'use client';

import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import Check from 'lucide-react/icons/check';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Users from 'lucide-react/icons/users';
import { Avatar } from '@/components/ui/Avatar';
import { Dialog } from '@/components/ui/Dialog';
import { Icon } from '@/components/ui/Icon';
import { Note } from '@/components/ui/Note';
import { useTypedAhead } from '@/components/ui/use-typed-ahead';
import { nextFocus } from '@/components/ui/menu-focus';
import type { PersonRef } from '@/lib/domain/event';
import type { HoldRequest } from '@/lib/domain/request';
import type { PersonId } from '@/lib/domain/ids';
import type { RequestScreenProps } from './request-props';

export type AssignDialogProps = Pick<RequestScreenProps, 'detail' | 'desk' | 'me'> & { readonly onClose: () => void };

interface Choice {
  readonly id: PersonId | null;
  readonly name: string;
  readonly words: string;
}

type People =
  | { readonly state: 'reading' }
  | { readonly state: 'ready'; readonly people: readonly PersonRef[] }
  | { readonly state: 'failed'; readonly words: string };

/** Hands the request to someone who may answer it, or back to all of them. */
export function AssignDialog({ detail, desk, me, onClose }: AssignDialogProps): ReactNode {
  const people = usePeople(desk);
  const [search, setSearch] = useState('');
  useTypedAhead(setSearch);
  const [active, setActive] = useState(0);
  const [failure, setFailure] = useState<string | null>(null);
  const { assignedTo } = detail.request;
  const found = people.state === 'ready' ? choicesOf(people.people, { me, search, all: allOf(detail.request) }) : [];
  const pointed = Math.min(active, found.length - 1);
  const pick = async (choice: Choice): Promise<void> => {
    const said = await desk.assign(choice.id);
    if (said.ok) onClose();
    else setFailure(said.message);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = nextFocus(event.key, pointed, found.length);
    const choice = found[pointed];
    if (event.key === 'Enter' && choice !== undefined && !event.nativeEvent.isComposing) void pick(choice);
    else if (target !== null && event.key !== 'Home' && event.key !== 'End') setActive(target);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Hand over" onClose={onClose}>
      <label className="hint" htmlFor="assign-search">
        {assignedTo === null ? `It is for ${allOf(detail.request)}.` : `It is assigned to ${assignedTo.name}.`} Whom to?
      </label>
      <input
        id="assign-search"
        data-first
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="assign-people"
        aria-autocomplete="list"
        aria-activedescendant={found.length === 0 ? undefined : `assign-${pointed}`}
        autoComplete="off"
        placeholder="Type a name"
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {failure === null ? null : (
        <Note icon={TriangleAlert} tone="danger" live="alert">
          {failure}
        </Note>
      )}
      <Choices {...{ found, pointed }} current={assignedTo?.id ?? null} onPick={(choice) => void pick(choice)} />
      <p className="hint" role="status">
        {listWords(people, found.length)}
      </p>
    </Dialog>
  );
}

function usePeople(desk: AssignDialogProps['desk']): People {
  const [people, setPeople] = useState<People>({ state: 'reading' });
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void desk.people().then((said) => {
      if (state === 'left') return;
      setPeople(said.ok ? { state: 'ready', people: said.value } : { state: 'failed', words: said.message });
    });
    return () => {
      state = 'left';
    };
  }, [desk]);
  return people;
}

interface ChoicesProps {
  readonly found: readonly Choice[];
  readonly pointed: number;
  readonly current: PersonId | null;
  readonly onPick: (choice: Choice) => void;
}

function Choices({ found, pointed, current, onPick }: ChoicesProps): ReactNode {
  return (
    <div className="a-choices" role="listbox" id="assign-people" aria-label="People">
      {found.map((choice, index) => (
        <button
          key={choice.id ?? 'nobody'}
          type="button"
          role="option"
          id={`assign-${index}`}
          tabIndex={-1}
          aria-selected={index === pointed}
          onClick={() => onPick(choice)}
        >
          {choice.id === null ? <Icon of={Users} /> : <Avatar name={choice.name} named="beside" />}
          <span className="grow">
            {choice.name}
            <small>{choice.words}</small>
          </span>
          {choice.id === current ? <Icon of={Check} size="sm" /> : null}
        </button>
      ))}
    </div>
  );
}

/** Whose it is while it is nobody's in particular. */
function allOf({ team, alsoTeams }: Pick<HoldRequest, 'team' | 'alsoTeams'>): string {
  if (team === null) return 'everyone who may answer it';
  const names = [team, ...alsoTeams].map(({ name }) => name);
  const last = names.pop() ?? '';
  return `everyone in ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}`;
}

interface Wanted {
  readonly me: PersonRef;
  readonly search: string;
  readonly all: string;
}

function choicesOf(people: readonly PersonRef[], { me, search, all }: Wanted): readonly Choice[] {
  const wanted = search.trim().toLocaleLowerCase();
  const matches = people
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .map(({ id, name }) => ({ id, name, words: id === me.id ? 'you' : '' }));
  const nobody: Choice = { id: null, name: 'Nobody in particular', words: all };
  return wanted === '' ? [...matches, nobody] : matches;
}

function listWords(people: People, found: number): string {
  if (people.state === 'reading') return 'Reading who may answer…';
  if (people.state === 'failed') return people.words;
  return found === 0 ? 'Nobody of that name may answer this.' : 'Whoever gets it is told.';
}
