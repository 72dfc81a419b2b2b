import { readFile } from 'node:fs/promises';
import type { OrphanEnd, ServerProcess } from '@/server/engine/ports/upstream';
import { mark } from './environment';
import { descendantsIn, endProcesses, type ProcessEntry, type ProcessMark } from './processes';
import { commandOf } from './server-process';

/** How long an orphan gets between SIGTERM and SIGKILL. */
const graceMs = 1_000;

/**
 * Ends what an earlier life of ours started and left behind. Our children are heads of process groups of their own, so
 * a group's number is its head's. What left both its dead head's group and its parents cannot be told from anybody
 * else's process: it stays.
 */
export async function endOrphan(orphan: ServerProcess, entries: readonly ProcessEntry[]): Promise<OrphanEnd> {
  const { pid } = orphan;
  const startedAt = orphan.startedAt !== null && /^\d+$/.test(orphan.startedAt) ? orphan.startedAt : null;
  const head = entries.find((entry) => entry.pid === pid) ?? null;
  // Where nothing tells a process from a later one of the same number, none is touched.
  if (startedAt === null) return { pid, how: head === null ? 'gone' : 'not_ours' };
  const group = entries.filter((entry) => entry.group === pid && entry.pid !== pid);
  if (head === null) {
    const left = await leftBy(group, startedAt);
    if (left.length === 0) return { pid, how: 'gone' };
    return { pid, how: await endAll(left) };
  }
  // A number is not given out again while a group has it: then nothing of ours is left there.
  if (head.startedAt !== startedAt || (await commandOf(pid)) !== orphan.command) return { pid, how: 'not_ours' };
  const family = new Map<number, ProcessMark>(
    [head, ...group, ...descendantsIn(entries, pid)].map((entry) => [entry.pid, entry]),
  );
  return { pid, how: await endAll([...family.values()]) };
}

async function endAll(marks: readonly ProcessMark[]): Promise<'terminated' | 'killed'> {
  return (await endProcesses(marks, graceMs)) ? 'killed' : 'terminated';
}

/** Members of a group without its head: those not older than it that carry our mark, for its number may be another's. */
async function leftBy(group: readonly ProcessEntry[], startedAt: string): Promise<readonly ProcessEntry[]> {
  const ours: ProcessEntry[] = [];
  for (const entry of group) {
    if (BigInt(entry.startedAt) >= BigInt(startedAt) && (await isMarked(entry.pid))) ours.push(entry);
  }
  return ours;
}

async function isMarked(pid: number): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').includes(`${mark.name}=${mark.value}`);
  } catch {
    return false;
  }
}
