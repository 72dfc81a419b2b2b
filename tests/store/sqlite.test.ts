import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '@/server/store/open-store';
import { openSqlite, pragma } from '@/server/store/sqlite';
import { storeContract } from './contract';
import { opened } from './opened';
import { commitOf, logEvent, newSessionId } from './samples';
import { recordingLog } from './silent-log';

const page = { afterSeq: 0, limit: 100 };

storeContract('SQLite', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-store-'));
  let count = 0;
  return {
    freshUrl() {
      count += 1;
      return Promise.resolve(`sqlite:${path.join(folder, String(count), 'holdpoint.db')}`);
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('SQLite itself', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-store-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('waits for the disk at every commit (I2)', async () => {
    const opening = openSqlite(path.join(folder, 'durable', 'holdpoint.db'));
    if (!opening.ok) throw new Error(opening.message);
    expect(pragma(opening.handle, 'journal_mode')).toBe('wal');
    expect(pragma(opening.handle, 'synchronous')).toBe(2);
    expect(pragma(opening.handle, 'foreign_keys')).toBe(1);
    expect(pragma(opening.handle, 'busy_timeout')).toBeGreaterThan(0);
    opening.handle.close();
    // The same through the handle that the store and the sign-ins share.
    const { db, store } = await opened(`sqlite:${path.join(folder, 'durable', 'holdpoint.db')}`);
    expect((await sql<{ synchronous: number }>`pragma synchronous`.execute(db)).rows).toEqual([{ synchronous: 2 }]);
    await store.close();
  });

  it('is one file after a stop: who copies that alone has everything (I5)', async () => {
    const file = path.join(folder, 'stopped', 'holdpoint.db');
    const copy = path.join(folder, 'copied', 'holdpoint.db');
    const { store } = await opened(`sqlite:${file}`);
    const sessionId = newSessionId();
    await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1)] })]);
    await store.close();
    await mkdir(path.dirname(copy));
    await copyFile(file, copy);
    const copied = await opened(`sqlite:${copy}`);
    expect(await copied.store.events(sessionId, page)).toHaveLength(1);
    await copied.store.close();
  });

  it('keeps its files to itself (I14)', async () => {
    const file = path.join(folder, 'private', 'holdpoint.db');
    const { store } = await opened(`sqlite:${file}`);
    await store.commit([commitOf(newSessionId(), { events: [logEvent(newSessionId(), 1)] })]);
    for (const name of [file, `${file}-wal`]) expect((await stat(name)).mode & 0o077).toBe(0);
    expect((await stat(path.dirname(file))).mode & 0o077).toBe(0);
    await store.close();
  });

  it('says that it cannot save while the disk is full, keeps what is whole, and recovers (I2)', async () => {
    const { store, db } = await opened(`sqlite:${path.join(folder, 'full', 'holdpoint.db')}`);
    const sessionId = newSessionId();
    expect(await store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1)] })])).toEqual({ ok: true });
    const { page_count: pages } = (await sql<{ page_count: number }>`pragma page_count`.execute(db)).rows[0] ?? {
      page_count: 0,
    };
    await sql.raw(`pragma max_page_count = ${pages + 2}`).execute(db);
    const events = Array.from({ length: 50 }, (_, at) => logEvent(sessionId, at + 2, 'x'.repeat(2_000)));
    const refused = await store.commit([commitOf(sessionId, { events })]);
    expect(refused).toMatchObject({ ok: false, code: 'unavailable' });
    expect(refused.ok ? '' : refused.message).toContain('full');
    expect(await store.events(sessionId, page)).toHaveLength(1);
    await sql.raw('pragma max_page_count = 1000000').execute(db);
    expect(await store.commit([commitOf(sessionId, { events })])).toEqual({ ok: true });
    expect(await store.events(sessionId, page)).toHaveLength(51);
    await store.close();
  });

  it('says that it cannot save while another program holds the file, and recovers', async () => {
    const file = path.join(folder, 'busy', 'holdpoint.db');
    const { store, db } = await opened(`sqlite:${file}`);
    await sql.raw('pragma busy_timeout = 20').execute(db);
    const other = openSqlite(file);
    if (!other.ok) throw new Error(other.message);
    other.handle.exec('begin immediate');
    const sessionId = newSessionId();
    const commit = commitOf(sessionId, { events: [logEvent(sessionId, 1)] });
    expect(await store.commit([commit])).toMatchObject({ ok: false, code: 'unavailable' });
    other.handle.exec('rollback');
    other.handle.close();
    expect(await store.commit([commit])).toEqual({ ok: true });
    await store.close();
  });

  it('refuses what is not a database, in words', async () => {
    const file = path.join(folder, 'not-a-database.db');
    await writeFile(file, 'this is a text, and long enough to be looked at as a header of a database file'.repeat(50));
    const opening = await openStore({ databaseUrl: `sqlite:${file}`, log: recordingLog().log });
    expect(opening).toMatchObject({ ok: false });
    expect(opening.ok ? '' : opening.message).toContain('not-a-database.db');
  });

  it.each([
    '',
    'sqlite:',
    'sqlite::memory:',
    'sqlite:./data/',
    'mysql://x',
    'postgres://user:hunter2@',
    'postgres://a:hunter2@[bad',
  ])('refuses the database URL %j without repeating its password', async (databaseUrl) => {
    const opening = await openStore({ databaseUrl, log: recordingLog().log });
    if (opening.ok) throw new Error('it opened');
    expect(opening.message).not.toContain('hunter2');
    expect(opening.message).not.toBe('');
  });

  it('opens a database that a newer Holdpoint wrote not at all', async () => {
    const url = `sqlite:${path.join(folder, 'newer', 'holdpoint.db')}`;
    const { store, db } = await opened(url);
    await sql`insert into hp_migration (name, timestamp) values ('9999_future', 'x')`.execute(db);
    await store.close();
    const opening = await openStore({ databaseUrl: url, log: recordingLog().log });
    expect(opening.ok ? '' : opening.message).toContain('newer Holdpoint');
  });

  it('takes up a migration that a crash cut short', async () => {
    const url = `sqlite:${path.join(folder, 'cut', 'holdpoint.db')}`;
    const { store, db } = await opened(url);
    await sql`delete from hp_migration`.execute(db);
    await sql`drop table hp_raw_message`.execute(db);
    await store.close();
    const again = await opened(url);
    const sessionId = newSessionId();
    expect(await again.store.commit([commitOf(sessionId, { events: [logEvent(sessionId, 1)] })])).toEqual({ ok: true });
    await again.store.close();
  });
});
