import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process by its number and its start: a number alone may be somebody else's by now. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since boot, as the kernel counts them. */
  readonly startedAt: string;
}

export interface ProcessEntry extends ProcessMark {
  readonly parent: number;
  readonly group: number;
}

const pollMs = 20;

/** Every process there is. Read from /proc, so only on Linux; elsewhere nobody is found. */
export async function readProcesses(): Promise<readonly ProcessEntry[]> {
  let names: readonly string[];
  try {
    names = await readdir('/proc');
  } catch {
    return [];
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(readProcess))).flatMap((entry) => entry ?? []);
}

/** Null when it is gone, or only its exit code is left. */
export async function readProcess(pid: number): Promise<ProcessEntry | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, parentheses too.
    const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startedAt = rest[16];
    if (state === 'Z' || state === 'X' || startedAt === undefined) return null;
    return { pid, parent: Number(parent), group: Number(group), startedAt };
  } catch {
    return null;
  }
}

/** Whether it is still that very process. */
export async function isSame(mark: ProcessMark): Promise<boolean> {
  return (await readProcess(mark.pid))?.startedAt === mark.startedAt;
}

/** All that descends from `pid`, whatever group it put itself into. */
export function descendantsIn(entries: readonly ProcessEntry[], pid: number): readonly ProcessEntry[] {
  const found: ProcessEntry[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = entries.filter((entry) => parents.has(entry.parent) && !found.includes(entry));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Ends those that are still there: SIGTERM, then SIGKILL for who is left after `graceMs`. True when that was needed. */
export async function endProcesses(marks: readonly ProcessMark[], graceMs: number): Promise<boolean> {
  let left = await signalAll(marks, 'SIGTERM');
  for (let waitedMs = 0; left.length > 0 && waitedMs < graceMs; waitedMs += pollMs) {
    await sleep(pollMs, undefined, { ref: false });
    left = await signalAll(left, 0);
  }
  return (await signalAll(left, 'SIGKILL')).length > 0;
}

/** Those that were still there to be reached. */
async function signalAll(marks: readonly ProcessMark[], signal: NodeJS.Signals | 0): Promise<readonly ProcessMark[]> {
  const reached: ProcessMark[] = [];
  for (const mark of marks) {
    if (!(await isSame(mark))) continue;
    try {
      process.kill(mark.pid, signal);
      reached.push(mark);
    } catch {
      // Gone in between, or no longer ours to signal.
    }
  }
  return reached;
}
