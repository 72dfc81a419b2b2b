import { readFile } from 'node:fs/promises';
import { maskText } from '@/lib/domain/mask';
import type { ServerProcess } from '@/server/engine/ports/upstream';
import { shortened } from '../limits';
import { readProcess } from './processes';

const commandLength = 500;

/** A child of ours as it is now, to be known again by a later life. */
export async function describeProcess(pid: number): Promise<ServerProcess> {
  const entry = await readProcess(pid);
  return { pid, startedAt: entry?.startedAt ?? null, command: await commandOf(pid) };
}

/** The command line as the kernel shows it, without credentials (I14); a program may have changed its own. */
export async function commandOf(pid: number): Promise<string> {
  try {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return shortened(maskText(line.replaceAll('\0', ' ')), commandLength);
  } catch {
    return '';
  }
}
