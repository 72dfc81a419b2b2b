import { rmSync } from 'node:fs';
import LibsqlDatabase from 'libsql';
import type { SqliteHandle } from '../sqlite';

const busyMs = 30_000;

/**
 * A copy of a database as it is at one moment, also while a server writes it: SQLite reads in one transaction, and
 * the write-ahead log lets the server go on. Throws when it cannot be read or written, or the copy is not whole.
 */
export function copySqlite(from: string, to: string): void {
  const handle: SqliteHandle = new LibsqlDatabase(from, { readonly: true });
  try {
    handle.exec(`pragma busy_timeout = ${busyMs}`);
    handle.prepare('vacuum into ?').run([to]);
  } finally {
    handle.close();
  }
  const problem = sqliteProblem(to);
  if (problem !== null) throw new Error(`The copy is not whole: ${problem}`);
}

/** What SQLite finds wrong with a file; null when it is whole. */
export function sqliteProblem(file: string): string | null {
  let handle: SqliteHandle | null = null;
  try {
    handle = new LibsqlDatabase(file, { readonly: true });
    const found = handle.prepare('pragma integrity_check').all([]) as readonly { readonly integrity_check?: string }[];
    const words = found.map((row) => row.integrity_check ?? 'unreadable').join('; ');
    return words === 'ok' ? null : words.slice(0, 500);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    handle?.close();
  }
}

/** Moves all of a database into its one file, so that it can be renamed. Throws while somebody else has it open. */
export function settleFile(file: string): void {
  const handle: SqliteHandle = new LibsqlDatabase(file);
  try {
    const [row] = handle.prepare('pragma wal_checkpoint(truncate)').all([]) as readonly { readonly busy?: number }[];
    if (row?.busy !== 0) throw new Error(`${file} is in use.`);
  } finally {
    handle.close();
  }
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}
