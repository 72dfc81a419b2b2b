import { chmod, copyFile, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { holdpoint } from '@/lib/domain/actor';
import { type Environment, readEnvironment } from '../config/environment';
import { makeFolder } from '../files/make-folder';
import { plainFileProblem } from '../files/plain-file';
import { endRestored } from '../engine/restored';
import type { Clock } from '../engine/ports/clock';
import { dropRestored } from '../notify/restored';
import { settleFile, sqliteProblem } from '../store/backup/copy-sqlite';
import { type Manifest, readBackup } from '../store/backup/manifest';
import { runPostgresTool } from '../store/backup/postgres-tools';
import { tablesBeside } from '../store/backup/tables-beside';
import { asideOf, markRestoring, unmarkRestoring } from '../store/backup/unfinished';
import { type DatabaseTarget, readDatabaseUrl } from '../store/database-url';
import { acquireExclusive } from '../store/exclusive-lock';
import { openStore } from '../store/open-store';
import type { Command } from './command';
import { exists, isOfSystem, secretFileOf, syncFolder } from './data-files';

const usage = `holdpoint restore <folder> [--replace]
    Puts a backup in the place of the database the environment names. The server must be stopped. Sessions that were
    live when the backup was made are ended: what happened after it is not known, and nothing of it is run again.
    --replace  also where a database is; with SQLite it is kept beside the new one, with PostgreSQL it is lost.
`;

const log = pino({ level: 'silent' });
const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** `npx holdpoint restore …`: reads the same environment as the server. */
export const restoreCommand: Command = {
  usage,
  async run(given, variables) {
    const { positionals, values } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, replace: { type: 'boolean' } },
    });
    const [folder, ...more] = positionals;
    if (values.help === true || folder === undefined || more.length > 0) {
      (values.help === true ? process.stdout : process.stderr).write(usage);
      return values.help === true ? 0 : 2;
    }
    const reading = readEnvironment(variables);
    if (!reading.ok) return fail(reading.problems.join('\n'));
    const how = values.replace === true ? 'replace' : 'keep';
    try {
      return await restore(reading.environment, { folder: path.resolve(folder), how, variables });
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      return fail(`The backup could not be restored: ${error.message}. Name a place this user may write, with room.`);
    }
  },
};

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

interface Order {
  readonly folder: string;
  readonly how: 'replace' | 'keep';
  readonly variables: Readonly<Record<string, string | undefined>>;
}

interface Restoring extends Order {
  readonly environment: Environment;
  readonly manifest: Manifest;
  /** The database's copy in the backup. */
  readonly file: string;
}

async function restore(environment: Environment, order: Order): Promise<number> {
  const backup = await readBackup(order.folder);
  if (!backup.ok) return fail(backup.message);
  const { manifest, file } = backup;
  const odd = manifest.hasSecret ? await plainFileProblem(secretFileOf(order.folder)) : null;
  if (odd !== null) return fail(`${odd} The backup is not whole.`);
  const read = readDatabaseUrl(environment.databaseUrl);
  if (!read.ok) return fail(read.message);
  const { target } = read;
  if (manifest.kind !== target.kind)
    return fail(`This is a backup of ${words[manifest.kind]}, and DATABASE_URL names ${words[target.kind]}.`);
  if (target.kind === 'sqlite') makeFolder(path.dirname(target.file), { mode: 0o700 });
  const { databaseUrl } = environment;
  const exclusive = await acquireExclusive({ databaseUrl, log, clock, onChange: () => {} });
  if (!exclusive.ok) return fail(exclusive.message);
  try {
    const restoring: Restoring = { environment, manifest, file, ...order };
    const done = target.kind === 'sqlite' ? await intoFile(restoring, target) : await intoPostgres(restoring, target);
    if (!done.ok) return fail(done.message);
    process.stdout.write(`${done.words}\n`);
    return 0;
  } finally {
    await exclusive.lock.release();
  }
}

const words = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

type Done = { readonly ok: true; readonly words: string } | { readonly ok: false; readonly message: string };

