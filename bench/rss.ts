import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How long a process is left alone before it is measured, and how often it then is. */
export interface Quiet {
  readonly quietMs: number;
  readonly readings: number;
}

const betweenReadingsMs = 500;

/** The lowest of several readings of each process's resident memory, KiB, after all have been left alone. */
export async function quietRss(pids: readonly number[], { quietMs, readings }: Quiet): Promise<readonly number[]> {
  await pause(quietMs);
  let lowest = pids.map(() => Number.POSITIVE_INFINITY);
  for (let reading = 0; reading < readings; reading += 1) {
    if (reading > 0) await pause(betweenReadingsMs);
    const now = await Promise.all(pids.map(residentKib));
    lowest = lowest.map((least, index) => Math.min(least, now[index] ?? Number.NaN));
  }
  return lowest;
}

async function residentKib(pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim());
}
