import type { ReactNode } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { presenceWords } from './presence-words';
import type { PresentPerson } from './request-props';

const shownMax = 4;

/** Who else is here; says it in words where there is room. */
export function Presence({ people }: { readonly people: readonly PresentPerson[] }): ReactNode {
  if (people.length === 0) return null;
  const answering = people.some((person) => person.doing === 'answering');
  return (
    <span className={`presence ${answering ? '' : 'calm'}`}>
      <span className="avs" aria-hidden="true">
        {people.slice(0, shownMax).map((person) => (
          <Avatar key={person.id} name={person.name} doing={person.doing} named="beside" />
        ))}
      </span>
      <span className="cut presence-words">{presenceWords(people)}</span>
    </span>
  );
}
