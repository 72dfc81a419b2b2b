import { type ChildProcess, spawn } from 'node:child_process';

export interface Start {
  readonly words: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A Node process of this run; ended with it, whatever happens. */
export interface RunningProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  /** The first match of `pattern` in what it printed. Throws when it ends first. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** A line on its standard input. */
  tell(line: string): void;
  stop(): Promise<void>;
  /** kill -9: it gets no chance to do anything about it. */
  kill(): Promise<void>;
}

const graceMs = 10_000;
const keptCharacters = 20_000;

export function startProcess({ words, args, env }: Start): RunningProcess {
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  const listeners = new Set<() => void>();
  const hear = (text: string): void => {
    printed = (printed + text).slice(-keptCharacters);
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
  // One that has ended reads no more; `said` says that it has.
  child.stdin.on('error', () => undefined);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      hear(error.message);
      resolve();
    });
    child.once('close', () => resolve());
  }).then(() => void process.off('exit', kill));
  return {
    pid: child.pid ?? 0,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(printed);
          if (match === null) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`${words} ended before it said ${String(pattern)}:\n${printed}`)));
        look();
      }),
    tell: (line) => void child.stdin.write(`${line}\n`),
    stop: () => stopChild(child, ended),
    async kill() {
      kill();
      await ended;
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
