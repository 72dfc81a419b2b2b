import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLook, wholeAudit } from '@/lib/domain/audit-look';
import type { PersonId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { auditRoutes } from '@/server/audit/export-route';
import { originsBehind } from '@/server/auth/origin';
import { type OpenAudit, openAuditDesk } from '@/server/main/open-audit';
import { MovableClock, must, person, silent } from '@/tests/engine/workplace';
import { draftOf } from '@/tests/store/contract/audit';
import { type Opened, opened } from '@/tests/store/opened';
import { recordingLog } from '@/tests/store/silent-log';

const admin: Person = person('admin', 'Mei Lin');

let folder = '';
let place: Opened;
let clock: MovableClock;
let audit: OpenAudit;
let told: unknown[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-audit-desk-'));
  place = await opened(`sqlite:${path.join(folder, 'holdpoint.db')}`);
  clock = new MovableClock();
  told = [];
  const hub = { publish: (change: unknown) => void told.push(change) };
  audit = openAuditDesk({ trail: place.audit, hub, clock, log: silent });
});
afterEach(async () => {
  await place.store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Lets what waits for its time go on until something holds. */
async function until(holds: () => boolean, moveMs = 20): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.move(moveMs);
  }
}

async function seed(count: number): Promise<void> {
  const by = { kind: 'person', id: 'per_Ana' as PersonId, name: 'Ana' } as const;
  await Promise.all(
    Array.from({ length: count }, (_item, n) =>
      place.audit.record(
        draftOf(`req_${n + 1}`, {
          at: (n + 1) * 1_000,
          act: n % 2 === 0 ? 'request.answered' : 'rules.saved',
          ...(n % 5 === 0 ? { actor: by } : {}),
          why: n === 3 ? 'The 100 % odd_one' : `because ${n + 1}`,
          facts: n % 10 === 0 ? { session: 'ses_1' } : {},
        }),
      ),
    ),
  );
}

async function seqs(look: Partial<AuditLook>): Promise<readonly number[]> {
  const found: number[] = [];
  let before: number | null = null;
  do {
    const page: Awaited<ReturnType<OpenAudit['desk']['read']>> = await audit.desk.read(
      admin,
      { ...wholeAudit, ...look },
      { before, limit: 100 },
    );
    const read = must(page);
    found.push(...read.entries.map(({ seq }) => seq));
    before = read.next;
  } while (before !== null);
  return found;
}

describe('the audit log as admins read it', () => {
  it('is paged newest first, and found by act, person, subject, session, time and text', async () => {
    await seed(250);
    expect(await seqs({})).toEqual(Array.from({ length: 250 }, (_item, n) => 250 - n));
    const read = must(await audit.desk.read(admin, { ...wholeAudit, toAt: 30_000 }, { before: null, limit: 3 }));
    expect(read.entries.map(({ seq }) => seq)).toEqual([29, 28, 27]);
    expect(read.ends).toEqual({ first: 1, last: 250 });
    expect(await seqs({ act: 'rules.saved' })).toHaveLength(125);
    expect(await seqs({ who: 'per_Ana' })).toHaveLength(50);
    expect(await seqs({ about: 'req_7' })).toEqual([7]);
    expect(await seqs({ about: 'ses_1' })).toHaveLength(25);
    expect(await seqs({ fromAt: 10_000, toAt: 13_000 })).toEqual([12, 11, 10]);
    expect(await seqs({ text: '100 % ODD_one' })).toEqual([4]);
    expect(await seqs({ text: '_' })).toContain(4);
    expect(await seqs({ text: 'nowhere' })).toEqual([]);
    expect(await seqs({ who: "' or 1=1 --" })).toEqual([]);
  });

  it('is read around what somebody made unreadable (I15)', async () => {
    await seed(8);
    const bodies = ['', 'null', '{}', '[]', '"x"', '{"act":"a","at":1}'];
    for (const [at, body] of bodies.entries())
      await sql`update hp_audit set body = ${body} where seq = ${at + 2}`.execute(place.db);
    await sql`update hp_audit set body = replace(body, '"at":8000', '"at":9007199254740991') where seq = 8`.execute(
      place.db,
    );
    const read = must(await audit.desk.read(admin, wholeAudit, { before: null, limit: 4 }));
    expect(read).toMatchObject({ entries: [], next: 5, ends: { first: 1, last: 8 } });
    expect(await seqs({})).toEqual([1]);
  });

  it.each(['approver', 'observer'] as const)(
    'I11 is nothing to an %s: neither its entries, nor that it is broken',
    async (role) => {
      const other = person(role, 'Ola');
      expect(await audit.desk.read(other, wholeAudit, { before: null, limit: 100 })).toMatchObject({
        ok: false,
        code: 'forbidden',
      });
      expect(await audit.desk.export(other, { fromAt: null, toAt: null })).toMatchObject({
        ok: false,
        code: 'forbidden',
      });
      expect(audit.desk.brokenFor(other, { seq: 1, why: 'x' })).toBeNull();
      expect(await place.audit.last()).toMatchObject({ seq: 0 });
    },
  );
});

