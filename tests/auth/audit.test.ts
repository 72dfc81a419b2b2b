import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import type { AuditEntry } from '@/lib/domain/audit';
import { wholeAudit } from '@/lib/domain/audit-look';
import type { Person } from '@/lib/domain/permission';
import { type TestPostgres, startPostgres } from '@/tests/support/postgres';
import { mintKey } from '@/server/auth/secret-text';
import { Bench, password, tokenOf } from './bench';
import { emptyDatabases } from './databases';

let postgres: TestPostgres | null = null;
let bench: Bench | null = null;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
afterEach(async () => {
  await bench?.close();
  bench = null;
});

const from = { address: '192.0.2.9', by: 'browser', client: 'A test' } as const;

async function entries(place: Bench): Promise<readonly AuditEntry[]> {
  const page = await place.database.audit.page(wholeAudit, { before: null, limit: 500 });
  return page.entries.toReversed();
}

describe.each(emptyDatabases(() => postgres))(
  'who did what with people, agents and teams, on %s (I15)',
  (_name, open) => {
    it('is each an entry, and nothing that was refused or changed nothing', async () => {
      const place = await Bench.open(await open());
      bench = place;
      const { directory } = place.auth;
      const admin: Person = { ...(await place.admin()).person, from };
      const { person: bo } = await place.guest(admin, { email: 'bo@example.com', role: 'approver' });
      const start = (await entries(place)).length;
      const invited = await directory.invite(admin, { email: 'cy@example.com', role: 'observer' });
      if (!invited.ok) throw new Error(invited.message);
      await directory.withdrawInvitation(admin, invited.value.invitation.id);
      await directory.setRole(admin, bo.id, 'observer');
      await directory.setRole(admin, bo.id, 'observer');
      await directory.setRole(bo, admin.id, 'observer');
      await directory.setRole(admin, bo.id, 'approver');
      await directory.createTeam(admin, { id: 'night', name: 'Night watch' });
      await directory.createTeam(admin, { id: 'night', name: 'Again' });
      const night = 'night' as TeamId;
      await directory.renameTeam(admin, night, 'Night');
      await directory.setTeamMembers(admin, night, [bo.id]);
      await directory.removeTeam(admin, night);
      const agent = await directory.createAgent(admin, { name: 'copilot', servers: null, owner: null });
      if (!agent.ok) throw new Error(agent.message);
      await directory.setAgentOwner(admin, agent.value.agent.id, bo.id);
      await directory.revokeAgent(admin, agent.value.agent.id);
      const token = await directory.createToken(bo, { name: 'bot', expiresAt: null });
      if (!token.ok) throw new Error(token.message);
      await directory.revokeToken(bo, token.value.row.id);
      await directory.setAway(bo, { untilAt: null, delegateId: admin.id });
      const reset = await directory.resetLink(admin, bo.id, 'keep');
      if (!reset.ok) throw new Error(reset.message);
      await place.browser().post('/api/door/reset', { token: tokenOf(reset.value.link), password: `${password} new` });
      await directory.disable(admin, bo.id);
      await directory.enable(admin, bo.id);

      const found = (await entries(place)).slice(start);
      expect(found.map(({ act }) => act)).toEqual([
        'person.invited',
        'person.invitation_withdrawn',
        'person.role_set',
        'person.role_set',
        'team.created',
        'team.renamed',
        'team.members_set',
        'team.removed',
        'agent.created',
        'agent.owner_set',
        'agent.revoked',
        'token.created',
        'token.revoked',
        'person.away_set',
        'person.reset_link',
        'person.password_set',
        'person.signed_in',
        'person.disabled',
        'person.enabled',
      ]);
      expect(found[2]).toMatchObject({
        actor: { kind: 'person', id: admin.id },
        from,
        about: { kind: 'person', id: bo.id, name: 'bo' },
        facts: { from: 'approver', to: 'observer' },
      });
      const text = JSON.stringify(await entries(place));
      for (const secret of [agent.value.key, token.value.token, tokenOf(reset.value.link), password])
        expect(text).not.toContain(secret);
      expect((await place.database.audit.check(null, 1_000)).broken).toBeNull();
    });

    it('names the agent of the environment when a start makes it or gives it another key, and only then', async () => {
      const place = await Bench.open(await open());
      bench = place;
      const start = (await entries(place)).length;
      const [old, fresh] = [mintKey(), mintKey()];
      for (const key of [old, old, fresh, fresh]) await place.auth.bootstrapAgent('example-agent', key);
      const found = (await entries(place)).slice(start);
      expect(found.map(({ act, actor, about }) => [act, actor.kind, about.name])).toEqual([
        ['agent.created', 'holdpoint', 'example-agent'],
        ['agent.key_set', 'holdpoint', 'example-agent'],
      ]);
      expect(JSON.stringify(found)).not.toMatch(new RegExp(`${old.slice(0, 12)}|${fresh.slice(0, 12)}`));
    });

    it('tells sign-ins, refused ones and sign-outs, and from where; no password, wherever it was typed (I14)', async () => {
      const place = await Bench.open(await open(), { trustedProxies: 1 });
      bench = place;
      await place.admin();
      const start = (await entries(place)).length;
      const browser = place.browser();
      const forwarded = { 'x-forwarded-for': '6.6.6.6, 203.0.113.5', 'user-agent': 'Browser 1' };
      const signIn = (email: string, secret: string): Promise<Response> =>
        browser.post('/api/auth/sign-in/email', { email, password: secret }, forwarded);
      expect((await signIn('Ana@example.com', 'not the one')).status).toBe(401);
      expect((await signIn('hunter2hunter2', 'ana@example.com')).status).toBeGreaterThanOrEqual(400);
      expect((await signIn('ana@example.com', password)).status).toBe(200);
      expect((await browser.post('/api/auth/sign-out', {}, forwarded)).status).toBe(200);
      const found = (await entries(place)).slice(start);
      const client = { address: '203.0.113.5', by: 'browser', client: 'Browser 1' };
      expect(found).toMatchObject([
        { act: 'person.sign_in_refused', from: client, about: { kind: 'person', name: 'ana@example.com' } },
        { act: 'person.sign_in_refused', from: client, about: { id: 'unknown', name: null } },
        { act: 'person.signed_in', from: client, actor: { kind: 'person', name: 'Ana' } },
        { act: 'person.signed_out', from: client, actor: { kind: 'person', name: 'Ana' } },
      ]);
      expect(JSON.stringify(found)).not.toContain('hunter2');
      expect(JSON.stringify(found)).not.toContain(password);
    });

    it('I15 a sign-in or a new password that cannot be on record is refused, and a sign-out that cannot leaves all as it was', async () => {
      const database = await open();
      let auditIs: 'there' | 'away' = 'there';
      const { audit } = database;
      const record: typeof audit.record = (draft) =>
        auditIs === 'away' ? Promise.reject(new Error('no room')) : audit.record(draft);
      const row: typeof audit.row = (draft) => {
        if (auditIs === 'away') throw new Error('no room');
        return audit.row(draft);
      };
      const place = await Bench.open({ ...database, audit: { ...audit, record, row } });
      bench = place;
      await place.admin();
      const browser = place.browser();
      const other = place.browser();
      expect((await browser.signIn('ana@example.com')).status).toBe(200);
      const start = (await entries(place)).length;
      const change = { currentPassword: password, newPassword: `${password} new`, revokeOtherSessions: true };
      auditIs = 'away';
      const refused = [
        await other.signIn('ana@example.com'),
        await browser.post('/api/auth/change-password', change),
        await browser.post('/api/auth/sign-out', {}),
      ];
      for (const response of refused) {
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ ok: false, code: 'cannot_save' });
        expect(response.headers.getSetCookie()).toEqual([]);
      }
      expect(await place.auth.directory.personOf(other.headers)).toBeNull();
      expect(await place.auth.directory.personOf(browser.headers)).not.toBeNull();
      expect((await entries(place)).length).toBe(start);
      auditIs = 'there';
      expect((await other.signIn('ana@example.com')).status).toBe(200);
      expect((await browser.post('/api/auth/change-password', change)).status).toBe(200);
      // Another site's page signs nobody out, and nothing is said of it.
      const elsewhere = { origin: 'https://evil.example' };
      expect((await browser.post('/api/auth/sign-out', {}, elsewhere)).status).toBe(403);
      expect((await browser.post('/api/auth/sign-out', {})).status).toBe(200);
      expect((await browser.post('/api/auth/sign-out', {})).status).toBe(200);
      const acts = (await entries(place)).slice(start).map(({ act }) => act);
      expect(acts).toEqual(['person.signed_in', 'person.password_set', 'person.signed_out']);
    });

    it('I15 a sign-out and its entry are both there or neither, also when the process ends right after', async () => {
      const database = await open();
      const place = await Bench.open({ ...database, audit: { ...database.audit, settle: async () => undefined } });
      bench = place;
      const { browser } = await place.admin();
      const kept = new Headers(browser.headers);
      expect((await browser.post('/api/auth/sign-out', {})).status).toBe(200);
      expect(await place.auth.directory.personOf(kept)).toBeNull();
      await database.audit.settle();
      expect((await entries(place)).at(-1)).toMatchObject({ act: 'person.signed_out', from: { by: 'browser' } });
    });

    it('is taken up at the next start, when the process ended between a change and its entry', async () => {
      const database = await open();
      const place = await Bench.open({ ...database, audit: { ...database.audit, settle: async () => undefined } });
      bench = place;
      const { person } = await place.admin();
      await place.auth.directory.createTeam(person, { id: 'night', name: 'Night watch' });
      const acts = async (): Promise<readonly string[]> => (await entries(place)).map(({ act }) => act);
      expect(await acts()).not.toContain('team.created');
      await database.audit.settle();
      expect(await acts()).toContain('team.created');
      await database.audit.settle();
      expect((await acts()).filter((act) => act === 'team.created')).toHaveLength(1);
    });
  },
);
