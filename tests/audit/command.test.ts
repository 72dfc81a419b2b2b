import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandFor } from '@/tests/servers/bundle-main';
import { draftOf } from '@/tests/store/contract/audit';
import { type Opened, opened } from '@/tests/store/opened';
import { startPostgres } from '@/tests/support/postgres';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const entries = 1_203;
const secret = 's'.repeat(43);
let folder = '';
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-audit-'));
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command in a process of its own, as people do. */
async function holdpoint(url: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { command, args: before } = await commandFor('server/command.ts');
  return run(command, [...before, ...args], { DATABASE_URL: url, HOLDPOINT_SECRET: secret, ...env });
}

function run(command: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', ...env } as const,
      maxBuffer: 50_000_000,
      cwd: folder,
    };
    execFile(command, [...args], options, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

async function seeded(url: string): Promise<Opened> {
  const place = await opened(url);
  closers.push(() => place.store.close());
  const day = 86_400_000;
  const start = Date.parse('2026-03-01T00:00:00Z');
  const drafts = Array.from({ length: entries }, (_item, n) =>
    place.audit.record(draftOf(`about-${n + 1}`, { why: `é 漢字 ${n + 1}`, at: start + Math.floor(n / 100) * day })),
  );
  await Promise.all(drafts);
  return place;
}

const databases: readonly (readonly [string, () => Promise<string>])[] = [
  ['SQLite', () => Promise.resolve(`sqlite:${path.join(folder, 'holdpoint.db')}`)],
  [
    'PostgreSQL',
    async () => {
      const postgres = await startPostgres();
      closers.push(() => postgres.stop());
      return postgres.url(await postgres.createDatabase());
    },
  ],
];

describe.each(databases)('npx holdpoint audit, on %s, beside a server (I15)', (_name, urlOf) => {
  let url = '';
  let place: Opened | null = null;
  beforeAll(async () => {
    url = await urlOf();
    place = await seeded(url);
  });

  it('verifies, exports, and the export verifies, also a part of it, and outside', async () => {
    const verified = await holdpoint(url, ['audit', 'verify']);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain(`Whole: ${entries} entries, 1 to ${entries}.`);
    expect(verified.out).toContain('Its end is sealed');
    const head = /^Head (\S+)$/m.exec(verified.out)?.[1] ?? '';
    expect((await holdpoint(url, ['audit', 'verify', '--head', head])).code).toBe(0);

    const exported = await holdpoint(url, ['audit', 'export']);
    expect(exported).toMatchObject({ code: 0, err: `${entries} entries, 1 to ${entries}.\n` });
    const file = path.join(folder, 'audit.jsonl');
    await writeFile(file, exported.out);
    expect(await holdpoint('', ['audit', 'verify', file])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Head ${head}`),
    });
    expect(await outside(file)).toMatchObject({ code: 0, out: `whole, head ${head}\n` });

    const part = await holdpoint(url, ['audit', 'export', '--from', '2026-03-03', '--to', '2026-03-04']);
    expect(part.err).toBe('200 entries, 201 to 400.\n');
    await writeFile(file, part.out);
    expect((await holdpoint('', ['audit', 'verify', file])).code).toBe(0);
    expect((await outside(file)).code).toBe(0);
    const lines = part.out.split('\n');
    lines.splice(50, 1);
    await writeFile(file, lines.join('\n'));
    expect(await holdpoint('', ['audit', 'verify', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Broken at line 51 (entry 251): it is missing; entry 252 comes instead.'),
    });
    expect(await outside(file)).toMatchObject({ code: 1, err: 'line 51, entry 252: does not follow\n' });
    await writeFile(file, part.out.replace('漢字 300', '漢字 301'));
    expect(await holdpoint('', ['audit', 'verify', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Broken at line 100 (entry 300): its text does not have its hash'),
    });
    expect(await outside(file)).toMatchObject({ code: 1, err: 'line 100, entry 300: was changed\n' });
  });

  it('knows without the secret that the seal was not looked at, and with another that it does not fit', async () => {
    const without = await holdpoint(url, ['audit', 'verify'], { HOLDPOINT_SECRET: '' });
    expect(without).toMatchObject({ code: 0, out: expect.stringContaining('Its seal was not checked') });
    const other = await holdpoint(url, ['audit', 'verify'], { HOLDPOINT_SECRET: 'o'.repeat(43) });
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('seal of the end does not fit') });
  });

  it('names the entry that was changed in the database, and what was noted and is gone', async () => {
    if (place === null) throw new Error('not open');
    await sql`update hp_audit set body = replace(body, '漢字 700"', '漢字 701"') where seq = 700`.execute(place.db);
    expect(await holdpoint(url, ['audit', 'verify'])).toMatchObject({
      code: 1,
      out: '',
      err: 'Broken at entry 700: its text does not have its hash: one of both was changed.\n699 entries before it verified.\n',
    });
    await sql`update hp_audit set body = replace(body, '漢字 701"', '漢字 700"') where seq = 700`.execute(place.db);
    const noted = await holdpoint(url, ['audit', 'verify', '--head', `9999:${'a'.repeat(64)}`]);
    expect(noted).toMatchObject({ code: 1, err: 'Broken: entry 9999 was noted, and is not there.\n' });
    const rewritten = await holdpoint(url, ['audit', 'verify', '--head', `500:${'a'.repeat(64)}`]);
    expect(rewritten).toMatchObject({
      code: 1,
      err: expect.stringContaining('entry 500 is not the one that was noted'),
    });
  });
});

it('reads the log of a server that is not running (I15)', async () => {
  const url = `sqlite:${path.join(folder, 'stopped', 'holdpoint.db')}`;
  const place = await opened(url);
  await place.audit.record(draftOf('one'));
  await place.store.close();
  expect((await holdpoint(url, ['audit', 'verify'])).out).toContain('Whole: 1 entry');
});

it.each([
  [['audit'], /Say what to do/],
  [['audit', 'check'], /not understood/],
  [['audit', 'verify', '--from', '2026-01-01'], /not understood/],
  [['audit', 'export', '--from', 'yesterday'], /"yesterday" is no date/],
  [['audit', 'export', '--from', '2026-02-31'], /"2026-02-31" is no date/],
  [['audit', 'export', '--to', '2026-03-31T25:00Z'], /is no date/],
  [
    ['audit', 'export', '--from', '2026-04-01', '--to', '2026-03-01'],
    /--from 2026-04-01 is not before --to 2026-03-01/,
  ],
  [['audit', 'export', '--since', '2026-01-01'], /^Unknown option '--since'\.\n\nholdpoint audit verify/],
  [['backup', '--replace', 'x'], /^Unknown option '--replace'\.\n\nholdpoint backup <folder>/],
  [['restore', '--force', 'x'], /^Unknown option '--force'\.\n\nholdpoint restore <folder>/],
  [['backup', `${import.meta.filename}/x`], /The backup could not be made: ENOTDIR.*Name a folder/],
  [['audit', 'verify', '--head', '12'], /--head: expected/],
  [['audit', 'verify', 'nowhere.jsonl'], /nowhere.jsonl cannot be read/],
  [['audit', 'verify'], /no database/],
  [['dance'], /no command "dance"/],
])('says in words what is wrong with %j, and ends with 2', async (args, words) => {
  const ended = await holdpoint(`sqlite:${path.join(folder, 'absent', 'holdpoint.db')}`, args);
  expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringMatching(words) });
});

it('takes a time without a zone as UTC, wherever it runs', async () => {
  const url = `sqlite:${path.join(folder, 'zones', 'holdpoint.db')}`;
  const place = await opened(url);
  await place.audit.record({ ...draftOf('one'), at: Date.parse('2026-03-31T12:30:00Z') });
  await place.store.close();
  const between = ['audit', 'export', '--from', '2026-03-31T12:00', '--to', '2026-03-31T13:00'];
  expect((await holdpoint(url, between, { TZ: 'Asia/Tokyo' })).err).toBe('1 entry, 1 to 1.\n');
});

/** The program that docs/audit.md gives to who verifies without us. */
async function outside(file: string): Promise<Ended> {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/audit.md'), 'utf8');
  const program = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const at = path.join(folder, 'verify.mjs');
  await writeFile(at, program);
  return run(process.execPath, [at, file], {});
}
