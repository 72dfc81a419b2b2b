import { describe, expect, it } from 'vitest';
import type { PersonId, TeamId } from '@/lib/domain/ids';
import { audienceOf, maySee, type RosterPerson } from '@/lib/domain/notice/recipients';
import type { Role } from '@/lib/domain/permission';

const payments = 'payments' as TeamId;
const routed = { team: { id: payments, name: 'Payments' }, alsoTeams: [], assignedTo: null };

/** "ana>ben" is away with Ben standing in, "ana>" with nobody; `!` marks observers, `*` admins. */
function personOf(text: string): RosterPerson {
  const [, name = '', mark = '', arrow = '', delegate = ''] = /^(\w+)([!*]?)(>?)(\w*)$/.exec(text) ?? [];
  const id = (of: string): PersonId => `per_${of}` as PersonId;
  const role: Role = mark === '!' ? 'observer' : mark === '*' ? 'admin' : 'approver';
  const away =
    arrow === '' ? null : { untilAt: null, delegate: delegate === '' ? null : { id: id(delegate), name: delegate } };
  return { id: id(name), name, email: `${name}@example.com`, role, away, disabled: false };
}

describe('who is told of what a team is asked', () => {
  // The first of each is the only member of the team.
  it.each([
    ['who is there', ['ana', 'ben'], ['ana']],
    ['who stands in', ['ana>ben', 'ben'], ['ben']],
    ['nobody, when nobody stands in', ['ana>', 'ben'], []],
    ['along a chain of delegates, the first who is there', ['ana>ben', 'ben>cy', 'cy'], ['cy']],
    ['nobody, when the chain ends with nobody', ['ana>ben', 'ben>'], []],
    ['nobody, when the chain goes round', ['ana>ben', 'ben>ana'], []],
    ['no admin, though nobody is there', ['ana>', 'mia*'], []],
    ['nobody in place of an observer', ['ana!>ben', 'ben'], []],
    ['nobody by an observer', ['ana>ben', 'ben!'], []],
  ] as const)('%s', (_what, people, told) => {
    const roster = {
      people: people.map(personOf),
      teams: [{ id: payments, name: 'Payments', members: [personOf(people[0]).id] }],
    };
    const look = { roster, now: 1 };
    const audience = audienceOf({ kind: 'opened' }, routed, { ...look, except: null });
    expect(audience.people.map(({ name }) => name)).toEqual(told);
    // I11: only who may see it is told.
    for (const person of audience.people) expect(maySee(person, routed, look)).toBe(true);
  });

  it.each(['opened', 'expiring', 'expired'] as const)('of a team that is none, admins when it is %s', (kind) => {
    const roster = { people: ['ana', 'mia*', 'max*>', 'moe*>mia'].map(personOf), teams: [] };
    const audience = audienceOf({ kind }, routed, { roster, now: 1, except: null });
    expect(audience.people.map(({ name }) => name)).toEqual(['mia']);
  });
});
