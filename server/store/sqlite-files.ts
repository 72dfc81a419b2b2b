import { statSync } from 'node:fs';
import path from 'node:path';
import { durabilityProblem, type SqliteHandle } from './sqlite';

/** The database or its log is no longer the file we write: a commit would be lost with it. */
export class FilesGoneError extends Error {
  override readonly name = 'FilesGoneError';
}

/**
 * The system lets a file be written after it was removed: SQLite notices nothing, and a restart finds
 * nothing. Asked after each commit, before it is called saved (I2).
 */
export class SqliteFiles {
  readonly #handle: SqliteHandle;
  readonly #file: string;
  readonly #database: string;
  #log: string;
  #whole = true;

  constructor(handle: SqliteHandle, file: string) {
    this.#handle = handle;
    this.#file = path.resolve(file);
    this.#database = identityOf(this.#file);
    this.#log = this.#logInUse();
  }

  /** Whether nothing was amiss when it was last asked. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Throws while the database is not where it was. A log that was removed is made anew, its content kept. */
  check(): void {
    this.#whole = false;
    if (identityOf(this.#file) !== this.#database) {
      const advice = 'Put it back, or restart Holdpoint to go on with what is there.';
      throw new FilesGoneError(`${this.#file} was removed or replaced while it was in use. ${advice}`);
    }
    if (identityOf(this.#logFile) !== this.#log) this.#renewLog();
    this.#whole = true;
  }

  get #logFile(): string {
    return `${this.#file}-wal`;
  }

  /** Leaving the journal mode moves all that the lost log holds into the database; entering it makes another log. */
  #renewLog(): void {
    this.#handle.exec('pragma journal_mode = delete');
    this.#handle.exec('pragma journal_mode = wal');
    this.#log = this.#logInUse();
    const problem = this.#log === '' ? 'its write-ahead log was removed' : durabilityProblem(this.#handle);
    if (problem !== null) throw new FilesGoneError(`${this.#file}: ${problem}. Restart Holdpoint.`);
  }

  /** The log's file is made by the first look at the database. */
  #logInUse(): string {
    this.#handle.prepare('select count(*) from sqlite_master').all([]);
    return identityOf(this.#logFile);
  }
}

function identityOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}
