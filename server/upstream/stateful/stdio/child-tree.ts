import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsIn, endProcesses, readProcesses } from './processes';

/** How a child came to its end: on the end of stdin, on SIGTERM, or on SIGKILL. */
export type TreeEnd = 'closed' | 'terminated' | 'killed';

const pollMs = 20;
/** How long what is left of a group gets between SIGTERM and SIGKILL. */
const leftoverMs = 300;

/** A child at the head of its own process group, and all that descends from it. */
export class ChildTree {
  readonly #child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<void>;
  #sweeping: Promise<void> | null = null;
  #swept = false;

  constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
    this.exited = new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once('exit', () => resolve());
    });
  }

  /**
   * Ends the whole tree: the end of stdin, then SIGTERM, then SIGKILL, each after its part of `graceMs`, or at once
   * when that is not to be waited for.
   */
  async end(graceMs: number, force?: AbortSignal): Promise<TreeEnd> {
    // Looked up while they still have their parent: later nothing tells whose they were.
    const family = descendantsIn(await readProcesses(), this.pid);
    this.#child.stdin?.end();
    let how: TreeEnd = 'closed';
    if (!(await this.#exitsWithin(graceMs / 2, force))) {
      how = 'terminated';
      this.signal('SIGTERM');
      if (!(await this.#exitsWithin(graceMs / 2, force))) {
        how = 'killed';
        this.signal('SIGKILL');
        await this.exited;
      }
    }
    await this.sweep();
    await endProcesses(family, leftoverMs);
    return how;
  }

  /** Ends what the child left behind in its group. Once: later the group's number may be somebody else's. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#swept = true;
    });
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    if (!this.signal('SIGTERM')) return;
    for (let waitedMs = 0; waitedMs < leftoverMs; waitedMs += pollMs) {
      await sleep(pollMs, undefined, { ref: false });
      if (!this.signal(0)) return;
    }
    this.signal('SIGKILL');
  }

  /** False when nothing of the group is left. */
  signal(signal: NodeJS.Signals | 0): boolean {
    if (this.#swept) return false;
    try {
      process.kill(-this.pid, signal);
      return true;
    } catch {
      // Where there are no process groups the child alone can be reached.
      return process.platform === 'win32' && signal !== 0 && this.#child.kill(signal);
    }
  }

  #exitsWithin(waitMs: number, force: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (exited: boolean): void => {
        clearTimeout(timer);
        force?.removeEventListener('abort', giveUp);
        resolve(exited);
      };
      const giveUp = (): void => settle(false);
      const timer = setTimeout(giveUp, waitMs);
      force?.addEventListener('abort', giveUp);
      if (force?.aborted === true) giveUp();
      void this.exited.then(() => settle(true));
    });
  }
}
