import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '@/lib/domain/ids';
import { openSqlite, type SqliteHandle } from '@/server/store/sqlite';
import { bundled } from './bundled';
import type { Report } from './limited-writer';
import { opened } from './opened';
import { commitOf, logEvent, newSessionId, summaryOf } from './samples';

const execute = promisify(execFile);
const page = { afterSeq: 0, limit: 1_000 };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-trouble-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function setUp(name: string) {
  const file = path.join(folder, name, 'holdpoint.db');
  const { store, db } = await opened(`sqlite:${file}`);
  const sessionId = newSessionId();
  const commit = (seq: number, text?: string) =>
    store.commit([commitOf(sessionId, { events: [logEvent(sessionId, seq, text)], summary: summaryOf(sessionId) })]);
  const saved = async (): Promise<readonly number[]> => (await store.events(sessionId, page)).map((event) => event.seq);
  expect(await commit(1)).toEqual({ ok: true });
  return { file, store, db, sessionId, commit, saved };
}

/** Another program on the same file. */
function otherProgram(file: string): SqliteHandle {
  const other = openSqlite(file);
  if (!other.ok) throw new Error(other.message);
  return other.handle;
}

/** What a process would find that started after this one was killed now. */
async function afterKill(file: string, sessionId: SessionId): Promise<readonly number[]> {
  const copy = path.join(await mkdtemp(path.join(folder, 'killed-')), 'holdpoint.db');
  await copyFile(file, copy);
  await copyFile(`${file}-wal`, `${copy}-wal`);
  const { store } = await opened(`sqlite:${copy}`);
  const found = await store.events(sessionId, page);
  await store.close();
  return found.map((event) => event.seq);
}

