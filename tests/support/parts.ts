import type { Import } from '@/tests/support/imports';
import { importsOf } from '@/tests/support/imports';
import type { SourceFile } from '@/tests/support/source-tree';

/** Who may import whom: DESIGN's "Parts", as data. A part that is not here may not exist. */
interface Part {
  /** A folder, or a file without its extension. The longest that fits a file is its part. */
  readonly at: string;
  readonly files: readonly string[];
  /** `all`, or the only ones. What is not listed by any part is refused. */
  readonly packages: 'all' | readonly string[];
  readonly node: 'node' | 'no-node';
}

const serverPart = (name: string, more: readonly string[] = []): Part => ({
  at: `server/${name}`,
  files: [`server/${name}`, 'server/engine/ports', 'lib', ...more],
  packages: 'all',
  node: 'node',
});

const anything = (at: string): Part => ({ at, files: [''], packages: 'all', node: 'node' });

const parts: readonly Part[] = [
  { at: 'lib/domain', files: ['lib/domain'], packages: [], node: 'no-node' },
  { at: 'lib/protocol', files: ['lib/protocol', 'lib/domain'], packages: ['zod'], node: 'no-node' },
  { at: 'server/engine', files: ['server/engine', 'lib/domain'], packages: 'all', node: 'node' },
  // The other composition root: what is run beside a server, or instead of it.
  { at: 'server/command', files: ['server', 'lib', 'package.json'], packages: 'all', node: 'node' },
  ...['downstream', 'gateway', 'models', 'api', 'audit'].map((name) => serverPart(name)),
  ...['store', 'config'].map((name) => serverPart(name, ['server/files'])),
  ...['notify', 'upstream'].map((name) => serverPart(name, ['server/net'])),
  // What is asked of a file system before it is trusted; knows nothing else.
  { at: 'server/files', files: ['server/files'], packages: [], node: 'node' },
  // Which network addresses are what; knows nothing else.
  { at: 'server/net', files: ['server/net'], packages: [], node: 'node' },
  ...['auth', 'policy', 'keeping', 'servers', 'telemetry', 'web'].map((name) => serverPart(name)),
  { at: 'server/main', files: ['server', 'lib', 'package.json'], packages: 'all', node: 'node' },
  { at: 'components', files: ['components', 'lib'], packages: 'all', node: 'no-node' },
  { at: 'components/live', files: ['components/live', 'lib'], packages: 'all', node: 'no-node' },
  // Containers connect the store to the screens: the one place that knows both.
  { at: 'components/live/containers', files: ['components', 'lib'], packages: 'all', node: 'no-node' },
  { at: 'app', files: ['app', 'components', 'lib'], packages: 'all', node: 'no-node' },
  { at: 'examples', files: ['examples'], packages: 'all', node: 'node' },
  ...['bench', 'tests', 'scripts'].map(anything),
  // The tools' configuration at the repository's root.
  ...['next.config', 'vitest.config', 'postcss.config'].map(anything),
];

/** A package that only some parts may import; `at most` once where it says so. */
const keptTo: readonly { readonly name: string; readonly parts: readonly string[] }[] = [
  { name: 'socket.io-client', parts: ['components/live', 'tests', 'bench'] },
  { name: 'socket.io', parts: ['server/gateway', 'server/main', 'tests', 'bench'] },
  { name: 'react', parts: ['app', 'components', 'components/live', 'components/live/containers', 'tests'] },
  { name: 'react-dom', parts: ['app', 'components', 'components/live', 'components/live/containers', 'tests'] },
  {
    name: 'next',
    parts: [
      'app',
      'components',
      'components/live',
      'components/live/containers',
      'server/main',
      'next.config',
      'tests',
    ],
  },
  {
    name: 'kysely',
    parts: [
      'server/store',
      'server/auth',
      'server/policy',
      'server/notify',
      'server/keeping',
      'server/servers',
      'server/main',
      'tests',
      'bench',
    ],
  },
  { name: 'libsql', parts: ['server/store', 'tests', 'bench'] },
  { name: 'pg', parts: ['server/store', 'tests', 'bench'] },
];

export function partOf(path: string): string | null {
  return findPart(path)?.at ?? null;
}

function findPart(path: string): Part | undefined {
  const name = path.replace(/\.[^./]+$/, '');
  return parts.filter((part) => within(name, part.at)).sort((a, b) => b.at.length - a.at.length)[0];
}

function within(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** What a file imports against the arrows, in words. */
export function arrowProblems(file: SourceFile): readonly string[] {
  const part = findPart(file.path);
  if (part === undefined) return [`${file.path}: not in a part that tests/support/parts.ts knows`];
  return importsOf(file).flatMap((each) => {
    const problem = problemOf(part, each);
    return problem === null ? [] : [`${file.path}: ${problem}`];
  });
}

function problemOf(part: Part, { kind, target }: Import): string | null {
  switch (kind) {
    case 'file':
      return part.files.some((folder) => within(target, folder)) ? null : `${part.at} must not import ${target}`;
    case 'node':
      return part.node === 'node' ? null : `${part.at} must not import node:${target}`;
    case 'package': {
      if (part.packages !== 'all' && !part.packages.includes(target)) return `${part.at} must not import ${target}`;
      const kept = keptTo.find((each) => each.name === target);
      return kept === undefined || kept.parts.includes(part.at) ? null : `${part.at} must not import ${target}`;
    }
    case 'computed':
      return part.files.includes('') ? null : `imports a computed name: ${target}`;
  }
}
