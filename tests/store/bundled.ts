import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Bundled {
  /** A program node runs as it is. */
  readonly file: string;
  remove(): Promise<void>;
}

/** A program of this folder for a process of its own. Lies inside node_modules, so that it finds libsql and pg. */
export async function bundled(program: string): Promise<Bundled> {
  const folder = await mkdtemp(path.join(root, 'node_modules', '.holdpoint-store-'));
  const file = path.join(folder, 'program.mjs');
  await build({
    entryPoints: [path.join(root, 'tests/store', program)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': root.replace(/\/$/, '') },
    logLevel: 'silent',
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
