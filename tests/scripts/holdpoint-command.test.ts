import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';

/** A copy of what is run, where what it would build with only says so. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-installed-'));
  await cp('scripts', path.join(folder, 'scripts'), { recursive: true });
  await cp('package.json', path.join(folder, 'package.json'));
  await put('scripts/support/build-bundles.mjs', 'console.log("built");');
  await put('server/command.ts', '');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
}

function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(folder, 'scripts', 'holdpoint.mjs'), ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
  });
}

const bundle = 'console.log("run", process.argv.slice(2).join(" "));';

describe('npx holdpoint', () => {
  it('runs what is built where development packages were pruned, and installs and builds nothing beside a running server', async () => {
    await put('dist/server/command.js', bundle);
    await mkdir(path.join(folder, 'node_modules', 'esbuild'), { recursive: true });
    expect(await run('backup', '/backups/today')).toEqual({ code: 0, out: 'run backup /backups/today\n', err: '' });
  });

  it('builds first where it is developed, and says so beside what it prints', async () => {
    await put('dist/server/command.js', bundle);
    await mkdir(path.join(folder, 'node_modules', 'typescript'), { recursive: true });
    expect(await run('audit', 'export')).toEqual({ code: 0, out: 'run audit export\n', err: 'built\n' });
  });

  it('says what to do where there is neither source nor bundle', async () => {
    await rm(path.join(folder, 'server'), { recursive: true });
    expect(await run('audit', 'verify')).toMatchObject({ code: 2, err: expect.stringContaining('npm run build') });
  });
});
