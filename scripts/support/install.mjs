// Installs the dependencies when what is in node_modules is not what the lockfile says.
import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './root.mjs';
import { run, step } from './step.mjs';

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * npm writes `node_modules/.package-lock.json` last, so an interrupted install has none. Versions are compared rather
 * than file times: a checkout changes times without changing content.
 */
export function isInstalled() {
  const wanted = readLock(inRoot('package-lock.json'));
  const present = readLock(inRoot('node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    // A platform's optional package may be absent, but not at another version.
    if (found === undefined ? !entry.optional : found.version !== entry.version) return false;
  }
  return existsSync(inRoot('node_modules', 'esbuild', 'package.json'));
}

/** The npm that runs this script, or the one on the path. */
function npmCommand(args) {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /\.c?js$/.test(npm)) return [process.execPath, [npm, ...args]];
  return ['npm', args];
}

export async function ensureInstalled() {
  if (isInstalled()) return;
  const [command, args] = npmCommand(['ci', '--no-audit', '--no-fund']);
  await step('installing packages (only once)', () => run(command, args, { env: { NODE_ENV: 'development' } }));
}
