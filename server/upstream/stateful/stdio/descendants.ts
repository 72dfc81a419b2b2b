import { readdir, readFile } from 'node:fs/promises';

/** A process by its number and its start: a number alone may be somebody else's by now. */
export interface Relative {
  readonly pid: number;
  /** Clock ticks since boot, as the kernel counts them. */
  readonly startedAt: string;
}

interface Entry extends Relative {
  readonly parent: number;
}

/**
 * All that descends from `pid` now, whatever group it put itself into. Read from /proc, so only on Linux;
 * elsewhere nobody is found, and only the child's own group can be ended.
 */
export async function descendantsOf(pid: number): Promise<readonly Relative[]> {
  const entries = await readEntries();
  const found: Entry[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = entries.filter((entry) => parents.has(entry.parent) && !found.includes(entry));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Whether it is still that very process. */
export async function isSame(relative: Relative): Promise<boolean> {
  return (await readEntry(relative.pid))?.startedAt === relative.startedAt;
}

async function readEntries(): Promise<readonly Entry[]> {
  let names: readonly string[];
  try {
    names = await readdir('/proc');
  } catch {
    return [];
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(readEntry))).flatMap((entry) => entry ?? []);
}

/** Null when it is gone, or only its exit code is left. */
async function readEntry(pid: number): Promise<Entry | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, parentheses too.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startedAt = rest[17];
    if (state === 'Z' || state === 'X' || parent === undefined || startedAt === undefined) return null;
    return { pid, parent: Number(parent), startedAt };
  } catch {
    return null;
  }
}
