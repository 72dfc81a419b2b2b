import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { hashSecret, mintKey } from '@/server/auth/secret-text';
import { Bench, openSqlite } from './bench';

let bench: Bench;
let admin: Person;
beforeEach(async () => {
  bench = await Bench.open(await openSqlite());
  ({ person: admin } = await bench.admin());
});
afterEach(() => bench.close());

async function make(
  name: string,
  servers: readonly string[] | null = null,
): Promise<{ readonly id: AgentId; readonly key: string }> {
  const made = await bench.auth.directory.createAgent(admin, { name, servers });
  if (!made.ok) throw new Error(made.message);
  return { id: made.value.agent.id, key: made.value.key };
}

describe('an agent and its key', () => {
  it('the key is shown once, and only its hash is kept (I14)', async () => {
    const { id, key } = await make('builder', ['github', 'files', 'github']);
    expect(key).toMatch(/^hp_[\w-]{43}$/);
    expect(await bench.auth.directory.agentOf(key)).toEqual({ id, name: 'builder', servers: ['github', 'files'] });
    const rows = await bench.database.db.selectFrom('auth_agent').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(rows.map((row) => row.key_hash)).toEqual([hashSecret(key)]);
    const listed = await bench.auth.directory.agents(admin);
    expect(JSON.stringify(listed)).not.toContain(key);
    expect(listed).toMatchObject({
      ok: true,
      value: [{ id, name: 'builder', keyStart: key.slice(0, 8), revokedAt: null }],
    });
    expect(bench.log.lines.join('\n')).not.toContain(key);
  });

  it.each([
    ['nothing', ''],
    ['only the prefix', 'hp_'],
    ['another prefix', `sk_${'a'.repeat(43)}`],
    ['a key nobody has', `hp_${'a'.repeat(43)}`],
    ['with the scheme before it', `Bearer hp_${'a'.repeat(43)}`],
    ['other characters', `hp_${'a'.repeat(42)}'`],
    ['a line break after it', `hp_${'a'.repeat(43)}\n`],
    ['a megabyte', `hp_${'a'.repeat(1_048_576)}`],
  ])('a key of %s is nobody', async (_what, key) => {
    await make('builder');
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
  });

  it('a key is compared whole', async () => {
    const { key } = await make('builder');
    for (const near of [key.slice(0, -1), `${key}a`, key.toUpperCase(), ` ${key}`])
      expect(await bench.auth.directory.agentOf(near)).toBeNull();
  });

  it('a revoked key is refused at once, though it was just used', async () => {
    const { id, key } = await make('builder');
    const { key: other } = await make('other');
    expect(await bench.auth.directory.agentOf(key)).not.toBeNull();
    expect(await bench.auth.directory.revokeAgent(admin, id)).toMatchObject({
      ok: true,
      value: { revokedAt: expect.any(Number) },
    });
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
    expect(await bench.auth.directory.agentOf(other)).toMatchObject({ name: 'other' });
  });

  it('a key that is looked up while it is revoked is not remembered', async () => {
    const { id, key } = await make('builder');
    await Promise.all([
      bench.auth.directory.revokeAgent(admin, id),
      ...Array.from({ length: 50 }, () => bench.auth.directory.agentOf(key)),
    ]);
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
  });

  it('a key another node revoked is refused after a few seconds', async () => {
    const { id, key } = await make('builder');
    await bench.auth.directory.agentOf(key);
    await bench.database.db.updateTable('auth_agent').set({ revoked_at: 1 }).where('id', '=', id).execute();
    bench.clock.move(5_001);
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
  });

  it('its last use is known at once, and written once a minute', async () => {
    const { id, key } = await make('builder');
    const written = async (): Promise<number> => {
      await bench.auth.drain();
      const row = await bench.database.db
        .selectFrom('auth_agent')
        .select('last_used_at')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return Number(row.last_used_at);
    };
    await bench.auth.directory.agentOf(key);
    const first = await written();
    expect(first).toBeGreaterThan(0);
    bench.clock.move(30_000);
    await bench.auth.directory.agentOf(key);
    const row = await bench.database.db.selectFrom('auth_agent').select('last_used_at').executeTakeFirstOrThrow();
    expect(Number(row.last_used_at)).toBe(first);
    const listed = await bench.auth.directory.agents(admin);
    expect(listed.ok && listed.value[0]?.lastUsedAt).toBeGreaterThanOrEqual(first + 30_000);
    expect(await written()).toBeGreaterThanOrEqual(first + 30_000);
  });

  it('its name is its own while it lives', async () => {
    const { id } = await make('Builder');
    expect(await bench.auth.directory.createAgent(admin, { name: ' builder ', servers: null })).toMatchObject({
      code: 'not_allowed_now',
    });
    await bench.auth.directory.revokeAgent(admin, id);
    expect(await bench.auth.directory.createAgent(admin, { name: 'builder', servers: null })).toMatchObject({
      ok: true,
    });
    for (const name of ['', '  ', 'a\nb', 'x'.repeat(61)]) {
      expect(await bench.auth.directory.createAgent(admin, { name, servers: null })).toMatchObject({
        code: 'bad_input',
      });
    }
  });

  it('only admins make, list and revoke agents (I11)', async () => {
    const { id, key } = await make('builder');
    const { person } = await bench.guest(admin, { email: 'ben@example.com', role: 'approver' });
    expect(await bench.auth.directory.createAgent(person, { name: 'mine', servers: null })).toMatchObject({
      code: 'forbidden',
    });
    expect(await bench.auth.directory.agents(person)).toMatchObject({ code: 'forbidden' });
    expect(await bench.auth.directory.revokeAgent(person, id)).toMatchObject({ code: 'forbidden' });
    expect(await bench.auth.directory.agentOf(key)).not.toBeNull();
    expect(await bench.auth.directory.revokeAgent(admin, 'agt_NOBODY' as AgentId)).toMatchObject({ code: 'not_found' });
  });
});

describe('the agent of the environment', () => {
  it('is made once, whatever the number of starts', async () => {
    const key = `hp_${randomBytes(32).toString('base64url')}`;
    await bench.auth.bootstrapAgent('example-agent', key);
    const first = await bench.auth.directory.agentOf(key);
    await bench.auth.bootstrapAgent('example-agent', key);
    expect(first).toMatchObject({ name: 'example-agent', servers: null });
    expect(await bench.auth.directory.agentOf(key)).toEqual(first);
    expect(bench.log.lines.join('\n')).not.toContain(key);
  });

  it('takes a new key in place of the old one', async () => {
    const [old, fresh] = [mintKey(), mintKey()];
    await bench.auth.bootstrapAgent('example-agent', old);
    const before = await bench.auth.directory.agentOf(old);
    await bench.auth.bootstrapAgent('example-agent', fresh);
    expect(await bench.auth.directory.agentOf(old)).toBeNull();
    expect(await bench.auth.directory.agentOf(fresh)).toEqual(before);
  });

  it('stays revoked when an admin revoked it', async () => {
    const key = mintKey();
    await bench.auth.bootstrapAgent('example-agent', key);
    const agent = await bench.auth.directory.agentOf(key);
    await bench.auth.directory.revokeAgent(admin, agent?.id ?? ('agt_' as AgentId));
    await bench.auth.bootstrapAgent('example-agent', key);
    expect(await bench.auth.directory.agentOf(key)).toBeNull();
    expect(bench.log.lines.join('\n')).toContain('it stays so');
  });

  it('needs a key that cannot be guessed', async () => {
    await expect(bench.auth.bootstrapAgent('example-agent', 'hp_short')).rejects.toThrow('must be "hp_"');
  });
});
