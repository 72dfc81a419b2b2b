import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { readDatabaseUrl } from './database-url';
import { lockPostgres } from './postgres-lock';
import { lockFolder } from './sqlite-lock';

/** `lost`: the lock's connection broke and is being opened again. `taken`: another process holds it now. */
export type LockState = 'held' | 'lost' | 'taken';

export interface ExclusiveLock {
  release(): Promise<void>;
}

export type LockOutcome =
  | { readonly ok: true; readonly lock: ExclusiveLock }
  /** Who holds it, and what to do. */
  | { readonly ok: false; readonly message: string };

export interface LockOrder {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Told of every change after the first `held`; a file's lock never changes. Must not throw. */
  onChange(state: LockState): void;
}

/**
 * One process per database. The lock is the operating system's or PostgreSQL's own, so it ends with
 * its process, even after kill -9. Taken before the store is opened.
 */
export async function acquireExclusive(order: LockOrder): Promise<LockOutcome> {
  const read = readDatabaseUrl(order.databaseUrl);
  if (!read.ok) return read;
  return read.target.kind === 'sqlite' ? lockFolder(read.target.file) : lockPostgres(read.target, order);
}
