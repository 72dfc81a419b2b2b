import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPast } from '@/bench/past-check';
import { loadPast } from '@/bench/past-load';
import { withStore } from '@/bench/saved';

const untilAt = 1_764_000_000_000;
const sessions = 70;
const secret = 's'.repeat(43);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-past-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a past that is written for the benchmark', () => {
  it('is of true sessions, with every index as it was, and an audit log that verifies (I15)', async () => {
    const databaseUrl = `sqlite:${path.join(folder, 'past.db')}`;
    await withStore(
      databaseUrl,
      async (opened) => {
        const { store, db, audit } = opened;
        const indexes = async () =>
          (await sql`select name, sql from sqlite_master where type = 'index' order by name`.execute(db)).rows;
        const before = await indexes();
        const past = await loadPast(opened, { sessions, days: 90, untilAt, databaseUrl });
        expect(await indexes()).toEqual(before);
        expect(past.ids).toHaveLength(sessions);
        await checkPast(store, past.ids);
        expect(await audit.check(null, 1_000)).toMatchObject({
          broken: null,
          isEnd: true,
          upTo: { seq: past.entries },
        });
        const [totals = []] = await store.tallyTotals([{ fromAt: 0, untilAt: untilAt * 2 }]);
        const countOf = (prefix: string): number =>
          totals.filter(({ what }) => what.startsWith(prefix)).reduce((sum, { count }) => sum + count, 0);
        expect([countOf('session.'), countOf('call.'), countOf('asked')]).toEqual([sessions, sessions, sessions]);
        const { id } = (await db.selectFrom('hp_session').select('id').executeTakeFirstOrThrow()) as { id: string };
        await sql`update hp_session set summary = replace(summary, '"totalCalls":1', '"totalCalls":2')
          where id = ${id}`.execute(db);
        await expect(checkPast(store, past.ids)).rejects.toThrow(`${id}: its summary is not what its events come to`);
      },
      secret,
    );
  });
});
