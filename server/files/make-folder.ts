import { mkdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those it stands in; throws when it cannot. Node's own way never ends where a file system says
 * that a folder is not there for one that it does not take, as /proc does.
 */
export function makeFolder(folder: string, how: { readonly mode?: number } = {}): void {
  const wanted = path.resolve(folder);
  const missing: string[] = [];
  for (let at = wanted; !isFolder(at); at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) makeOne(each, how);
}

/** Another process may make the same folder at the same time. */
function makeOne(folder: string, how: { readonly mode?: number }): void {
  try {
    mkdirSync(folder, how);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

/** False where nothing is; throws where something else is, or it cannot be told. */
function isFolder(place: string): boolean {
  const found = lookAt(place);
  if (found === null) return false;
  if (found.isDirectory()) return true;
  throw Object.assign(new Error(`${place} is there and is no folder`), { code: 'ENOTDIR', syscall: 'mkdir' });
}

function lookAt(place: string): Stats | null {
  try {
    return statSync(place);
  } catch (error) {
    // Below something that is no folder nothing is either: what stands in the way is found on the way up.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
