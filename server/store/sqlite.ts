import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import LibsqlDatabase from 'libsql';

/** The part of a prepared libsql statement we use. */
export interface SqliteStatementHandle {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** The part of a libsql database we use: better-sqlite3's interface, synchronous. */
export interface SqliteHandle {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatementHandle;
  exec(sql: string): void;
  close(): void;
}

export type SqliteOpening =
  | { readonly ok: true; readonly handle: SqliteHandle }
  | { readonly ok: false; readonly message: string };

/** Only another program, such as a backup, can hold the lock; the wait blocks the process, so it is short. */
const busyTimeoutMs = 2_000;

/** Opens the file, making its folder, so that a commit is on disk before it returns (I2). */
export function openSqlite(file: string): SqliteOpening {
  let handle: SqliteHandle | null = null;
  try {
    handle = openSqliteFile(file);
    handle.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    handle.exec('pragma journal_mode = wal');
    handle.exec('pragma synchronous = full');
    handle.exec('pragma foreign_keys = on');
    const problem = durabilityProblem(handle);
    if (problem === null) return { ok: true, handle };
    handle.close();
    return { ok: false, message: `${file}: ${problem}` };
  } catch (error) {
    handle?.close();
    return {
      ok: false,
      message: `The database ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Opens a SQLite file that only we may read: it holds what agents and people said. */
export function openSqliteFile(file: string): SqliteHandle {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  const handle: SqliteHandle = new LibsqlDatabase(path.resolve(file));
  chmodSync(path.resolve(file), 0o600);
  return handle;
}

function durabilityProblem(handle: SqliteHandle): string | null {
  if (pragma(handle, 'journal_mode') !== 'wal')
    return 'this file system cannot hold a write-ahead log. Use a local disk.';
  if (pragma(handle, 'synchronous') !== 2) return 'SQLite does not wait for the disk here.';
  return null;
}

/** The present value of a pragma. */
export function pragma(
  handle: SqliteHandle,
  name: 'journal_mode' | 'synchronous' | 'foreign_keys' | 'busy_timeout',
): unknown {
  const row = handle.prepare(`pragma ${name}`).all([])[0];
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
}
