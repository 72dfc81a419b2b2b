import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '@/server/auth/secret-text';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';
import { baseUrl, Bench, type OpenDatabase, openDatabase, openSqlite, password, tokenOf } from './bench';

let postgres: TestPostgres | null = null;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

const databases: Readonly<Record<string, () => Promise<OpenDatabase>>> = {
  SQLite: openSqlite,
  PostgreSQL: async () => {
    if (postgres === null) throw new Error('PostgreSQL did not start');
    return openDatabase(postgres.url(await postgres.createDatabase()));
  },
};

const form = { name: 'Ana', email: 'Ana@Example.com', password };

describe.each(Object.entries(databases))('people and agents, on %s', (_name, openEmpty) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(await openEmpty());
  });
  afterEach(() => bench.close());

  it('makes the first admin by the one-time link, signed in at once', async () => {
    const link = (await bench.auth.firstAdminLink()) ?? '';
    expect(link).toMatch(/^http:\/\/localhost:3999\/welcome\?token=[\w-]{43}$/);
    const browser = bench.browser();
    const response = await browser.post('/api/door/welcome', { ...form, token: tokenOf(link) });
    expect(await response.json()).toEqual({ ok: true, value: { signedIn: true } });
    const person = await bench.auth.directory.personOf(browser.headers);
    expect(person).toEqual({
      id: expect.stringMatching(/^per_[0-9A-Z]{12}$/),
      name: 'Ana',
      email: 'ana@example.com',
      role: 'admin',
      teams: [],
      covers: [],
    });
  });

  it('uses a link once: of twenty at once, on two nodes, one comes in', async () => {
    const token = await bench.firstAdminToken();
    const other = await Bench.open({ ...bench.database, close: () => Promise.resolve() });
    const tries = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const node = index % 2 === 0 ? bench : other;
        const response = await node
          .browser()
          .post('/api/door/welcome', { ...form, token, email: `a${index}@example.com` });
        return response.status;
      }),
    );
    await other.close();
    expect(tries.sort((left, right) => left - right)).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    expect(await bench.database.db.selectFrom('auth_user').select('id').execute()).toHaveLength(1);
  });

  it('gives no link once there is an admin', async () => {
    await bench.admin();
    expect(await bench.auth.firstAdminLink()).toBeNull();
  });

  it('voids the link of an earlier start', async () => {
    const old = await bench.firstAdminToken();
    const fresh = await bench.firstAdminToken();
    expect((await bench.browser().post('/api/door/welcome', { ...form, token: old })).status).toBe(409);
    expect((await bench.browser().post('/api/door/welcome', { ...form, token: fresh })).status).toBe(200);
  });

  it('keeps links only as hashes', async () => {
    const token = await bench.firstAdminToken();
    const rows = await bench.database.db.selectFrom('auth_link').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows.map((row) => row.token_hash)).toEqual([hashSecret(token)]);
  });

  it('lets in who was invited, with the address and role the admin chose and no other', async () => {
    const { person: admin } = await bench.admin();
    const invited = await bench.auth.directory.invite(admin, { email: 'Ben@Example.com', role: 'approver' });
    if (!invited.ok) throw new Error(invited.message);
    expect(invited.value.invitation).toMatchObject({ email: 'ben@example.com', role: 'approver', invitedBy: 'Ana' });
    const token = tokenOf(invited.value.link);
    const browser = bench.browser();
    const look = await browser.get(`/api/door/token?kind=join&token=${token}`);
    expect(await look.json()).toMatchObject({
      ok: true,
      value: { kind: 'join', email: 'ben@example.com', role: 'approver', invitedBy: 'Ana' },
    });

    const greedy = await browser.post('/api/door/join', { token, name: 'Ben', password, role: 'admin' });
    expect(greedy.status).toBe(400);
    await browser.post('/api/door/join', { token, name: 'Ben', password, email: 'mallory@example.com' });
    expect(await bench.auth.directory.personOf(browser.headers)).toMatchObject({
      email: 'ben@example.com',
      role: 'approver',
    });

    expect((await bench.browser().post('/api/door/join', { token, name: 'Eve', password })).status).toBe(409);
    const list = await bench.auth.directory.people(admin);
    expect(list.ok && list.value.invitations).toEqual([]);
    expect(list.ok && list.value.people.map((row) => [row.email, row.role])).toEqual([
      ['ana@example.com', 'admin'],
      ['ben@example.com', 'approver'],
    ]);
  });

  it('keeps one open invitation for an address, and none for someone who is here', async () => {
    const { person: admin } = await bench.admin();
    const first = await bench.auth.directory.invite(admin, { email: 'ben@example.com', role: 'observer' });
    const second = await bench.auth.directory.invite(admin, { email: 'ben@example.com', role: 'approver' });
    const list = await bench.auth.directory.people(admin);
    expect(list.ok && list.value.invitations.map((row) => row.role)).toEqual(['approver']);
    const used = await bench
      .browser()
      .post('/api/door/join', { token: first.ok ? tokenOf(first.value.link) : '', name: 'Ben', password });
    expect(await used.json()).toMatchObject({
      code: 'not_allowed_now',
      message: expect.stringContaining('replaced or withdrawn'),
    });
    expect(await bench.auth.directory.withdrawInvitation(admin, second.ok ? second.value.invitation.id : '')).toEqual({
      ok: true,
      value: true,
    });
    expect(
      await bench.auth.directory.withdrawInvitation(admin, second.ok ? second.value.invitation.id : ''),
    ).toMatchObject({ code: 'not_found' });
    expect(await bench.auth.directory.invite(admin, { email: 'ANA@example.com', role: 'observer' })).toMatchObject({
      code: 'not_allowed_now',
    });
    expect(await bench.auth.directory.invite(admin, { email: 'nobody', role: 'observer' })).toMatchObject({
      code: 'bad_input',
    });
  });

  it('keeps one admin when two end each other at once', async () => {
    const { person: first } = await bench.admin();
    const { person: second } = await bench.guest(first, { email: 'cleo@example.com', role: 'admin' });
    const { directory } = bench.auth;
    const outcomes = await Promise.all([
      directory.setRole(first, second.id, 'observer'),
      directory.disable(second, first.id),
    ]);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    const users = await bench.database.db.selectFrom('auth_user').selectAll().execute();
    expect(users.filter((user) => user.role === 'admin' && user.disabledAt === null)).toHaveLength(1);
  });

  it('disabling ends the sign-in, and the rows read back as numbers', async () => {
    const { person: admin } = await bench.admin();
    const { person, browser } = await bench.guest(admin, { email: 'ben@example.com', role: 'approver' });
    const disabled = await bench.auth.directory.disable(admin, person.id);
    expect(disabled).toMatchObject({
      ok: true,
      value: { createdAt: expect.any(Number), disabledAt: expect.any(Number) },
    });
    expect(await bench.auth.directory.personOf(browser.headers)).toBeNull();
    expect((await bench.browser().signIn('ben@example.com')).status).toBe(403);
  });

  it('makes, knows and revokes an agent', async () => {
    const { person: admin } = await bench.admin();
    const made = await bench.auth.directory.createAgent(admin, { name: 'builder', servers: ['github'] });
    if (!made.ok) throw new Error(made.message);
    const { agent, key } = made.value;
    expect(await bench.auth.directory.agentOf(key)).toEqual({ id: agent.id, name: 'builder', servers: ['github'] });
    await bench.auth.drain();
    const revoked = await bench.auth.directory.revokeAgent(admin, agent.id);
    const numbers = { createdAt: expect.any(Number), lastUsedAt: expect.any(Number), revokedAt: expect.any(Number) };
    expect(revoked).toMatchObject({ ok: true, value: numbers });
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
  });

  it('makes the tables once, however many start at once, and again without harm', async () => {
    const start = (): Promise<unknown> =>
      Bench.open({ ...bench.database, close: () => Promise.resolve() }).then((other) => other.close());
    await (bench.database.kind === 'postgres' ? Promise.all([start(), start(), start()]) : start());
    expect((await bench.admin()).person.role).toBe('admin');
  });
});

