import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isJsonObject } from '@/lib/domain/json';
import type { LockOutcome } from './exclusive-lock';
import { isBusy, openSqliteFile, type SqliteHandle } from './sqlite';

const lockName = 'holdpoint.lock';
const holderName = 'holdpoint.lock.json';

/**
 * Locks the database file's folder by an exclusive transaction on a small SQLite file, held as long as
 * the process lives. Node has no flock; SQLite's lock is the system's and leaves nothing stale behind.
 * The file beside it only says who holds it: it is believed only while the lock is held.
 */
export function lockFolder(databaseFile: string): LockOutcome {
  const folder = path.dirname(path.resolve(databaseFile));
  let handle: SqliteHandle | null = null;
  try {
    handle = openSqliteFile(path.join(folder, lockName));
    handle.exec('pragma busy_timeout = 0');
    handle.exec('pragma journal_mode = memory');
    handle.exec('begin exclusive');
    writeHolder(folder);
  } catch (error) {
    handle?.close();
    return {
      ok: false,
      message: isBusy(error) ? takenWords(folder) : `The data folder ${folder} cannot be locked: ${String(error)}`,
    };
  }
  const held = handle;
  return {
    ok: true,
    lock: {
      release() {
        if (held.inTransaction) {
          held.exec('rollback');
          held.close();
        }
        return Promise.resolve();
      },
    },
  };
}

function writeHolder(folder: string): void {
  const holder = { pid: process.pid, host: os.hostname(), at: new Date().toISOString() };
  writeFileSync(path.join(folder, holderName), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

function takenWords(folder: string): string {
  const advice =
    'Stop it first, or give this one another folder with DATABASE_URL=sqlite:./other/holdpoint.db, or use PostgreSQL.';
  return `Another Holdpoint${holderWords(folder)} is using the data folder ${folder}. ${advice}`;
}

function holderWords(folder: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(path.join(folder, holderName), 'utf8'));
    if (!isJsonObject(holder) || typeof holder['pid'] !== 'number') return '';
    const { pid, host, at } = holder;
    const where = typeof host === 'string' && host !== os.hostname() ? ` on ${host}` : '';
    return ` (process ${pid}${where}${typeof at === 'string' ? `, started ${at}` : ''})`;
  } catch {
    // It may be about to write it; the lock alone decides.
    return '';
  }
}
