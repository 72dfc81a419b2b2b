import { describe, expect, test } from 'vitest';
import { candidatesOf, changeWords, matching } from '@/components/admin/teams/members';
import { problemOfName, readTeam, suggestedId } from '@/components/admin/teams/team-name';
import { warningOf } from '@/components/admin/teams/TeamsTab';
import type { PersonRow } from '@/lib/domain/directory';
import { type PersonId, readTeamId, type TeamId } from '@/lib/domain/ids';
import type { Role } from '@/lib/domain/permission';
import type { Away, TeamMember, TeamRow } from '@/lib/domain/team';

const now = 1_800_000_000_000;

function person(name: string, disabledAt: number | null = null): PersonRow {
  const id = `per_${name}` as PersonId;
  return {
    id,
    name,
    email: `${name}@example.com`,
    role: 'approver',
    createdAt: now,
    disabledAt,
    teams: [],
    away: null,
  };
}

function member(name: string, role: Role, away: Away | null = null): TeamMember {
  return { id: `per_${name}` as PersonId, name, role, away };
}

function team(members: readonly TeamMember[]): TeamRow {
  return { id: 'payments' as TeamId, name: 'Payments', members, createdAt: now };
}

describe('the short name of a team', () => {
  test.each([
    ['Payments', 'payments'],
    ['  Platform & Ops ', 'platform-ops'],
    ['Zürich Straße', 'zurich-strasse'],
    ['Équipe Données', 'equipe-donnees'],
    ['支払い', ''],
    ['--', ''],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('%s is suggested as “%s”', (name, id) => {
    expect(suggestedId(name)).toBe(id);
    // Nothing can be made of some names; whatever is made is a short name.
    expect(readTeamId(suggestedId(name)) ?? '').toBe(id);
  });

  test('one that is taken, or none, is pointed out; so is a name that is taken', () => {
    const teams = [team([])];
    expect(readTeam({ name: 'Platform', id: 'platform' }, teams)).toEqual({
      is: 'good',
      teamId: 'platform',
      name: 'Platform',
    });
    expect(readTeam({ name: ' payments ', id: 'payments' }, teams)).toEqual({
      is: 'bad',
      name: 'There is already a team called payments.',
      teamId: 'There is already a team payments.',
    });
    expect(readTeam({ name: '支払い', id: '' }, teams)).toMatchObject({ is: 'bad', name: null });
    expect(readTeam({ name: 'X', id: 'Not Good' }, teams)).toMatchObject({ is: 'bad', name: null });
    expect(problemOfName('  ', [])).toMatch(/name/);
  });
});

describe('the members of a team', () => {
  test('members stand first and nobody who is disabled is offered', () => {
    const people = [person('Zoe'), person('Ana'), person('Mika'), person('Olu', now)];
    const found = candidatesOf(people, team([member('Zoe', 'approver'), member('Olu', 'approver')]));
    expect(found.map(({ name }) => name)).toEqual(['Zoe', 'Ana', 'Mika']);
  });

  test('search finds by name and address, all words of it', () => {
    const people = [person('Ana Ruiz'), person('Mika Laine')];
    expect(matching(people, 'ruiz ana').map(({ name }) => name)).toEqual(['Ana Ruiz']);
    expect(matching(people, 'EXAMPLE.com')).toHaveLength(2);
    expect(matching(people, 'ana laine')).toEqual([]);
    expect(matching(people, '  ')).toHaveLength(2);
  });

  test('what saving would change is said', () => {
    const ids = (...names: readonly string[]): ReadonlySet<PersonId> => new Set(names.map((name) => name as PersonId));
    expect(changeWords(ids('a'), ids('a'))).toBe('1 member');
    expect(changeWords(ids('a', 'b'), ids('b', 'c', 'd'))).toBe('3 members: 2 added, 1 taken out');
    expect(changeWords(ids(), ids())).toBe('0 members');
  });
});

describe('a team that cannot answer says so', () => {
  const away: Away = { untilAt: null, delegate: null };
  const covered: Away = { untilAt: null, delegate: { id: 'per_x' as PersonId, name: 'X' } };

  test.each([
    [[], /Nobody is in this team/],
    [[member('Olu', 'observer')], /Only observers/],
    [[member('Ana', 'approver', away), member('Olu', 'observer')], /Everyone who could answer is away/],
  ] as const)('%j', (members, words) => {
    expect(warningOf(team(members), now)).toMatch(words);
  });

  test('someone there, or someone who stands in, is enough', () => {
    expect(warningOf(team([member('Ana', 'approver')]), now)).toBe(null);
    expect(warningOf(team([member('Ana', 'approver', covered)]), now)).toBe(null);
    expect(warningOf(team([member('Ana', 'admin', { ...away, untilAt: now })]), now)).toBe(null);
  });
});
