import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import packageFile from '@/package.json';
import { type Environment, readEnvironment } from '../config/environment';
import { makeFolder } from '../files/make-folder';
import { plainFileProblem } from '../files/plain-file';
import { copySqlite } from '../store/backup/copy-sqlite';
import { databaseFiles, digestOf, type Manifest, manifestName } from '../store/backup/manifest';
import { runPostgresTool } from '../store/backup/postgres-tools';
import { readDatabaseUrl } from '../store/database-url';
import type { Command } from './command';
import { exists, isOfSystem, secretFileOf, syncFolder } from './data-files';

const usage = `holdpoint backup <folder>
    Makes a folder with a copy of the database as it is at one moment, also while the server runs, and with the secret
    that was made for it. The folder must not exist yet; it is there only when it is whole. mcp.json is not in it.
`;

/** `npx holdpoint backup …`: reads the same environment as the server. */
export const backupCommand: Command = {
  usage,
  async run(given, variables) {
    const { positionals, values } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    });
    const [folder, ...more] = positionals;
    if (values.help === true || folder === undefined || more.length > 0) {
      (values.help === true ? process.stdout : process.stderr).write(usage);
      return values.help === true ? 0 : 2;
    }
    const reading = readEnvironment(variables);
    if (!reading.ok) return fail(reading.problems.join('\n'));
    const target = path.resolve(folder);
    try {
      if (await exists(target)) return fail(`${target} is there already. Name a folder that is not.`);
      return await backUp({ environment: reading.environment, variables }, target);
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      return fail(
        `The backup could not be made: ${error.message}. Name a folder this user may make, on a disk with room.`,
      );
    }
  },
};

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

interface Source {
  readonly environment: Environment;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Written aside and then renamed: a backup that was interrupted cannot be taken for one. */
async function backUp(from: Source, target: string): Promise<number> {
  const aside = `${target}.part-${process.pid}`;
  makeFolder(path.dirname(target));
  await mkdir(aside, { mode: 0o700 });
  try {
    const problem = await fill(from, aside);
    if (problem !== null) return fail(problem);
    await syncFolder(aside);
    await rename(aside, target);
    await syncFolder(path.dirname(target));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  process.stdout.write(`The backup is in ${target}. It opens what the database opens: keep it as safe.\n`);
  return 0;
}

/** What went wrong; null when the folder holds a backup. */
async function fill({ environment, variables }: Source, folder: string): Promise<string | null> {
  const { databaseUrl, dataFolder, secret } = environment;
  const read = readDatabaseUrl(databaseUrl);
  if (!read.ok) return read.message;
  const { target } = read;
  const madeAt = Date.now();
  const name = databaseFiles[target.kind];
  const file = path.join(folder, name);
  if (target.kind === 'sqlite') {
    if (!(await exists(target.file))) return `There is no database ${target.file}. Set DATABASE_URL to the server's.`;
    const odd = await plainFileProblem(target.file);
    if (odd !== null) return `${odd} Set DATABASE_URL to the server's database.`;
    copySqlite(target.file, file);
  } else {
    const dumped = await runPostgresTool({
      tool: 'pg_dump',
      args: ['--format=custom', '--no-owner', `--file=${file}`],
      databaseUrl: target.url,
      variables,
    });
    if (!dumped.ok) return dumped.message;
  }
  const made = secretFileOf(dataFolder);
  const hasSecret = secret === null && (await exists(made));
  const oddSecret = hasSecret ? await plainFileProblem(made) : null;
  if (oddSecret !== null) return `${oddSecret} It should hold the secret of the database.`;
  if (hasSecret) await copyFile(made, path.join(folder, path.basename(made)));
  const { version } = packageFile;
  const { bytes, sha256 } = await digestOf(file);
  const manifest: Manifest = { format: 1, kind: target.kind, madeAt, version, file: name, bytes, sha256, hasSecret };
  await writeFile(path.join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  for (const each of [name, manifestName]) await synced(path.join(folder, each));
  return null;
}

async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
