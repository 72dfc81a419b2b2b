import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { Bench, type OpenDatabase, password, tokenOf } from './bench';
import { emptyDatabases } from './databases';

let postgres: TestPostgres | null = null;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

const payments = 'payments' as TeamId;
const newTables = ['auth_team', 'auth_team_member', 'auth_away', 'auth_token', 'auth_setting'];

describe.each(emptyDatabases(() => postgres))('teams, absence, tokens and settings, on %s', (_name, openEmpty) => {
  let database: OpenDatabase;
  let bench: Bench;
  beforeEach(async () => {
    database = await openEmpty();
    bench = await Bench.open({ ...database, close: () => Promise.resolve() });
  });
  afterEach(async () => {
    await bench.close();
    await database.close();
  });

  async function restart(): Promise<void> {
    await bench.close();
    bench = await Bench.open({ ...database, close: () => Promise.resolve() });
  }

  it('a database of the last release gains tables and columns, and loses nothing', async () => {
    const { person: admin, browser } = await bench.admin();
    const made = await bench.auth.directory.createAgent(admin, { name: 'builder', servers: ['github'] });
    const invited = await bench.auth.directory.invite(admin, { email: 'ben@example.com', role: 'approver' });
    if (!made.ok || !invited.ok) throw new Error('nothing to lose');
    for (const table of newTables) await database.db.schema.dropTable(table).execute();
    await sql`alter table auth_agent drop column owner_id`.execute(database.db);

    await restart();
    await restart();
    const { directory } = bench.auth;
    expect(await directory.personOf(browser.headers)).toEqual(admin);
    expect(await directory.agentOf(made.value.key)).toMatchObject({ name: 'builder', servers: ['github'] });
    expect(await directory.agents(admin)).toMatchObject({ ok: true, value: [{ name: 'builder', owner: null }] });
    expect(await directory.people(admin)).toMatchObject({ value: { invitations: [{ email: 'ben@example.com' }] } });
    expect(await directory.createTeam(admin, { id: 'payments', name: 'Payments' })).toMatchObject({ ok: true });
  });

  it('all of it is there after a restart, and reads back as numbers', async () => {
    const { person: admin } = await bench.admin();
    const { person: ben, browser } = await bench.guest(admin, { email: 'ben@example.com', role: 'approver' });
    const { person: cleo } = await bench.guest(admin, { email: 'cleo@example.com', role: 'approver' });
    const untilAt = bench.clock.now() + 3_600_000;
    const before = bench.auth.directory;
    await before.createTeam(admin, { id: 'payments', name: ' Payments ' });
    await before.setTeamMembers(admin, payments, [ben.id, ben.id]);
    await before.setAway(ben, { untilAt, delegateId: cleo.id });
    await before.saveSetting(ben, 'views', { a: [1] });
    await before.saveSetting(ben, 'views', { a: [2] });
    const agent = await before.createAgent(admin, { name: 'builder', servers: null });
    const token = await before.createToken(ben, { name: 'bot', expiresAt: untilAt });
    if (!agent.ok || !token.ok) throw new Error('not made');

    await restart();
    const { directory, roster } = bench.auth;
    const away = { untilAt, delegate: { id: cleo.id, name: 'cleo' } };
    const benNow = { ...ben, teams: ['payments'] };
    expect(await directory.personOf(browser.headers)).toEqual(benNow);
    expect(await directory.personOfToken(token.value.token)).toEqual(benNow);
    const covers = [{ person: { id: ben.id, name: 'ben' }, teams: ['payments'] }];
    expect(roster.person(cleo.id)).toEqual({ ...cleo, covers });
    expect(roster.people().map(({ name }) => name)).toEqual(['Ana', 'ben', 'cleo']);
    expect(roster.team(payments)).toEqual({ id: 'payments', name: 'Payments' });
    expect(roster.ownerOf(agent.value.agent.id)).toEqual({ id: admin.id, name: 'Ana', email: 'ana@example.com' });
    expect(await directory.teams(cleo)).toEqual({
      ok: true,
      value: [
        {
          id: 'payments',
          name: 'Payments',
          createdAt: expect.any(Number),
          members: [{ id: ben.id, name: 'ben', role: 'approver', away }],
        },
      ],
    });
    expect(await directory.setting(ben, 'views')).toEqual({ a: [2] });
    expect(await directory.setting(cleo, 'views')).toBeNull();
    await bench.auth.drain();
    expect(await directory.tokens(ben)).toMatchObject({
      value: [{ name: 'bot', createdAt: expect.any(Number), expiresAt: untilAt, lastUsedAt: expect.any(Number) }],
    });
    const people = await directory.people(admin);
    expect(people.ok && people.value.people.find((row) => row.id === ben.id)).toMatchObject({
      teams: ['payments'],
      away,
    });
  });

  it('a removed team is gone with its members, and may be made again', async () => {
    const { person: admin } = await bench.admin();
    const { directory, roster } = bench.auth;
    await directory.createTeam(admin, { id: 'payments', name: 'Payments' });
    await directory.setTeamMembers(admin, payments, [admin.id]);
    expect(await directory.removeTeam(admin, payments)).toEqual({ ok: true, value: true });
    expect([roster.team(payments), roster.person(admin.id)?.teams]).toEqual([null, []]);
    expect(await directory.removeTeam(admin, payments)).toMatchObject({ code: 'not_found' });
    expect(await directory.createTeam(admin, { id: 'payments', name: 'Payments' })).toMatchObject({
      value: { members: [] },
    });
  });

  it('what another node changed is known within seconds', async () => {
    const { person: admin, browser } = await bench.admin();
    const other = await Bench.open({ ...database, close: () => Promise.resolve() });
    await other.auth.directory.createTeam(admin, { id: 'payments', name: 'Payments' });
    await other.auth.directory.setTeamMembers(admin, payments, [admin.id]);
    await other.close();
    bench.clock.move(5_001);
    expect(await bench.auth.directory.personOf(browser.headers)).toMatchObject({ teams: ['payments'] });
  });

  it('a link of an admin sets a new password, once, and ends every sign-in of before', async () => {
    const { person: admin } = await bench.admin();
    const { person: ben, browser } = await bench.guest(admin, { email: 'ben@example.com', role: 'approver' });
    const changed: string[] = [];
    bench.auth.directory.onPersonChanged((id) => changed.push(id));
    const old = await bench.auth.directory.resetLink(admin, ben.id, 'keep');
    const made = await bench.auth.directory.resetLink(admin, ben.id, 'keep');
    if (!old.ok || !made.ok) throw new Error('no link');
    expect(made.value.link).toMatch(/^http:\/\/localhost:3999\/reset\?token=[\w-]{43}$/);
    const token = tokenOf(made.value.link);
    const fresh = bench.browser();
    expect(await (await fresh.get(`/api/door/token?kind=reset&token=${token}`)).json()).toMatchObject({
      value: { kind: 'reset', email: 'ben@example.com', invitedBy: 'Ana' },
    });
    expect((await fresh.post('/api/door/join', { token, name: 'Ben', password })).status).toBe(404);
    expect((await fresh.post('/api/door/reset', { token, password: 'short' })).status).toBe(422);
    expect((await fresh.post('/api/door/reset', { token: tokenOf(old.value.link), password })).status).toBe(409);
    const foreign = { origin: 'https://evil.example' };
    expect((await fresh.post('/api/door/reset', { token, password: 'quite another one' }, foreign)).status).toBe(403);
    const set = await fresh.post('/api/door/reset', { token, password: 'quite another one' });
    expect(await set.json()).toEqual({ ok: true, value: { signedIn: true } });
    expect(await bench.auth.directory.personOf(fresh.headers)).toEqual(ben);
    expect(await bench.auth.directory.personOf(browser.headers)).toBeNull();
    expect(changed).toEqual([ben.id]);
    expect((await fresh.post('/api/door/reset', { token, password })).status).toBe(409);
    expect((await bench.browser().signIn('ben@example.com')).status).toBe(401);
    expect((await bench.browser().signIn('ben@example.com', 'quite another one')).status).toBe(200);
    expect(bench.log.lines.join('\n')).not.toContain(token);
  });
});
