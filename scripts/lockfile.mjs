// Makes package-lock.json complete and free of download addresses: `npm run lockfile`, after every change of dependencies.
//
// A registry that mirrors only some platforms' binaries makes npm leave the others out of the lockfile, and `npm ci`
// then refuses the lockfile everywhere. Each left-out package is pinned exactly by its parent, so its entry can be
// written without asking the registry; npm then verifies it only where it is really installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockfile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

function platformOf(name) {
  const words = name.split(/[/-]/);
  const platform = {};
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (cpu) platform.cpu = [cpu];
  if (os) platform.os = [os];
  if (words.some((word) => word.startsWith('musl'))) platform.libc = ['musl'];
  else if (os === 'linux' && words.includes('gnu')) platform.libc = ['glibc'];
  return platform;
}

function isLocked(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

export function completeLock(lock) {
  const added = [];
  const refused = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    delete entry.resolved;
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(lock.packages, path, name)) continue;
      const platform = platformOf(name);
      if (!/^\d+\.\d+\.\d+/.test(version) || (!platform.os && !platform.cpu)) {
        refused.push(`${name}@${version}`);
        continue;
      }
      lock.packages[`node_modules/${name}`] = {
        version,
        ...(platform.cpu ? { cpu: platform.cpu } : {}),
        ...(entry.dev ? { dev: true } : {}),
        ...(platform.libc ? { libc: platform.libc } : {}),
        optional: true,
        ...(platform.os ? { os: platform.os } : {}),
      };
      added.push(`${name}@${version}`);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return { added, refused };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(lockfile, 'utf8'));
  const { added, refused } = completeLock(lock);
  writeFileSync(lockfile, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${added.length} packages of other platforms added`);
  if (refused.length > 0) {
    console.error(`No exact version or platform known for ${refused.join(', ')}`);
    process.exitCode = 1;
  }
}
