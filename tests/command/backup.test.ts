import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '@/server/store/open-store';
import { runCommand } from '@/tests/command/run-command';
import { recordingLog } from '@/tests/store/silent-log';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';

const secret = 's'.repeat(43);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Place {
  readonly database: string;
  readonly env: Readonly<Record<string, string>>;
}

async function place(name: string): Promise<Place> {
  const data = path.join(folder, name);
  await mkdir(data);
  const database = path.join(data, 'holdpoint.db');
  return { database, env: { DATABASE_URL: `sqlite:${database}` } };
}

async function withDatabase(name: string): Promise<Place> {
  const made = await place(name);
  const opening = await openStore({ databaseUrl: `sqlite:${made.database}`, secret, log: recordingLog().log });
  if (!opening.ok) throw new Error(opening.message);
  await opening.store.close();
  await writeFile(path.join(path.dirname(made.database), 'secret'), `${secret}\n`, { mode: 0o600 });
  return made;
}

describe('a backup', () => {
  it('is whole or not there, for its owner alone, and says what it is', async () => {
    const { env } = await withDatabase('whole');
    const target = path.join(folder, 'backups', 'monday');
    expect(await runCommand(['backup', target], env)).toMatchObject({ code: 0 });
    expect((await readdir(target)).sort()).toEqual(['backup.json', 'holdpoint.db', 'secret']);
    for (const name of ['', 'backup.json', 'holdpoint.db', 'secret'])
      expect((await stat(path.join(target, name))).mode & 0o077).toBe(0);
    expect(JSON.parse(await readFile(path.join(target, 'backup.json'), 'utf8'))).toMatchObject({
      format: 1,
      kind: 'sqlite',
      hasSecret: true,
    });
    expect(await readdir(path.dirname(target))).toEqual(['monday']);
    const again = await runCommand(['backup', target], env);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
  });

  it('of nothing says that there is nothing, and leaves nothing', async () => {
    const { env } = await place('nothing');
    const target = path.join(folder, 'of-nothing');
    expect(await runCommand(['backup', target], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no database'),
    });
    expect((await readdir(folder)).filter((name) => name.startsWith('of-nothing'))).toEqual([]);
  });

  it('does not hold a secret that comes from the environment', async () => {
    const { env } = await withDatabase('from-environment');
    const target = path.join(folder, 'without-secret');
    await runCommand(['backup', target], { ...env, HOLDPOINT_SECRET: secret });
    expect((await readdir(target)).sort()).toEqual(['backup.json', 'holdpoint.db']);
  });
});

