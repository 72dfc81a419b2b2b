import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import { Bench, openSqlite } from './bench';

let bench: Bench;
let admin: Person;
let used: string | null;
let changed: PersonId[];
beforeEach(async () => {
  used = null;
  bench = await Bench.open(await openSqlite(), { isTeamUsed: () => used });
  ({ person: admin } = await bench.admin());
  changed = [];
  bench.auth.directory.onPersonChanged((id) => changed.push(id));
});
afterEach(() => bench.close());

const payments = 'payments' as TeamId;
const nobody = 'per_NOBODY' as PersonId;
const hourMs = 3_600_000;

async function join(name: string, role: Role = 'approver'): Promise<Person> {
  return (await bench.guest(admin, { email: `${name}@example.com`, role })).person;
}

async function team(...members: readonly Person[]): Promise<void> {
  await bench.auth.directory.createTeam(admin, { id: 'payments', name: 'Payments' });
  const set = await bench.auth.directory.setTeamMembers(
    admin,
    payments,
    members.map(({ id }) => id),
  );
  if (!set.ok) throw new Error(set.message);
  changed = [];
}

function covered(person: Person): readonly (string | undefined)[] {
  return (bench.auth.roster.person(person.id)?.covers ?? []).map((cover) => cover.person.name).sort();
}

describe('teams', () => {
  it.each(['approver', 'observer'] as const)('an %s changes none, nor their own part in one (I11)', async (role) => {
    const ben = await join('ben', role);
    await team();
    const { directory, roster } = bench.auth;
    for (const refused of [
      await directory.setTeamMembers(ben, payments, [ben.id]),
      await directory.createTeam(ben, { id: 'mine', name: 'Mine' }),
      await directory.renameTeam(ben, payments, 'Mine'),
      await directory.removeTeam(ben, payments),
      await directory.setAgentOwner(ben, 'agt_X' as AgentId, ben.id),
      await directory.setAwayOf(ben, admin.id, { untilAt: null, delegateId: ben.id }),
      await directory.enable(ben, ben.id),
      await directory.resetLink(ben, admin.id, 'keep'),
    ])
      expect(refused).toMatchObject({ ok: false, code: 'forbidden' });
    expect(roster.person(ben.id)).toEqual(ben);
    expect(await directory.teams(ben)).toMatchObject({ ok: true, value: [{ members: [] }] });
    expect(changed).toEqual([]);
  });

  it.each(['__proto__', '', '-a', 'a-', 'Payments', 'a b', 'a/b', 'x'.repeat(41), 'é'])(
    'none is called %j',
    async (id) => {
      expect(await bench.auth.directory.createTeam(admin, { id, name: 'Team' })).toMatchObject({ code: 'bad_input' });
    },
  );

  it('a name is on one line and its own; "constructor" is a team like any other', async () => {
    await team();
    const { directory, roster } = bench.auth;
    for (const name of ['', ' ', 'a\nb', 'a\u202Eb', 'x'.repeat(61)]) {
      expect(await directory.createTeam(admin, { id: 'other', name })).toMatchObject({ code: 'bad_input' });
      expect(await directory.renameTeam(admin, payments, name)).toMatchObject({ code: 'bad_input' });
    }
    expect(await directory.createTeam(admin, { id: 'other', name: 'PAYMENTS' })).toMatchObject({
      code: 'not_allowed_now',
    });
    expect(await directory.createTeam(admin, { id: 'payments', name: 'Else' })).toMatchObject({
      code: 'not_allowed_now',
    });
    expect(await directory.renameTeam(admin, payments, 'payments')).toMatchObject({ value: { name: 'payments' } });
    expect(roster.isStaffed('constructor' as TeamId)).toBe(false);
    expect(await directory.createTeam(admin, { id: 'constructor', name: 'C' })).toMatchObject({ ok: true });
  });

  it('unknown teams and members are not found, and nothing is half done', async () => {
    const ben = await join('ben');
    await team(ben);
    const { directory, roster } = bench.auth;
    const gone = 'gone' as TeamId;
    const { id: disabled } = await join('cleo');
    await directory.disable(admin, disabled);
    for (const refused of [
      await directory.renameTeam(admin, gone, 'Gone'),
      await directory.setTeamMembers(admin, gone, []),
      await directory.setTeamMembers(admin, payments, [nobody]),
      await directory.setTeamMembers(admin, payments, [disabled]),
      await directory.setAwayOf(admin, nobody, null),
      await directory.setAwayOf(admin, disabled, null),
      await directory.enable(admin, nobody),
      await directory.resetLink(admin, nobody, 'keep'),
      await directory.setAgentOwner(admin, 'agt_X' as AgentId, null),
      await directory.createAgent(admin, { name: 'a', servers: null, owner: nobody }),
    ])
      expect(refused).toMatchObject({ ok: false, code: 'not_found' });
    expect(roster.person(ben.id)?.teams).toEqual(['payments']);
  });

  it('one that something names cannot be removed, in the words of whoever knows', async () => {
    await team();
    used = 'Rule 3 names it.';
    expect(await bench.auth.directory.removeTeam(admin, payments)).toMatchObject({
      code: 'not_allowed_now',
      message: used,
    });
    expect(bench.auth.roster.team(payments)).not.toBeNull();
  });

  it('whoever comes or goes is told once, and the roster knows before the promise resolves', async () => {
    const [ben, cleo] = [await join('ben'), await join('cleo')];
    await team(ben);
    await bench.auth.directory.setTeamMembers(admin, payments, [cleo.id]);
    expect(bench.auth.roster.person(cleo.id)?.teams).toEqual(['payments']);
    expect([...changed].sort()).toEqual([ben.id, cleo.id].sort());
  });

  it('are staffed by approvers and admins who are there', async () => {
    const [ben, olga] = [await join('ben'), await join('olga', 'observer')];
    const { directory, roster } = bench.auth;
    await team(olga);
    expect(roster.isStaffed(payments)).toBe(false);
    await directory.setTeamMembers(admin, payments, [ben.id, olga.id]);
    expect(roster.isStaffed(payments)).toBe(true);
    await directory.setAway(ben, { untilAt: null, delegateId: null });
    expect(roster.isStaffed(payments)).toBe(false);
    await directory.setAway(ben, { untilAt: null, delegateId: admin.id });
    expect(roster.isStaffed(payments)).toBe(true);
    await directory.setAway(admin, { untilAt: null, delegateId: null });
    expect(roster.isStaffed(payments)).toBe(false);
    await directory.setAway(ben, null);
    await directory.disable(admin, ben.id);
    expect([roster.isStaffed(payments), roster.person(ben.id)]).toEqual([false, null]);
    await directory.enable(admin, ben.id);
    expect([roster.isStaffed(payments), roster.person(ben.id)?.teams]).toEqual([true, ['payments']]);
  });
});

