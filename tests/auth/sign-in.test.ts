import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientAddress } from '@/server/auth/client-address';
import { Bench, openSqlite, password, type TestBrowser } from './bench';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open(await openSqlite());
  await bench.admin();
});
afterEach(() => bench.close());

describe('signing in', () => {
  it('gives a cookie scripts cannot read, and the person of it', async () => {
    const browser = bench.browser();
    const response = await browser.signIn('ANA@example.com');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^holdpoint\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(await bench.auth.directory.personOf(browser.headers)).toMatchObject({
      email: 'ana@example.com',
      role: 'admin',
    });
  });

  it('gives a cookie that travels over https alone where the base URL is https', async () => {
    const secure = await Bench.open(await openSqlite(), { base: 'https://hold.example' });
    const token = await secure.firstAdminToken();
    const form = { token, name: 'Ana', email: 'ana@example.com', password };
    const response = await secure.browser().post('/api/door/welcome', form, { origin: 'https://hold.example' });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Secure-holdpoint\.session_token=.*; Secure;/),
    ]);
    await secure.close();
  });

  it('says the same to a wrong password, an unknown address and no address', async () => {
    const answers = await Promise.all([
      bench.browser().signIn('ana@example.com', 'wrong password'),
      bench.browser().signIn('nobody@example.com', 'wrong password'),
      bench.browser().signIn('not an address', 'wrong password'),
    ]);
    const bodies = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { message: string }).message),
    );
    expect(new Set(bodies)).toEqual(new Set(['The e-mail address or the password is not right.']));
    expect(answers.slice(0, 2).map((answer) => answer.status)).toEqual([401, 401]);
  });

  it('ends with signing out, and is told', async () => {
    const browser = bench.browser();
    await browser.signIn('ana@example.com');
    const kept = new Headers(browser.headers);
    const person = await bench.auth.directory.personOf(kept);
    const changed: string[] = [];
    bench.auth.directory.onPersonChanged((id) => changed.push(id));
    expect((await browser.post('/api/auth/sign-out', {})).status).toBe(200);
    expect(await bench.auth.directory.personOf(kept)).toBeNull();
    expect(changed).toEqual([person?.id]);
  });

  it('notes the address of the socket, whatever the client claims', async () => {
    await bench
      .browser()
      .post(
        '/api/auth/sign-in/email',
        { email: 'ana@example.com', password },
        { 'x-forwarded-for': '6.6.6.6', 'x-holdpoint-client-address': '6.6.6.6' },
      );
    const rows = await bench.database.db.selectFrom('auth_session').selectAll().execute();
    expect(rows.map((row) => ('ipAddress' in row ? row.ipAddress : null))).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it.each([
    ['none', ''],
    ['another name', 'other=1'],
    ['nothing', 'holdpoint.session_token='],
    ['no signature', `holdpoint.session_token=${'a'.repeat(32)}`],
    ['a wrong signature', `holdpoint.session_token=${'a'.repeat(32)}.${'A'.repeat(43)}%3D`],
    ['a very long one', `holdpoint.session_token=${'a'.repeat(8_000)}`],
    ['broken encoding', 'holdpoint.session_token=%E0%A4%A'],
  ])('is nobody with a cookie of %s', async (_what, cookie) => {
    expect(await bench.auth.directory.personOf(new Headers(cookie === '' ? {} : { cookie }))).toBeNull();
  });

  it('is nobody with the token as the database has it, unsigned or signed by another secret', async () => {
    const [row] = await bench.database.db.selectFrom('auth_session').selectAll().execute();
    const token: unknown = row !== undefined && 'token' in row ? row.token : null;
    expect(token).toEqual(expect.any(String));
    expect(
      await bench.auth.directory.personOf(new Headers({ cookie: `holdpoint.session_token=${String(token)}` })),
    ).toBeNull();
  });

  it('is refused from another site', async () => {
    const browser = bench.browser();
    const body = { email: 'ana@example.com', password };
    expect((await browser.post('/api/auth/sign-in/email', body, { origin: 'https://evil.example' })).status).toBe(403);
    expect(
      (await browser.post('/api/auth/sign-in/email', body, { origin: 'http://localhost:3999.evil.example' })).status,
    ).toBe(403);
    await browser.signIn('ana@example.com');
    expect((await browser.post('/api/auth/sign-out', {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect(await bench.auth.directory.personOf(browser.headers)).not.toBeNull();
  });
});

it('a database that is gone is our fault, and said so', async () => {
  const browser = bench.browser();
  await browser.signIn('ana@example.com');
  await bench.database.db.schema.dropTable('auth_session').execute();
  for (const response of [await browser.signIn('ana@example.com'), await browser.get('/api/auth/get-session')]) {
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ok: false, code: 'cannot_save' });
  }
  await expect(bench.auth.directory.personOf(browser.headers)).rejects.toThrow('Failed to get session');
});

describe('guessing passwords', () => {
  const guess = (browser: TestBrowser, headers: Record<string, string> = {}): Promise<Response> =>
    browser.post('/api/auth/sign-in/email', { email: 'ana@example.com', password: 'a guess at it' }, headers);

  it('is slowed down by address, whatever address the client claims', async () => {
    const claims = ['1.1.1.1', '2.2.2.2', '3.3.3.3'];
    const statuses: number[] = [];
    for (let count = 0; count < 24; count += 1) {
      const claim = claims[count % 3] ?? '';
      const response = await guess(bench.browser(), {
        'x-forwarded-for': claim,
        'x-holdpoint-client-address': claim,
        'x-real-ip': claim,
      });
      statuses.push(response.status);
      if (response.status !== 429) continue;
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await response.json()).toMatchObject({
        ok: false,
        code: 'too_many',
        message: expect.stringMatching(/^Too many tries\. Wait \d+ seconds\.$/),
      });
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429]);
    bench.clock.move(60_001);
    expect((await guess(bench.browser())).status).toBe(401);
  });

  it.each([
    [0, '9.9.9.9', '10.0.0.7'],
    [1, '9.9.9.9, 1.2.3.4', '1.2.3.4'],
    [2, '9.9.9.9, 1.2.3.4, 10.0.0.1', '1.2.3.4'],
    [1, null, '10.0.0.7'],
    [1, 'not an address', '10.0.0.7'],
    [3, '1.2.3.4', '10.0.0.7'],
    [1, '2001:db8::1', '2001:db8::1'],
  ])('with %i proxies of ours and X-Forwarded-For %j the address is %s', (trustedProxies, forwardedFor, expected) => {
    expect(clientAddress({ socketAddress: '10.0.0.7', forwardedFor }, trustedProxies)).toBe(expected);
  });
});
