import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonId } from '@/lib/domain/ids';
import { type Person, roles } from '@/lib/domain/permission';
import { Bench, openSqlite, password, type TestBrowser } from './bench';

let bench: Bench;
let admin: Person;
let adminBrowser: TestBrowser;
let changed: PersonId[];
beforeEach(async () => {
  bench = await Bench.open(await openSqlite());
  ({ person: admin, browser: adminBrowser } = await bench.admin());
  changed = [];
  bench.auth.directory.onPersonChanged((id) => changed.push(id));
});
afterEach(() => bench.close());

const ben = { email: 'ben@example.com', role: 'approver' } as const;

describe('roles', () => {
  it('change at once for a sign-in that is open, and are told', async () => {
    const { person, browser } = await bench.guest(admin, ben);
    for (const role of roles) {
      expect(await bench.auth.directory.setRole(admin, person.id, role)).toMatchObject({
        ok: true,
        value: { id: person.id, role },
      });
      expect(await bench.auth.directory.personOf(browser.headers)).toMatchObject({ role });
    }
    expect(changed).toEqual(roles.map(() => person.id));
  });

  it('are checked as they are now, not as they were at sign-in (I11)', async () => {
    const { person: second } = await bench.guest(admin, { email: 'cleo@example.com', role: 'admin' });
    await bench.auth.directory.setRole(second, admin.id, 'observer');
    const stale = admin;
    const { directory } = bench.auth;
    for (const refused of [
      await directory.people(stale),
      await directory.agents(stale),
      await directory.createAgent(stale, { name: 'a', servers: null }),
      await directory.invite(stale, ben),
      await directory.setRole(stale, stale.id, 'admin'),
      await directory.disable(stale, second.id),
    ]) {
      expect(refused).toMatchObject({ ok: false, code: 'forbidden' });
    }
  });

  it.each(['approver', 'observer'] as const)('an %s manages nobody (I11)', async (role) => {
    const { person } = await bench.guest(admin, { email: 'ben@example.com', role });
    expect(await bench.auth.directory.setRole(person, person.id, 'admin')).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('Only admins'),
    });
    expect(await bench.auth.directory.people(person)).toMatchObject({ code: 'forbidden' });
    expect(await bench.auth.directory.withdrawInvitation(person, 'inv_x')).toMatchObject({ code: 'forbidden' });
    expect(changed).toEqual([]);
  });

  it('keep the last admin: neither made less nor disabled', async () => {
    for (const refused of [
      await bench.auth.directory.setRole(admin, admin.id, 'approver'),
      await bench.auth.directory.disable(admin, admin.id),
    ]) {
      expect(refused).toMatchObject({
        ok: false,
        code: 'not_allowed_now',
        message: expect.stringContaining('last admin'),
      });
    }
    expect(await bench.auth.directory.personOf(adminBrowser.headers)).toMatchObject({ role: 'admin' });
    expect(changed).toEqual([]);
  });

  it('of someone who is not here are not found', async () => {
    expect(await bench.auth.directory.setRole(admin, 'per_NOBODY' as PersonId, 'admin')).toMatchObject({
      code: 'not_found',
    });
    expect(await bench.auth.directory.disable(admin, 'per_NOBODY' as PersonId)).toMatchObject({ code: 'not_found' });
  });
});

