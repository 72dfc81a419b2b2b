import type { PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import type { TeamRow } from '@/lib/domain/team';

/** Who can be in a team: its members first, then everyone else who is here, each by name. */
export function candidatesOf(people: readonly PersonRow[], team: TeamRow): readonly PersonRow[] {
  const members = new Set(team.members.map(({ id }) => id));
  const here = people
    .filter(({ disabledAt }) => disabledAt === null)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  return [...here.filter(({ id }) => members.has(id)), ...here.filter(({ id }) => !members.has(id))];
}

/** Those whose name or address has every word of the search. */
export function matching(people: readonly PersonRow[], search: string): readonly PersonRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return people.filter(({ name, email }) => {
    const text = `${name}\n${email}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** "5 members: 2 added, 1 taken out" */
export function changeWords(before: ReadonlySet<PersonId>, after: ReadonlySet<PersonId>): string {
  const added = [...after].filter((id) => !before.has(id)).length;
  const gone = [...before].filter((id) => !after.has(id)).length;
  const count = `${after.size} ${after.size === 1 ? 'member' : 'members'}`;
  const changes = [...(added === 0 ? [] : [`${added} added`]), ...(gone === 0 ? [] : [`${gone} taken out`])];
  return changes.length === 0 ? count : `${count}: ${changes.join(', ')}`;
}