describe('SQLite in trouble', () => {
  it('says of a file that can grow no further that it cannot save, keeps all it called saved, and recovers (I2)', async () => {
    const program = await bundled('limited-writer.ts');
    const file = path.join(folder, 'limited', 'holdpoint.db');
    const sessionId = newSessionId();
    // A file of this process may have 4,096 blocks; what goes beyond is a real I/O error.
    const limited = ['-c', 'ulimit -S -f 4096 && exec "$0" "$@"'];
    const { stdout } = await execute('/bin/sh', [
      ...limited,
      process.execPath,
      program.file,
      `sqlite:${file}`,
      sessionId,
    ]);
    await program.remove();
    const report = JSON.parse(stdout) as Report;
    expect(report.saved).toBeGreaterThan(5);
    expect(report.refused).toHaveLength(2);
    for (const one of report.refused) {
      expect(one).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/SQLITE_(?:IOERR|FULL)/) });
    }
    expect(report.readBack).toBe(report.saved);
    expect(report.afterwards).toEqual({ ok: true });
    const { store } = await opened(`sqlite:${file}`);
    expect(await store.events(sessionId, page)).toHaveLength(report.saved + 1);
    await store.close();
  });

  it('says of a database it may not write that it cannot save, still reads it, and recovers (I2)', async () => {
    const { store, db, commit, saved } = await setUp('readonly');
    await sql.raw('pragma query_only = on').execute(db);
    const refused = await commit(2);
    expect(refused).toMatchObject({
      ok: false,
      code: 'unavailable',
      message: expect.stringContaining('SQLITE_READONLY'),
    });
    expect(await store.commit([])).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await saved()).toEqual([1]);
    await sql.raw('pragma query_only = off').execute(db);
    expect(await store.commit([])).toEqual({ ok: true });
    expect(await commit(2)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    await store.close();
  });

  it('waits a moment for another program’s lock, and meanwhile everything else goes on', async () => {
    const { file, store, commit, saved } = await setUp('brief-lock');
    const other = otherProgram(file);
    other.exec('begin immediate');
    const committing = commit(2);
    let settled = false;
    void committing.then(() => {
      settled = true;
    });
    // Were the process blocked until the wait is over, this would come too late.
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(await saved()).toEqual([1]);
    expect(settled).toBe(false);
    other.exec('rollback');
    expect(await committing).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    other.close();
    await store.close();
  });

  it('does not wait for another program’s lock for ever, and recovers (I2)', async () => {
    const { file, store, commit, saved } = await setUp('long-lock');
    const other = otherProgram(file);
    other.exec('begin immediate');
    expect(await commit(2)).toMatchObject({
      ok: false,
      code: 'unavailable',
      message: expect.stringContaining('SQLITE_BUSY'),
    });
    expect(await saved()).toEqual([1]);
    other.exec('rollback');
    expect(await commit(2)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2]);
    other.close();
    await store.close();
  });

  it('makes a log that was removed under it anew, with all it called saved (I2, I5)', async () => {
    const { file, store, sessionId, commit, saved } = await setUp('no-log');
    await commit(2);
    await rm(`${file}-wal`);
    expect(await commit(3)).toEqual({ ok: true });
    expect(await afterKill(file, sessionId)).toEqual([1, 2, 3]);
    expect(await commit(4)).toEqual({ ok: true });
    expect(await afterKill(file, sessionId)).toEqual([1, 2, 3, 4]);
    expect(await saved()).toEqual([1, 2, 3, 4]);
    await store.close();
  });

  it('calls nothing saved while its file is not where it was, and goes on when it is back (I2)', async () => {
    const { file, store, sessionId, commit, saved } = await setUp('moved');
    await rename(file, `${file}.elsewhere`);
    const refused = await commit(2);
    expect(refused).toMatchObject({
      ok: false,
      code: 'unavailable',
      message: expect.stringContaining('removed or replaced'),
    });
    expect(await commit(2)).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await store.commit([])).toMatchObject({ ok: false, code: 'unavailable' });
    await rename(`${file}.elsewhere`, file);
    expect(await store.commit([])).toEqual({ ok: true });
    // The first try had reached the log before the loss was seen: whose outcome was unknown is found.
    expect(await commit(2)).toMatchObject({ ok: false, code: 'conflict' });
    expect(await commit(3)).toEqual({ ok: true });
    expect(await saved()).toEqual([1, 2, 3]);
    expect(await afterKill(file, sessionId)).toEqual([1, 2, 3]);
    await store.close();
  });

  it('calls nothing saved when its file was replaced by another (I2)', async () => {
    const { file, store, commit } = await setUp('replaced');
    const backup = path.join(folder, 'backup.db');
    await copyFile(file, backup);
    await rename(backup, file);
    for (const seq of [2, 3]) {
      expect(await commit(seq)).toMatchObject({
        ok: false,
        code: 'unavailable',
        message: expect.stringContaining('restart Holdpoint'),
      });
    }
    await store.close();
  });

  it('stays up when its whole folder was removed, and says so (I2)', async () => {
    const { file, store, commit } = await setUp('gone');
    await rm(path.dirname(file), { recursive: true });
    expect(await commit(2)).toMatchObject({ ok: false, code: 'unavailable' });
    await mkdir(path.dirname(file));
    await writeFile(file, '');
    expect(await commit(3)).toMatchObject({ ok: false, code: 'unavailable' });
    await store.close();
  });

  it('finds out with an empty batch whether there is room again (I2)', async () => {
    const { store, db } = await setUp('probe');
    const sessionId = newSessionId();
    const { page_count: pages } = (await sql<{ page_count: number }>`pragma page_count`.execute(db)).rows[0] ?? {
      page_count: 0,
    };
    await sql.raw(`pragma max_page_count = ${pages}`).execute(db);
    const large = commitOf(sessionId, { events: [logEvent(sessionId, 1, 'x'.repeat(100_000))] });
    expect(await store.commit([large])).toMatchObject({
      ok: false,
      code: 'unavailable',
      message: expect.stringContaining('SQLITE_FULL'),
    });
    await sql.raw('pragma max_page_count = 1000000').execute(db);
    expect(await store.commit([])).toEqual({ ok: true });
    expect(await store.commit([large])).toEqual({ ok: true });
    await store.close();
  });
});
