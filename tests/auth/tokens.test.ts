import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wholeAudit } from '@/lib/domain/audit-look';
import type { SettingKind } from '@/lib/domain/directory';
import type { Person } from '@/lib/domain/permission';
import { Bench, openSqlite, password, tokenOf } from './bench';

let bench: Bench;
let admin: Person;
let ben: Person;
beforeEach(async () => {
  bench = await Bench.open(await openSqlite());
  ({ person: admin } = await bench.admin());
  ({ person: ben } = await bench.guest(admin, { email: 'ben@example.com', role: 'approver' }));
});
afterEach(() => bench.close());

async function make(person: Person, expiresAt: number | null = null): Promise<{ id: string; token: string }> {
  const made = await bench.auth.directory.createToken(person, { name: 'bot', expiresAt });
  if (!made.ok) throw new Error(made.message);
  return { id: made.value.row.id, token: made.value.token };
}

describe("a person's token", () => {
  it('is shown once, kept as a hash, and stands for the person (I14)', async () => {
    const { token } = await make(ben);
    expect(token).toMatch(/^hpp_[\w-]{43}$/);
    expect(await bench.auth.directory.personOfToken(token)).toEqual(ben);
    expect(await bench.auth.directory.agentOf(token)).toBeNull();
    const rows = await bench.database.db.selectFrom('auth_token').selectAll().execute();
    const listed = await bench.auth.directory.tokens(ben);
    for (const text of [JSON.stringify(rows), JSON.stringify(listed), bench.log.lines.join()])
      expect(text).not.toContain(token);
    expect(listed).toMatchObject({ value: [{ start: token.slice(0, 9), revokedAt: null }] });
  });

  it.each(['', 'hpp_', `hpp_${'a'.repeat(43)}`, `hp_${'a'.repeat(43)}`, `hpp_${'a'.repeat(43)}\n`])(
    '%j is nobody',
    async (token) => expect(await bench.auth.directory.personOfToken(token)).toBeNull(),
  );

  it('is nothing once revoked, by its own person alone; another reads it as not found (I11)', async () => {
    const { id, token } = await make(ben);
    const { token: other } = await make(ben);
    await bench.auth.directory.personOfToken(token);
    expect(await bench.auth.directory.revokeToken(admin, id)).toMatchObject({ code: 'not_found' });
    expect(await bench.auth.directory.tokens(admin)).toEqual({ ok: true, value: [] });
    expect(await bench.auth.directory.personOfToken(token)).toEqual(ben);
    const looks = Array.from({ length: 20 }, () => bench.auth.directory.personOfToken(token));
    expect(await bench.auth.directory.revokeToken(ben, id)).toMatchObject({
      value: { revokedAt: expect.any(Number) },
    });
    await Promise.all(looks);
    expect(await bench.auth.directory.personOfToken(token)).toBeNull();
    expect(await bench.auth.directory.personOfToken(other)).toEqual(ben);
  });

  it('does nothing for whoever is disabled, at once, nor after they are enabled again', async () => {
    const { token } = await make(ben);
    await bench.auth.directory.personOfToken(token);
    await bench.auth.directory.disable(admin, ben.id);
    expect(await bench.auth.directory.personOfToken(token)).toBeNull();
    expect(await bench.auth.directory.createToken(ben, { name: 'new', expiresAt: null })).toMatchObject({
      code: 'not_signed_in',
    });
    await bench.auth.directory.enable(admin, ben.id);
    expect(await bench.auth.directory.personOfToken(token)).toBeNull();
  });

  it('has the role of now at once, and ends when it is to', async () => {
    const { token } = await make(ben, bench.clock.now() + 3_000);
    expect(await bench.auth.directory.personOfToken(token)).toMatchObject({ role: 'approver' });
    await bench.auth.directory.setRole(admin, ben.id, 'observer');
    expect(await bench.auth.directory.personOfToken(token)).toMatchObject({ role: 'observer' });
    bench.clock.move(3_001);
    expect(await bench.auth.directory.personOfToken(token)).toBeNull();
  });

  it('revoked or disabled on another node it is refused after a few seconds', async () => {
    const [{ id, token }, { token: second }] = [await make(ben), await make(admin)];
    await bench.auth.directory.personOfToken(token);
    await bench.auth.directory.personOfToken(second);
    await bench.database.db.updateTable('auth_token').set({ revoked_at: 1 }).where('id', '=', id).execute();
    await bench.database.db.updateTable('auth_user').set({ disabledAt: 1 }).where('id', '=', admin.id).execute();
    bench.clock.move(5_001);
    expect(await bench.auth.directory.personOfToken(token)).toBeNull();
    expect(await bench.auth.directory.personOfToken(second)).toBeNull();
  });

  it('has a name on one line and an end that lies ahead', async () => {
    for (const name of ['', 'a\nb', 'x'.repeat(61)])
      expect(await bench.auth.directory.createToken(ben, { name, expiresAt: null })).toMatchObject({
        code: 'bad_input',
      });
    expect(await bench.auth.directory.createToken(ben, { name: 'a', expiresAt: 1 })).toMatchObject({
      code: 'bad_input',
    });
  });
});