describe('a disabled person', () => {
  it('is out at once: the cookie is refused, everywhere', async () => {
    const { person, browser } = await bench.guest(admin, ben);
    const other = bench.browser();
    await other.signIn(ben.email);
    expect(await bench.auth.directory.personOf(other.headers)).toMatchObject({ id: person.id });
    expect(await bench.auth.directory.disable(admin, person.id)).toMatchObject({
      ok: true,
      value: { disabledAt: expect.any(Number) },
    });
    for (const each of [browser, other]) {
      expect(await bench.auth.directory.personOf(each.headers)).toBeNull();
      expect(await (await each.get('/api/auth/get-session')).json()).toBeNull();
    }
    expect(changed).toEqual([person.id]);
  });

  it('cannot sign in again, and learns why only with the right password', async () => {
    const { person } = await bench.guest(admin, ben);
    await bench.auth.directory.disable(admin, person.id);
    const right = await bench.browser().signIn(ben.email);
    expect(right.status).toBe(403);
    expect(await right.json()).toEqual({
      ok: false,
      code: 'forbidden',
      message: 'Your access has ended. Ask an admin.',
    });
    expect(right.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/);
    expect((await bench.browser().signIn(ben.email, 'not the right one')).status).toBe(401);
  });

  it('is refused even where a sign-in was made at the same moment', async () => {
    const { person, browser } = await bench.guest(admin, ben);
    const saved = await bench.database.db
      .selectFrom('auth_session')
      .selectAll()
      .where('userId', '=', person.id)
      .execute();
    await bench.auth.directory.disable(admin, person.id);
    await bench.database.db.insertInto('auth_session').values(saved).execute();
    expect(await bench.auth.directory.personOf(browser.headers)).toBeNull();
  });

  it('leaves no invitation behind, nor does an admin who is made less', async () => {
    const invite = async (by: Person, email: string): Promise<void> => {
      expect(await bench.auth.directory.invite(by, { email, role: 'admin' })).toMatchObject({ ok: true });
    };
    const { person: second } = await bench.guest(admin, { email: 'cleo@example.com', role: 'admin' });
    const { person: third } = await bench.guest(admin, { email: 'dora@example.com', role: 'admin' });
    await invite(admin, 'one@example.com');
    await invite(second, 'two@example.com');
    await invite(third, 'three@example.com');
    await bench.auth.directory.disable(admin, second.id);
    await bench.auth.directory.setRole(admin, third.id, 'approver');
    const list = await bench.auth.directory.people(admin);
    expect(list.ok && list.value.invitations.map((row) => row.email)).toEqual(['one@example.com']);
  });

  it('does nothing with a person it held', async () => {
    const { person: second } = await bench.guest(admin, { email: 'cleo@example.com', role: 'admin' });
    await bench.auth.directory.disable(admin, second.id);
    expect(await bench.auth.directory.people(second)).toMatchObject({ ok: false, code: 'not_signed_in' });
    expect(await bench.auth.directory.setRole(admin, second.id, 'observer')).toMatchObject({ code: 'not_allowed_now' });
  });
});

describe('no one makes themselves more', () => {
  const greedy = { role: 'admin', disabledAt: null, id: 'per_MALLORY00000', emailVerified: true };

  it.each([
    ['/api/auth/sign-up/email', { name: 'Mallory', email: 'm@example.com', password, ...greedy }],
    ['/api/auth/update-user', { name: 'Ben', ...greedy }],
    ['/api/auth/change-email', { newEmail: 'ana@example.com' }],
    ['/api/auth/admin/set-role', { userId: 'x', role: 'admin' }],
    ['/api/auth/update-session', { userId: 'x' }],
    ['/api/auth/delete-user', {}],
    ['/api/auth/request-password-reset', { email: 'ana@example.com' }],
    ['/api/auth/sign-in/social', { provider: 'github' }],
    ['/api/auth//sign-up/email', { name: 'Mallory', email: 'm@example.com', password }],
    ['/api/auth/sign-up/email/', { name: 'Mallory', email: 'm@example.com', password }],
    ['/api/auth/sign-in/email/../../sign-up/email', { name: 'Mallory', email: 'm@example.com', password }],
    ['/api/auth/sign%2Dup/email', { name: 'Mallory', email: 'm@example.com', password }],
  ])('POST %s is not there', async (path, body) => {
    const { person, browser } = await bench.guest(admin, ben);
    expect((await browser.post(path, body)).status).toBe(404);
    expect(await bench.auth.directory.personOf(browser.headers)).toEqual(person);
    expect(await bench.database.db.selectFrom('auth_user').select('id').execute()).toHaveLength(2);
  });

  it('what is sent along with a sign-in or a new password changes no role', async () => {
    const { person, browser } = await bench.guest(admin, ben);
    await browser.post('/api/auth/sign-in/email', { email: ben.email, password, ...greedy });
    const change = { currentPassword: password, newPassword: 'another long one', revokeOtherSessions: true, ...greedy };
    expect((await browser.post('/api/auth/change-password', change)).status).toBe(200);
    expect(await bench.auth.directory.personOf(browser.headers)).toEqual(person);
    expect(changed).toEqual([person.id]);
    expect((await bench.browser().signIn(ben.email)).status).toBe(401);
    expect((await bench.browser().signIn(ben.email, 'another long one')).status).toBe(200);
  });

  it('a new password is as long as the first', async () => {
    const { browser } = await bench.guest(admin, ben);
    const response = await browser.post('/api/auth/change-password', {
      currentPassword: password,
      newPassword: 'short',
    });
    expect(response.status).toBe(400);
    expect((await bench.browser().signIn(ben.email)).status).toBe(200);
  });
});
