import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningChild {
  readonly pid: number;
  /** Everything it has written so far. */
  readonly output: () => string;
  /** Settles when the output matches; rejects if the process ends first or `timeoutMs` passes. */
  untilOutput(pattern: RegExp, timeoutMs?: number): Promise<void>;
  /** kill -9 for it and all its children. */
  close(): Promise<void>;
}

/** Starts a process at the head of its own group, so that the whole tree can be ended at once. */
export function startChild({ command, args, env }: Command): RunningChild {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  let output = '';
  const ended = untilEnded(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  return {
    pid,
    output: () => output,
    untilOutput(pattern, timeoutMs = 20_000) {
      return new Promise((resolve, reject) => {
        const fail = (why: string): void => settle(() => reject(new Error(`${command} ${why}; it wrote:\n${output}`)));
        const timer = setTimeout(() => fail(`did not write ${pattern} within ${timeoutMs} ms`), timeoutMs);
        const look = (): void => {
          if (pattern.test(output)) settle(resolve);
        };
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          child.stdout.off('data', look);
          child.stderr.off('data', look);
          act();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void ended.then(() => fail('ended'));
        look();
      });
    },
    async close() {
      killGroup(pid);
      await ended;
    },
  };
}

/** True while the process runs. One that has ended and waits to be collected by its parent (Linux) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return process.platform !== 'linux';
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
