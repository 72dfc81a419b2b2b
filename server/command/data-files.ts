import { open, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where the secret that was made for a database is kept. */
export function secretFileOf(dataFolder: string): string {
  return path.join(dataFolder, 'secret');
}

/** The file system's refusal, which is nobody's bug. */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** A new name in a folder is on disk only once the folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