describe('an admin’s link for a new password', () => {
  it('leaves tokens working for who only forgot it, and revokes them at once where a theft is feared', async () => {
    const { directory } = bench.auth;
    const [{ token: first }, { token: second }] = [await make(ben), await make(ben)];
    const own = await make(admin);
    expect(await directory.resetLink(admin, ben.id, 'keep')).toMatchObject({ value: { revokedTokens: 0 } });
    expect(await directory.personOfToken(first)).toMatchObject({ id: ben.id });
    bench.clock.move(1_000);
    const made = await directory.resetLink(admin, ben.id, 'revoke');
    if (!made.ok) throw new Error(made.message);
    expect(made.value.revokedTokens).toBe(2);
    for (const token of [first, second]) expect(await directory.personOfToken(token)).toBeNull();
    expect(await directory.personOfToken(own.token)).toMatchObject({ id: admin.id });
    const listed = await directory.tokens(ben);
    expect(listed.ok && listed.value.map(({ revokedAt }) => revokedAt === null)).toEqual([false, false]);
    const looked = await bench.browser().get(`/api/door/token?kind=reset&token=${tokenOf(made.value.link)}`);
    expect(await looked.json()).toMatchObject({ value: { revokedTokens: 2 } });
    const { entries } = await bench.database.audit.page(wholeAudit, { before: null, limit: 500 });
    const kept = entries.toReversed().filter(({ act }) => act === 'person.reset_link');
    expect(kept.map(({ facts }) => facts)).toEqual([{}, { revokedTokens: 2 }]);
    expect(kept.at(-1)).toMatchObject({ actor: { id: admin.id }, about: { id: ben.id } });
  });

  it('I11 is an admin’s to make: nobody else revokes anything by asking', async () => {
    const { token } = await make(ben);
    expect(await bench.auth.directory.resetLink(ben, ben.id, 'revoke')).toMatchObject({ code: 'forbidden' });
    expect(await bench.auth.directory.personOfToken(token)).toMatchObject({ id: ben.id });
  });
});

describe('whoever is enabled again', () => {
  it('signs in with the old password; no old cookie or link comes back', async () => {
    const browser = bench.browser();
    await browser.signIn('ben@example.com');
    const saved = await bench.database.db.selectFrom('auth_session').selectAll().where('userId', '=', ben.id).execute();
    const reset = await bench.auth.directory.resetLink(admin, ben.id, 'keep');
    await bench.auth.directory.disable(admin, ben.id);
    await bench.database.db.insertInto('auth_session').values(saved).execute();
    expect(await bench.auth.directory.resetLink(admin, ben.id, 'keep')).toMatchObject({ code: 'not_allowed_now' });
    expect(await bench.auth.directory.enable(admin, ben.id)).toMatchObject({ value: { disabledAt: null } });
    expect(await bench.auth.directory.personOf(browser.headers)).toBeNull();
    const token = reset.ok ? tokenOf(reset.value.link) : '';
    expect((await bench.browser().post('/api/door/reset', { token, password })).status).toBe(409);
    expect((await bench.browser().signIn('ben@example.com')).status).toBe(200);
  });
});

describe('settings', () => {
  it('are one’s own, of known kinds, small, and not saved for whoever is out', async () => {
    const { directory } = bench.auth;
    const big = 'x'.repeat(20 * 1_024);
    expect(await directory.saveSetting(ben, 'views', big)).toMatchObject({ code: 'too_large' });
    expect(await directory.saveSetting(ben, 'other' as SettingKind, 1)).toMatchObject({ code: 'bad_input' });
    expect(await directory.saveSetting(ben, 'notify', { quiet: [22, 7] })).toMatchObject({ ok: true });
    expect(await directory.setting(ben, 'notify')).toEqual({ quiet: [22, 7] });
    expect([await directory.setting(admin, 'notify'), await directory.setting(ben, 'views')]).toEqual([null, null]);
    await directory.disable(admin, ben.id);
    expect(await directory.saveSetting(ben, 'notify', {})).toMatchObject({ code: 'not_signed_in' });
  });
});
