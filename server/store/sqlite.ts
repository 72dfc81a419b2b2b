import { chmodSync } from 'node:fs';
import path from 'node:path';
import LibsqlDatabase from 'libsql';
import { makeFolder } from '@/server/files/make-folder';

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

/** Only another program, such as a backup, can hold the lock. While opening, nobody else is kept waiting. */
const openingBusyMs = 2_000;
/** libsql waits without letting anything else run: from then on no longer than people do not notice. */
const runningBusyMs = 50;
/** Pages of the log (16 MB) before a commit also moves them into the database, which costs it two more waits for the disk. */
const checkpointPages = 4_000;

/** Opens the file, making its folder, so that a commit is on disk before it returns (I2). */
export function openSqlite(file: string): SqliteOpening {
  let handle: SqliteHandle | null = null;
  try {
    handle = openSqliteFile(file);
    handle.exec(`pragma busy_timeout = ${openingBusyMs}`);
    // Taken by a new file alone: in others what is purged makes room inside.
    handle.exec('pragma auto_vacuum = incremental');
    handle.exec('pragma journal_mode = wal');
    handle.exec('pragma synchronous = full');
    handle.exec('pragma foreign_keys = on');
    handle.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
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
  makeFolder(path.dirname(path.resolve(file)), { mode: 0o700 });
  const handle: SqliteHandle = new LibsqlDatabase(path.resolve(file));
  chmodSync(path.resolve(file), 0o600);
  return handle;
}

const pagesAtOnce = 200;

/** Gives free pages of the file back to the system, as many as nobody notices. */
export function giveBack(handle: SqliteHandle): 'more' | 'done' {
  const before = pragma(handle, 'freelist_count');
  if (before === 0) return 'done';
  // Run to its end: taken step by step it frees a page each.
  handle.exec(`pragma incremental_vacuum(${pagesAtOnce})`);
  const after = pragma(handle, 'freelist_count');
  return after === 0 || after === before ? 'done' : 'more';
}

/** Moves the log into the database: after a stop its one file holds everything, for whoever copies that alone. */
export function intoOneFile(handle: SqliteHandle): void {
  handle.prepare('pragma wal_checkpoint(truncate)').all([]);
}

/** To be called when the schema stands and others begin to use the process. */
export function waitBriefly(handle: SqliteHandle): void {
  handle.exec(`pragma busy_timeout = ${runningBusyMs}`);
}

/** Another program holds the lock. */
export function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^SQLITE_(?:BUSY|LOCKED)/.test(error.code)
  );
}

/** Why a commit on this handle may not be on disk when it returns; null when it is. */
export function durabilityProblem(handle: SqliteHandle): string | null {
  if (pragma(handle, 'journal_mode') !== 'wal')
    return 'this file system cannot hold a write-ahead log. Use a local disk.';
  if (pragma(handle, 'synchronous') !== 2) return 'SQLite does not wait for the disk here.';
  return null;
}

/** The present value of a pragma. */
export function pragma(
  handle: SqliteHandle,
  name: 'journal_mode' | 'synchronous' | 'foreign_keys' | 'busy_timeout' | 'freelist_count',
): unknown {
  const row = handle.prepare(`pragma ${name}`).all([])[0];
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
}