/** Made ready beside its place and renamed into it: a server never finds one whose sessions have not been ended. */
async function intoFile(restoring: Restoring, target: Extract<DatabaseTarget, { kind: 'sqlite' }>): Promise<Done> {
  const { environment, manifest, file, how, folder } = restoring;
  const place = path.resolve(target.file);
  const isThere = await exists(place);
  const odd = isThere ? await plainFileProblem(place) : null;
  if (odd !== null) return { ok: false, message: `${odd} DATABASE_URL must name a file.` };
  if (isThere && how === 'keep')
    return { ok: false, message: `${place} is there already. With --replace it is moved aside and kept.` };
  const problem = sqliteProblem(file);
  if (problem !== null) return { ok: false, message: `${file} is no whole database: ${problem}` };
  const aside = asideOf(place);
  await removeDatabase(aside);
  await copyFile(file, aside);
  await chmod(aside, 0o600);
  const secret = await secretFor(restoring);
  const ended = await endSessions({ databaseUrl: `sqlite:${aside}`, secret }, manifest);
  if (!ended.ok) {
    await removeDatabase(aside);
    return ended;
  }
  settleFile(aside);
  const before = `${place}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  if (isThere) for (const end of ['', '-wal', '-shm']) await renameIfThere(`${place}${end}`, `${before}${end}`);
  if (manifest.hasSecret && environment.secret === null) await putSecret(folder, environment.dataFolder, before);
  await rename(aside, place);
  await syncFolder(path.dirname(place));
  return { ok: true, words: `${told(manifest, ended.sessions)}${isThere ? ` What was there is in ${before}.` : ''}` };
}

async function intoPostgres(
  restoring: Restoring,
  target: Extract<DatabaseTarget, { kind: 'postgres' }>,
): Promise<Done> {
  const { environment, manifest, file, how, folder } = restoring;
  const database = decodeURIComponent(new URL(target.url).pathname.slice(1));
  const args = ['--no-owner', '--single-transaction', '--exit-on-error', `--dbname=${database}`];
  const clean = how === 'replace' ? ['--clean', '--if-exists'] : [];
  const beside = await tablesBeside(target.url, { file, variables: restoring.variables });
  if (!beside.ok) return beside;
  if (beside.tables.length > 0) return { ok: false, message: besideWords(beside.tables) };
  const mark = await markRestoring(target.url);
  const put = await runPostgresTool({
    tool: 'pg_restore',
    args: [...args, ...clean, file],
    databaseUrl: target.url,
    variables: restoring.variables,
  });
  if (!put.ok) {
    if (mark === 'new') await unmarkRestoring(target.url);
    const advice = how === 'keep' ? ' A database that is not empty takes --replace, and what it holds is lost.' : '';
    return { ok: false, message: `${put.message} Nothing was changed.${advice}` };
  }
  const secret = await secretFor(restoring);
  const ended = await endSessions({ databaseUrl: environment.databaseUrl, secret }, manifest);
  if (!ended.ok) return { ok: false, message: `${ended.message} Run the same again before the server is started.` };
  if (manifest.hasSecret && environment.secret === null) {
    makeFolder(environment.dataFolder, { mode: 0o700 });
    const before = path.join(environment.dataFolder, `before-${Date.now()}`);
    await putSecret(folder, environment.dataFolder, before);
  }
  await unmarkRestoring(target.url);
  return { ok: true, words: told(manifest, ended.sessions) };
}

const namedMost = 8;

/** Theirs would be lost or ours mixed with what a newer version wrote: neither is for a restore to decide. */
function besideWords(tables: readonly string[]): string {
  const more = tables.length > namedMost ? ` and ${tables.length - namedMost} more` : '';
  const named = `${tables.slice(0, namedMost).join(', ')}${more}`;
  return `The database holds tables that are not in the backup: ${named}. Nothing was changed. Restore into a new, empty database, or drop these first if nobody needs them.`;
}

type Ended = { readonly ok: true; readonly sessions: number } | { readonly ok: false; readonly message: string };

/** Brings the schema up to date, ends what was live, and says in the audit log that it was restored. */
async function endSessions(
  order: { readonly databaseUrl: string; readonly secret: string | null },
  { madeAt, version, sha256 }: Manifest,
): Promise<Ended> {
  const { databaseUrl, secret } = order;
  const opened = await openStore({ databaseUrl, log, during: 'restore', ...(secret === null ? {} : { secret }) });
  if (!opened.ok) return opened;
  const { store, audit, db, kind } = opened;
  try {
    const sessions = await endRestored({ store, clock, log }, madeAt);
    const notices = await dropRestored(db, { kind, backupAt: madeAt, now: clock.now() });
    await audit.record({
      act: 'database.restored',
      at: clock.now(),
      actor: holdpoint,
      from: { address: null, by: 'command', client: null },
      about: { kind: 'everything', id: 'database', name: null },
      why: null,
      facts: { madeAt, version, sha256, sessions, notices },
    });
    return { ok: true, sessions };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    await store.close();
  }
}

/** The secret its seals were made with. */
async function secretFor({ environment, manifest, folder }: Restoring): Promise<string | null> {
  if (environment.secret !== null || !manifest.hasSecret) return environment.secret;
  return (await readFile(secretFileOf(folder), 'utf8')).trim();
}

async function putSecret(folder: string, dataFolder: string, before: string): Promise<void> {
  const place = secretFileOf(dataFolder);
  await renameIfThere(place, `${before}.secret`);
  await copyFile(secretFileOf(folder), place);
  await chmod(place, 0o600);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  if (await exists(from)) await rename(from, to);
}

async function removeDatabase(file: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
}

function told({ madeAt }: Manifest, sessions: number): string {
  const ended =
    sessions === 0
      ? 'No session was live in it.'
      : `${sessions} ${sessions === 1 ? 'session that was' : 'sessions that were'} live in it ${sessions === 1 ? 'is' : 'are'} ended.`;
  return `Restored as it was at ${new Date(madeAt).toISOString()}. ${ended}`;
}