describe('restoring', () => {
  async function backedUp(name: string): Promise<string> {
    const target = path.join(folder, `${name}-backup`);
    const { env } = await withDatabase(name);
    expect(await runCommand(['backup', target], env)).toMatchObject({ code: 0 });
    return target;
  }

  it('makes the database and the secret where there were none', async () => {
    const backup = await backedUp('moved');
    const { database, env } = await place('elsewhere');
    const ended = await runCommand(['restore', backup], env);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('No session was live in it.') });
    expect(await readFile(path.join(path.dirname(database), 'secret'), 'utf8')).toBe(`${secret}\n`);
    expect((await stat(database)).mode & 0o077).toBe(0);
    expect(await readdir(path.dirname(database))).not.toContain('holdpoint.db.restoring');
    const opening = await openStore({ databaseUrl: env['DATABASE_URL'] ?? '', secret, log: recordingLog().log });
    expect(opening.ok).toBe(true);
    if (opening.ok) await opening.store.close();
  });

  it('replaces a database only when told to, and keeps it', async () => {
    const backup = await backedUp('replacing');
    const { database, env } = await withDatabase('replaced');
    const before = await readFile(database);
    expect(await runCommand(['restore', backup], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--replace'),
    });
    expect(await readFile(database)).toEqual(before);
    expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({ code: 0 });
    const kept = (await readdir(path.dirname(database))).filter((name) => name.startsWith('holdpoint.db.before-'));
    expect(kept.length).toBeGreaterThan(0);
  });

  it.each([
    ['a flipped byte', async (file: string) => flip(file)],
    ['a cut end', async (file: string) => writeFile(file, (await readFile(file)).subarray(0, -100))],
    ['a missing file', async (file: string) => rm(file)],
  ])('I15 refuses %s, and changes nothing', async (what, damage) => {
    const backup = await backedUp(`damaged by ${what}`);
    await damage(path.join(backup, 'holdpoint.db'));
    const { database, env } = await place(`spared from ${what}`);
    const ended = await runCommand(['restore', backup], env);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/not as it was written|missing/);
    expect(await readdir(path.dirname(database))).toEqual([]);
  });

  it('I5 that broke off before its last step leaves no server beginning with nothing, and is run again', async () => {
    const backup = await backedUp('broken off');
    const { database, env } = await withDatabase('breaking off');
    expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({ code: 0 });
    // As it stands between the two renames.
    await rename(database, `${database}.restoring`);
    const order = { databaseUrl: env['DATABASE_URL'] ?? '', secret, log: recordingLog().log };
    expect(await openStore(order)).toMatchObject({ ok: false, message: expect.stringContaining('broke off') });
    expect(await readdir(path.dirname(database))).not.toContain('holdpoint.db');
    expect(await runCommand(['restore', backup], env)).toMatchObject({ code: 0 });
    const opening = await openStore(order);
    expect(opening.ok).toBe(true);
    if (opening.ok) await opening.store.close();
  });

  it('refuses what is no backup, and one of the other database', async () => {
    const { env } = await place('asked wrongly');
    expect(await runCommand(['restore', folder], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no backup'),
    });
    const backup = await backedUp('of-sqlite');
    const other = await runCommand(['restore', backup], { DATABASE_URL: 'postgres://a:hunter2@127.0.0.1:9/b' });
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('a backup of SQLite') });
    expect(other.err).not.toContain('hunter2');
  });

  it('says how it is used', async () => {
    for (const name of ['backup', 'restore']) {
      expect(await runCommand([name, '--help'], {})).toMatchObject({
        code: 0,
        out: expect.stringContaining('<folder>'),
      });
      expect(await runCommand([name], {})).toMatchObject({ code: 2, err: expect.stringContaining('<folder>') });
    }
  });
});

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