describe('verifying in the background (I15)', () => {
  it('says up to where and when, then looks at what is new, and finds what is changed later', async () => {
    await seed(1_200);
    expect(audit.verifier.health).toEqual({ state: 'unverified' });
    audit.verifier.run();
    await until(() => audit.verifier.health.state === 'whole');
    expect(audit.verifier.health).toMatchObject({ upTo: 1_200, first: 1, sealedAnew: [] });
    await seed(5);
    await until(() => audit.verifier.health.state === 'whole' && audit.verifier.health.upTo === 1_205, 60_000);
    expect(told).toEqual([]);

    await sql`update hp_audit set body = replace(body, 'because 77"', 'because 78"') where seq = 77`.execute(place.db);
    await until(() => audit.verifier.health.state === 'broken', 3_600_000);
    expect(told).toEqual([{ change: 'audit', broken: { seq: 77, why: expect.stringContaining('its hash') } }]);
    expect(audit.port.broken(admin)).toMatchObject({ seq: 77 });
    const { wholeAt } = audit.verifier.figures;
    expect(audit.verifier.figures).toMatchObject({ isBroken: true, provenUpTo: 76 });
    expect(wholeAt).toBeLessThan(clock.now());
    expect(audit.trouble()).toContain('broken at entry 77');
    // Work goes on, and it is told once.
    await place.audit.record(draftOf('later'));
    clock.move(60_000);
    await sql`update hp_audit set body = replace(body, 'because 78"', 'because 77"') where seq = 77`.execute(place.db);
    await until(() => audit.verifier.health.state === 'whole', 60_000);
    expect(told.slice(1)).toEqual([{ change: 'audit', broken: null }]);
    expect(audit.verifier.figures).toMatchObject({ isBroken: false, provenUpTo: 1_206 });
    expect(audit.trouble()).toBeNull();
    await audit.verifier.drain();
  });

  it('says its end in the log of the process every hour, and while it is broken says that', async () => {
    await seed(3);
    const { log, lines } = recordingLog();
    const hub = { publish: () => undefined };
    const loud = openAuditDesk({ trail: place.audit, hub, clock, log }).verifier;
    const said = (words: string): number => lines.filter((line) => line.includes(words)).length;
    const { hash } = await place.audit.last();
    loud.run();
    await until(() => said('the audit log so far') === 1);
    expect(lines.join('\n')).toContain(hash);
    expect(loud.figures.wholeAt).not.toBeNull();
    const firstAt = clock.now();
    await until(() => said('the audit log so far') === 2, 60_000);
    expect(clock.now() - firstAt).toBeGreaterThanOrEqual(3_600_000);
    await sql`delete from hp_audit where seq = 3`.execute(place.db);
    await until(() => said('the audit log is broken') === 1, 60_000);
    const brokenAt = clock.now();
    await until(() => said('the audit log is broken') === 2, 60_000);
    expect(clock.now() - brokenAt).toBeGreaterThanOrEqual(3_600_000);
    await loud.drain();
  });
});

describe('the export of a page', () => {
  const who = { current: admin as Person | null };
  const routes = () =>
    auditRoutes({
      desk: audit.desk,
      directory: { personOf: async () => who.current },
      originOf: originsBehind(0),
    });
  beforeEach(() => {
    who.current = admin;
  });

  it('is streamed whole or for some days, verifies, and says itself in the log first', async () => {
    await seed(700);
    const headers = { 'user-agent': 'A browser' };
    const response = await routes().request('/api/audit/export', { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain('holdpoint-audit-1-701.jsonl');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(701);
    expect(JSON.parse(lines[700] ?? '')).toMatchObject({
      seq: 701,
      act: 'audit.exported',
      actor: { name: 'Mei Lin' },
      from: { by: 'browser', client: 'A browser' },
    });
    const some = await routes().request('/api/audit/export?from=10000&to=20000');
    expect(
      (await some.text())
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('I11 is refused to who is not signed in, is no admin, or comes from elsewhere; nothing is recorded', async () => {
    await seed(3);
    const status = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
      (await routes().request(url, { headers })).status;
    expect(await status('/api/audit/export', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status('/api/audit/export?from=yesterday')).toBe(400);
    expect(await status('/api/audit/other')).toBe(404);
    who.current = person('observer', 'Ola');
    expect(await status('/api/audit/export')).toBe(403);
    who.current = null;
    expect(await status('/api/audit/export')).toBe(401);
    expect(await place.audit.last()).toMatchObject({ seq: 3 });
  });
});
