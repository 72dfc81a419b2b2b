import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';

const retryMs = 20;
const giveUpMs = 10_000;

/** Runs `work` while this process alone holds the lock file. A lock whose process has died is taken over. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadlineAt = Date.now() + giveUpMs;
  while (!(await acquire(path))) {
    if (Date.now() > deadlineAt) throw new Error(`Another process has held ${path} for too long`);
    await removeIfAbandoned(path);
    await pause(retryMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The lock appears with its owner already in it: a link is made in one step, and only if the name is free. */
async function acquire(path: string): Promise<boolean> {
  const owner = `${path}.${randomUUID()}`;
  await writeFile(owner, String(process.pid));
  try {
    await link(owner, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(owner, { force: true });
  }
}

async function removeIfAbandoned(path: string): Promise<void> {
  let owner: number;
  try {
    owner = Number(await readFile(path, 'utf8'));
  } catch {
    return;
  }
  try {
    process.kill(owner, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) await rm(path, { force: true });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