describe('links and forms that are not good', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(await openSqlite());
  });
  afterEach(() => bench.close());

  it.each([
    ['welcome', 24 * 3_600_000],
    ['join', 7 * 24 * 3_600_000],
  ] as const)('a %s link ends', async (kind, lifeMs) => {
    let token = '';
    if (kind === 'welcome') token = await bench.firstAdminToken();
    else {
      const invited = await bench.auth.directory.invite((await bench.admin()).person, {
        email: 'ben@example.com',
        role: 'observer',
      });
      token = invited.ok ? tokenOf(invited.value.link) : '';
    }
    bench.clock.move(lifeMs - 60_000);
    expect((await bench.browser().get(`/api/door/token?kind=${kind}&token=${token}`)).status).toBe(200);
    bench.clock.move(60_001);
    const late = await bench
      .browser()
      .post(`/api/door/${kind}`, { token, name: 'Late', email: 'late@example.com', password });
    expect(await late.json()).toMatchObject({
      ok: false,
      code: 'not_allowed_now',
      message: expect.stringContaining('too old'),
    });
  });

  it('looking at a link does not use it up: mail scanners look', async () => {
    const token = await bench.firstAdminToken();
    for (let time = 0; time < 3; time += 1)
      expect((await bench.browser().get(`/api/door/token?kind=welcome&token=${token}`)).status).toBe(200);
    expect((await bench.browser().post('/api/door/welcome', { ...form, token })).status).toBe(200);
  });

  it('a link of one kind is nothing to the other', async () => {
    const token = await bench.firstAdminToken();
    expect((await bench.browser().get(`/api/door/token?kind=join&token=${token}`)).status).toBe(404);
    expect((await bench.browser().post('/api/door/join', { ...form, token })).status).toBe(404);
    expect((await bench.browser().get(`/api/door/token?kind=other&token=${token}`)).status).toBe(400);
  });

  it.each(['', 'x', '../..', `${'a'.repeat(43)}`, "' or 1=1 --", 'é'.repeat(43)])(
    'token %j is not known',
    async (token) => {
      expect(
        (await bench.browser().get(`/api/door/token?kind=welcome&token=${encodeURIComponent(token)}`)).status,
      ).toBe(404);
      expect((await bench.browser().post('/api/door/welcome', { ...form, token })).status).toBe(404);
    },
  );

  const forms: readonly (readonly [string, object, object])[] = [
    ['a short password', { password: 'nine char' }, { password: 'Use at least 10 characters.' }],
    ['a very long password', { password: 'x'.repeat(129) }, { password: 'Use at most 128 characters.' }],
    ['no name', { name: '  ' }, { name: expect.stringContaining('Enter your name') }],
    ['a name that turns the text around', { name: 'Ana\u202Enimda' }, { name: expect.stringContaining('on one line') }],
    ['a name of two lines', { name: 'Ana\nAdmin' }, { name: expect.stringContaining('on one line') }],
    ['no address', { email: undefined }, { email: 'Enter your e-mail address.' }],
    ['a broken address', { email: 'ana@' }, { email: expect.stringContaining('such as') }],
  ];
  it.each(forms)('refuses %s by field, and the link stays good', async (_what, change, fields) => {
    const token = await bench.firstAdminToken();
    const response = await bench.browser().post('/api/door/welcome', { ...form, token, ...change });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ ok: false, code: 'invalid_answer', details: { fields } });
    expect((await bench.browser().post('/api/door/welcome', { ...form, token })).status).toBe(200);
  });

  it('takes names as people write them', async () => {
    const token = await bench.firstAdminToken();
    const browser = bench.browser();
    expect((await browser.post('/api/door/welcome', { ...form, token, name: ' رضا\u200Cزاده 👩🏽‍💻 ' })).status).toBe(
      200,
    );
    expect(await bench.auth.directory.personOf(browser.headers)).toMatchObject({ name: 'رضا\u200Cزاده 👩🏽‍💻' });
  });

  it('refuses what is not JSON, too large, or from another site', async () => {
    const token = await bench.firstAdminToken();
    const good = { ...form, token };
    const post = (body: unknown, headers?: Record<string, string>): Promise<Response> =>
      bench.browser().post('/api/door/welcome', body, headers);
    expect((await post('{')).status).toBe(400);
    expect((await post(good, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post({ ...good, name: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await post(good, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(good, { origin: 'null' })).status).toBe(403);
    expect((await bench.browser().get('/api/door/welcome')).status).toBe(404);
    expect((await post(good, { origin: baseUrl })).status).toBe(200);
  });

  it('never logs a token, a password or an address (I14)', async () => {
    const token = await bench.firstAdminToken();
    await bench.browser().post('/api/door/welcome', { ...form, token });
    await bench.browser().signIn('ana@example.com', 'not the password');
    await bench.browser().signIn('who@example.com');
    const text = bench.log.lines.join('\n');
    expect(text).toContain('came in by a link');
    for (const secret of [token, password, 'not the password', 'example.com']) expect(text).not.toContain(secret);
  });

  it('says that it cannot save when the database is gone, and nothing more', async () => {
    await bench.firstAdminToken();
    const broken = await Bench.open(await openSqlite());
    const token = await broken.firstAdminToken();
    await broken.database.db.schema.dropTable('auth_link').execute();
    const response = await broken.browser().post('/api/door/welcome', { ...form, token });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ok: false, code: 'cannot_save' });
    await broken.close();
  });
});
