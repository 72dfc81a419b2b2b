import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A source file: its path from the repository's folder, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['app', 'bench', 'components', 'examples', 'lib', 'scripts', 'server', 'tests'];
const sources = /\.(?:ts|tsx|mts|mjs|cts|cjs|js|jsx|css)$/;

/** Every source file of the repository, the configuration files at its root included. */
export function readSourceTree(): readonly SourceFile[] {
  const present = readdirSync(root, { withFileTypes: true });
  const atRoot = present.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const inFolders = present
    .filter((entry) => entry.isDirectory() && folders.includes(entry.name))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder.name), { recursive: true, encoding: 'utf8' }).map((name) =>
        path.posix.join(folder.name, name.split(path.sep).join('/')),
      ),
    );
  return [...atRoot, ...inFolders]
    .filter((file) => sources.test(file) && file !== 'next-env.d.ts')
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') }));
}
