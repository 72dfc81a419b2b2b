import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Command } from '@/tests/servers/child';

const built = new Map<string, Promise<string>>();

/**
 * Bundles a TypeScript main (a path from the repository's root) so that plain `node` can run it, and gives the
 * command. It lies under node_modules, so that the packages it leaves out are found.
 */
export async function commandFor(main: string, env: Readonly<Record<string, string>> = {}): Promise<Command> {
  const file = built.get(main) ?? bundle(main);
  built.set(main, file);
  return { command: process.execPath, args: ['--enable-source-maps', await file], env };
}

async function bundle(main: string): Promise<string> {
  const root = process.cwd();
  const folder = join(root, 'node_modules', '.cache', 'holdpoint-tests');
  await mkdir(folder, { recursive: true });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [main],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const output = outputFiles[0];
  if (output === undefined) throw new Error(`esbuild made nothing of ${main}`);
  const file = join(folder, `${main.replaceAll(/\W+/g, '-')}.${output.hash.replaceAll(/\W/g, '')}.mjs`);
  // Test files run side by side: the name appears only with the whole content behind it.
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, output.contents);
  await rename(temporary, file);
  return file;
}

export const kitchenSinkOnStdio = (env: Readonly<Record<string, string>> = {}): Promise<Command> =>
  commandFor('tests/servers/kitchen-sink-stdio.ts', env);

export const sandboxAccountsOnStdio = (accountsFile: string): Promise<Command> =>
  commandFor('examples/sandbox-accounts/main.ts', { ACCOUNTS_FILE: accountsFile });