/** `pg_dump` and `pg_restore` are the operator's: here they are programs that write down how they were called. */
describe('with PostgreSQL', () => {
  let postgres: TestPostgres;
  let programs: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    programs = path.join(folder, 'programs');
    await mkdir(programs);
    const script = `#!/bin/sh
case "$*" in --list*) printf '%b' "$TOOL_LIST"; exit 0;; esac
printf '%s\\n' "$0 $*" "$PGPASSWORD" >> "$TOOL_RECORD"
for each in "$@"; do case "$each" in --file=*) echo dump > "\${each#--file=}";; esac; done
`;
    await writeFile(path.join(programs, 'pg_dump'), script);
    await copyFile(path.join(programs, 'pg_dump'), path.join(programs, 'pg_restore'));
    for (const name of ['pg_dump', 'pg_restore']) await chmod(path.join(programs, name), 0o755);
  });
  afterAll(() => postgres?.stop());

  it('its own programs copy it; the password is in no argument', async () => {
    const record = path.join(folder, 'tools.txt');
    const url = postgres.url(await postgres.createDatabase());
    const { password } = new URL(url);
    const env = {
      DATABASE_URL: url,
      HOLDPOINT_SECRET: secret,
      TOOL_RECORD: record,
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    };
    const backup = path.join(folder, 'of-postgres');
    expect(await runCommand(['backup', backup], env)).toMatchObject({ code: 0, err: '' });
    expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({ code: 0, err: '' });
    const [dump, given, restored, again] = (await readFile(record, 'utf8')).split('\n');
    expect(dump).toMatch(/pg_dump --format=custom --no-owner --file=\S+holdpoint\.dump$/);
    expect(restored).toMatch(/pg_restore .*--single-transaction .*--clean --if-exists \S+holdpoint\.dump$/);
    expect([given, again]).toEqual([password, password]);
    expect(`${dump}${restored}`).not.toContain(password);
  });

  it('I3 I4 a restore that dies before the sessions are ended leaves what no server opens, and is run again', async () => {
    const databaseUrl = postgres.url(await postgres.createDatabase());
    const order = { databaseUrl, secret, log: recordingLog().log };
    const env = {
      DATABASE_URL: databaseUrl,
      HOLDPOINT_SECRET: secret,
      TOOL_RECORD: path.join(folder, 'tools-of-the-dead.txt'),
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    };
    const backup = path.join(folder, 'of-the-dead');
    expect(await runCommand(['backup', backup], env)).toMatchObject({ code: 0 });
    const deadly = path.join(folder, 'deadly');
    await mkdir(deadly);
    const dies = '#!/bin/sh\ncase "$*" in --list*) exit 0;; esac\nkill -9 $PPID\n';
    await writeFile(path.join(deadly, 'pg_restore'), dies);
    await chmod(path.join(deadly, 'pg_restore'), 0o755);
    const died = await runCommand(['restore', backup, '--replace'], { ...env, PATH: `${deadly}:${env.PATH}` });
    expect(died.code).not.toBe(0);
    expect(await openStore(order)).toMatchObject({ ok: false, message: expect.stringContaining('broke off') });
    // One that changes nothing does not make it whole.
    const failing = path.join(folder, 'failing-restore');
    await mkdir(failing);
    await writeFile(path.join(failing, 'pg_restore'), '#!/bin/sh\nexit 1\n');
    await chmod(path.join(failing, 'pg_restore'), 0o755);
    await runCommand(['restore', backup, '--replace'], { ...env, PATH: `${failing}:${env.PATH}` });
    expect((await openStore(order)).ok).toBe(false);
    expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({ code: 0, err: '' });
    const opening = await openStore(order);
    expect(opening.ok).toBe(true);
    if (opening.ok) await opening.store.close();
  });

  it('refuses a database with tables that are not in the backup, and says which; its own are replaced', async () => {
    const url = postgres.url(await postgres.createDatabase());
    const record = path.join(folder, 'tools-beside.txt');
    const env = {
      DATABASE_URL: url,
      HOLDPOINT_SECRET: secret,
      TOOL_RECORD: record,
      TOOL_LIST: ';\\n; Archive created\\n;\\n215; 1259 16390 TABLE public invoice of holdpoint\\n',
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    };
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('create table "invoice of" (); create table "ledger of others" (); create schema books');
    await client.query('create table books.page ()');
    const backup = path.join(folder, 'beside-others');
    expect(await runCommand(['backup', backup], env)).toMatchObject({ code: 0 });
    await rm(record);
    const refused = await runCommand(['restore', backup, '--replace'], env);
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringContaining('not in the backup: books.page, public.ledger of others. Nothing was changed.'),
    });
    await expect(readFile(record)).rejects.toThrow('ENOENT');
    // Nothing marks it as half restored.
    expect((await client.query(`select to_regclass('hp_restoring') as mark`)).rows).toEqual([{ mark: null }]);
    await client.query('drop table "ledger of others"; drop schema books cascade');
    expect(await runCommand(['restore', backup, '--replace'], env)).toMatchObject({ code: 0, err: '' });
    await client.end();
  });

  it('a program that is missing or fails leaves no backup, and its words are told', async () => {
    const url = postgres.url(await postgres.createDatabase());
    const target = path.join(folder, 'never');
    const empty = path.join(folder, 'no-programs');
    await mkdir(empty);
    const missing = await runCommand(['backup', target], { DATABASE_URL: url, PATH: empty });
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('pg_dump was not found') });
    const failing = path.join(folder, 'failing');
    await mkdir(failing);
    await writeFile(path.join(failing, 'pg_dump'), '#!/bin/sh\necho "server version mismatch" >&2\nexit 1\n');
    await chmod(path.join(failing, 'pg_dump'), 0o755);
    const failed = await runCommand(['backup', target], { DATABASE_URL: url, PATH: `${failing}:/bin:/usr/bin` });
    expect(failed).toMatchObject({ code: 2, err: expect.stringContaining('server version mismatch') });
    expect(failed.err).toContain("Install PostgreSQL's client programs of the server's version or newer");
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
