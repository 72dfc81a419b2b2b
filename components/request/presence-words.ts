import type { Claim } from '@/lib/domain/request';
import type { PresentPerson } from './request-props';
import { firstName } from './words';

/** Everyone else at the request, who answers first: the claim's holder counts even when their page says nothing. */
export function othersAt(
  presence: readonly PresentPerson[],
  claim: Claim | null,
  meId: string,
): readonly PresentPerson[] {
  const others = presence.filter((person) => person.id !== meId);
  const holder: readonly PresentPerson[] =
    claim === null || claim.by.id === meId ? [] : [{ id: claim.by.id, name: claim.by.name, doing: 'answering' }];
  const rest = others.filter((person) => person.id !== holder[0]?.id);
  return [...holder, ...rest].sort((a, b) => rank(a) - rank(b));
}

function rank(person: PresentPerson): number {
  return person.doing === 'answering' ? 0 : 1;
}

/** "Ana is answering, Lena is looking"; three and more are counted. */
export function presenceWords(people: readonly PresentPerson[]): string {
  const groups = [
    {
      names: people.filter((person) => person.doing === 'answering').map((person) => firstName(person.name)),
      verb: 'answering',
    },
    {
      names: people.filter((person) => person.doing === 'looking').map((person) => firstName(person.name)),
      verb: 'looking',
    },
  ];
  return groups
    .filter(({ names }) => names.length > 0)
    .map(({ names, verb }) =>
      names.length > 2
        ? `${names.length} are ${verb}`
        : `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} ${verb}`,
    )
    .join(', ');
}
