/** What one word after `holdpoint` does. */
export interface Command {
  /** How it is called, for who called it otherwise. */
  readonly usage: string;
  /** Its exit code: 0 done, 1 what was looked for is wrong, 2 it could not be done. */
  run(given: readonly string[], variables: Readonly<Record<string, string | undefined>>): Promise<number>;
}

/** A command that was called in a way it does not understand; the message says which way it does. */
export class UsageError extends Error {}
