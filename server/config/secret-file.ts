import { randomBytes } from 'node:crypto';
import { chmod, link, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@/server/files/make-folder';

const fileName = 'secret';

/**
 * The secret that signs cookies, made once and kept for its owner alone. Several nodes need the same one in
 * HOLDPOINT_SECRET instead, or a cookie of one is nothing to another.
 */
export async function loadSecret(dataFolder: string): Promise<string> {
  const path = join(dataFolder, fileName);
  return (await readSecret(path)) ?? (await makeSecret(dataFolder, path));
}

/** The secret a server made here; null when none did. */
export function existingSecret(dataFolder: string): Promise<string | null> {
  return readSecret(join(dataFolder, fileName));
}

async function readSecret(path: string): Promise<string | null> {
  let text: string;
  try {
    // To open a named pipe waits for who writes to it.
    if (!(await stat(path)).isFile()) throw new Error(`${path} is no plain file. It should hold the secret.`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const secret = text.trim();
  if (secret.length < 32)
    throw new Error(`${path} is damaged: delete it to make a new one; everyone then signs in again.`);
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
  return secret;
}

/** Written aside and then linked: the file is whole or absent, and of two makers the first wins. */
async function makeSecret(dataFolder: string, path: string): Promise<string> {
  makeFolder(dataFolder, { mode: 0o700 });
  const secret = randomBytes(32).toString('base64url');
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(aside, path);
    return secret;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const first = await readSecret(path);
    if (first === null) throw error;
    return first;
  } finally {
    await unlink(aside);
  }
}
