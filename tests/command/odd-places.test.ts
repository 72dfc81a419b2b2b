import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '@/server/files/make-folder';
import { openStore } from '@/server/store/open-store';
import { type Ended, runCommand } from '@/tests/command/run-command';
import { recordingLog } from '@/tests/store/silent-log';

const secret = 's'.repeat(43);
let folder: string;
let database: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-places-'));
  database = path.join(folder, 'data', 'holdpoint.db');
  const opening = await openStore({ databaseUrl: `sqlite:${database}`, secret, log: recordingLog().log });
  if (!opening.ok) throw new Error(opening.message);
  await opening.store.close();
  execFileSync('mkfifo', [at('pipe')]);
  await writeFile(at('empty'), '');
  await mkdir(at('empty folder'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function at(...names: readonly string[]): string {
  return path.join(folder, ...names);
}

function run(args: readonly string[], url = `sqlite:${database}`): Promise<Ended> {
  return runCommand(args, { DATABASE_URL: url, HOLDPOINT_SECRET: secret });
}

/** A folder that says it is a backup. */
async function claiming(name: string, change: Record<string, unknown>): Promise<string> {
  const made = at(name);
  await mkdir(made);
  const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  const manifest = { format: 1, kind: 'sqlite', madeAt: 1, version: '0', file: 'holdpoint.db', bytes: 1, sha256 };
  await writeFile(path.join(made, 'backup.json'), JSON.stringify({ ...manifest, hasSecret: false, ...change }));
  return made;
}

// Where the file system says of a folder that its parent is not there, which is there.
describe.skipIf(process.platform !== 'linux')('a place where nothing can be made', () => {
  it('is told at once, and a loop is not begun', () => {
    expect(() => makeFolder('/proc/no/such/place')).toThrow(/ENOENT/);
    expect(() => makeFolder(at('empty', 'below'))).toThrow(/is there and is no folder/);
    makeFolder(at('made', 'of', 'several'));
    makeFolder(at('made', 'of', 'several'));
  });

  it('ends a backup and a restore with 2 and a sentence', async () => {
    const backup = at('good');
    expect(await run(['backup', backup])).toMatchObject({ code: 0 });
    const nowhere = 'sqlite:/proc/no/such/holdpoint.db';
    expect(await run(['backup', '/proc/no/such'])).toEqual(
      refused(/^The backup could not be made: ENOENT.*Name a folder/),
    );
    expect(await run(['backup', '/dev/null/x'])).toEqual(refused(/^The backup could not be made:.*Name a folder/));
    expect(await run(['restore', backup], nowhere)).toEqual(
      refused(/^The backup could not be restored: ENOENT.*Name a place/),
    );
    expect(await run(['audit', 'verify'], nowhere)).toEqual(refused(/There is no database/));
  });
});

function refused(words: RegExp): Ended {
  return { code: 2, out: '', err: expect.stringMatching(words) as string };
}

describe('what is no plain file', () => {
  it('is not verified, restored or backed up, and nothing waits for who would write into a pipe', async () => {
    expect(await run(['audit', 'verify', at('pipe')])).toEqual(
      refused(/pipe is no plain file\. Name a file .* or - to pipe/),
    );
    expect(await run(['audit', 'verify', folder])).toEqual(refused(/is a folder\. Name a file/));
    for (const name of ['pipe', 'empty', 'none'])
      expect(await run(['restore', at(name)])).toEqual(refused(/is no backup: .*it is not there.*Name the folder/));
    expect(await run(['restore', at('empty folder')])).toEqual(refused(/is no backup: .*backup\.json.*not there/));
    for (const command of [
      ['backup', at('of-a-pipe')],
      ['audit', 'verify'],
    ])
      expect(await run(command, `sqlite:${at('pipe')}`)).toEqual(refused(/is no plain file.*DATABASE_URL/));
    expect(await run(['backup', at('of-a-folder')], `sqlite:${at('empty folder')}`)).toEqual(refused(/is a folder/));
    expect((await readdir(folder)).filter((name) => name.startsWith('of-a'))).toEqual([]);
  });

  it('is not taken for a part of a backup', async () => {
    const piped = await claiming('piped', {});
    execFileSync('mkfifo', [path.join(piped, 'holdpoint.db')]);
    expect(await run(['restore', piped, '--replace'])).toEqual(refused(/holdpoint\.db is no plain file/));
    const lost = await claiming('lost', { hasSecret: true });
    await writeFile(path.join(lost, 'holdpoint.db'), 'x');
    execFileSync('mkfifo', [path.join(lost, 'secret')]);
    expect(await run(['restore', lost, '--replace'])).toEqual(refused(/secret is no plain file.*not whole/));
    const described = at('described');
    await mkdir(described);
    execFileSync('mkfifo', [path.join(described, 'backup.json')]);
    expect(await run(['restore', described])).toEqual(refused(/is no backup: .*backup\.json is no plain file/));
  });
});

it('what is empty holds nothing, and is not put in a database’s place', async () => {
  expect(await run(['audit', 'verify', at('empty')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no entry/),
  });
  await writeFile(at('empty folder', 'backup.json'), '');
  expect(await run(['restore', at('empty folder')])).toEqual(refused(/backup\.json is damaged/));
  const hollow = await claiming('hollow', { bytes: 0 });
  await writeFile(path.join(hollow, 'holdpoint.db'), '');
  const ended = await run(['restore', hollow], `sqlite:${at('other', 'holdpoint.db')}`);
  expect(ended).toEqual(refused(/backup\.json is damaged/));
});