describe('an agent', () => {
  it("is its maker's unless they say otherwise, and stays an owner's who is disabled", async () => {
    const ben = await join('ben');
    const { directory, roster } = bench.auth;
    const made = await directory.createAgent(admin, { name: 'a', servers: null });
    if (!made.ok) throw new Error(made.message);
    const { id } = made.value.agent;
    expect(made.value.agent.owner).toEqual({ id: admin.id, name: 'Ana' });
    expect(await directory.createAgent(admin, { name: 'b', servers: null, owner: null })).toMatchObject({
      value: { agent: { owner: null } },
    });
    expect(await directory.setAgentOwner(admin, id, ben.id)).toMatchObject({ value: { owner: { name: 'ben' } } });
    await directory.disable(admin, ben.id);
    expect(roster.ownerOf(id)).toMatchObject({ id: ben.id });
    expect(await directory.setAgentOwner(admin, id, ben.id)).toMatchObject({ code: 'not_found' });
    expect(await directory.setAgentOwner(admin, id, null)).toMatchObject({ value: { owner: null } });
    expect(roster.ownerOf(id)).toBeNull();
  });
});

describe('out of office', () => {
  it('begins, and ends by time computed, with everyone concerned told', async () => {
    const [ben, cleo] = [await join('ben'), await join('cleo')];
    await team(ben);
    const untilAt = bench.clock.now() + 40 * 24 * hourMs;
    const { directory, roster } = bench.auth;
    expect(await directory.setAway(ben, { untilAt, delegateId: cleo.id })).toEqual({
      ok: true,
      value: { untilAt, delegate: { id: cleo.id, name: 'cleo' } },
    });
    expect(roster.person(cleo.id)?.covers).toEqual([{ person: { id: ben.id, name: 'ben' }, teams: ['payments'] }]);
    expect([...changed].sort()).toEqual([ben.id, cleo.id].sort());
    changed = [];
    // Longer than a timer waits at once.
    for (let day = 0; day < 39; day += 1) bench.clock.move(24 * hourMs);
    expect([covered(cleo), changed]).toEqual([['ben'], []]);
    bench.clock.skip(24 * hourMs + 1_000);
    expect([covered(cleo), changed]).toEqual([[], []]);
    bench.clock.move(1);
    expect([...changed].sort()).toEqual([ben.id, cleo.id].sort());
    expect(await directory.away(ben)).toEqual({ ok: true, value: null });
  });

  it('ends by hand, and is told', async () => {
    const [ben, cleo] = [await join('ben'), await join('cleo')];
    await bench.auth.directory.setAwayOf(admin, ben.id, { untilAt: null, delegateId: cleo.id });
    changed = [];
    expect(await bench.auth.directory.setAway(ben, null)).toEqual({ ok: true, value: null });
    expect([...changed].sort()).toEqual([ben.id, cleo.id].sort());
    expect(covered(cleo)).toEqual([]);
  });

  it('needs somebody else who may answer, and an end that lies ahead', async () => {
    const [ben, olga, gone] = [await join('ben'), await join('olga', 'observer'), await join('gone')];
    await team(olga);
    await bench.auth.directory.disable(admin, gone.id);
    const set = async (who: Person, untilAt: number | null, delegateId: PersonId | null): Promise<unknown> =>
      bench.auth.directory.setAway(who, { untilAt, delegateId });
    expect(await set(ben, null, ben.id)).toMatchObject({ code: 'bad_input' });
    expect(await set(ben, null, olga.id)).toMatchObject({ code: 'not_allowed_now' });
    expect(await set(ben, null, gone.id)).toMatchObject({ code: 'not_found' });
    expect(await set(ben, null, nobody)).toMatchObject({ code: 'not_found' });
    expect(await set(ben, bench.clock.now() - 1, null)).toMatchObject({ code: 'bad_input' });
    expect(await set(ben, Number.NaN, null)).toMatchObject({ code: 'bad_input' });
    // An observer has no vote to lend.
    expect(await set(olga, null, ben.id)).toMatchObject({ code: 'not_allowed_now' });
    expect(await set(gone, null, null)).toMatchObject({ code: 'not_signed_in' });
    expect(await bench.auth.directory.away(ben)).toEqual({ ok: true, value: null });
  });

  it('a member made an observer gives nothing on, and takes nothing up', async () => {
    const [ben, cleo, dora] = [await join('ben'), await join('cleo'), await join('dora')];
    await team(ben, dora);
    const { directory } = bench.auth;
    await directory.setAway(ben, { untilAt: null, delegateId: cleo.id });
    await directory.setRole(admin, ben.id, 'observer');
    expect(covered(cleo)).toEqual([]);
    await directory.setAway(dora, { untilAt: null, delegateId: cleo.id });
    expect(covered(cleo)).toEqual(['dora']);
    await directory.setRole(admin, cleo.id, 'observer');
    expect([covered(cleo), bench.auth.roster.isStaffed(payments)]).toEqual([[], false]);
  });

  it('a chain goes to whoever is there, five steps at most, and a circle to nobody', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const people: Person[] = [];
    for (const name of names) people.push(await join(name));
    const last = people.at(-1) ?? admin;
    for (const [index, person] of people.slice(0, -1).entries())
      await bench.auth.directory.setAway(person, { untilAt: null, delegateId: people[index + 1]?.id ?? null });
    expect(covered(last)).toEqual(['b', 'c', 'd', 'e', 'f']);
    expect(people.slice(0, -1).flatMap(covered)).toEqual([]);
    await bench.auth.directory.setAway(last, { untilAt: null, delegateId: people[3]?.id ?? null });
    expect(people.flatMap(covered)).toEqual([]);
    const second = people[1] ?? admin;
    await bench.auth.directory.setAway(second, null);
    expect(covered(second)).toEqual(['a']);
  });
});
