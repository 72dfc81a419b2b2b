import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder = '';
let shell: ChildProcess | null = null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-supervised-'));
});

afterEach(async () => {
  endGroup(shell?.pid);
  await rm(folder, { recursive: true, force: true });
});

/** What is left of a test that failed. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // All of it is gone, as it should be.
  }
}

/** As npm runs a script: by a shell that passes no signal on. What was written until all of it had ended. */
async function saidUnderNpm(script: string): Promise<string> {
  const file = path.join(folder, 'script.mjs');
  await writeFile(file, script);
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const started = spawn('sh', ['-c', `"${process.execPath}" "${file}"; exit`], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  shell = started;
  let text = '';
  started.stdout.setEncoding('utf8');
  started.stdout.on('data', (chunk: string) => {
    text += chunk;
    // Whoever manages processes ends the one it knows.
    if (text.includes('up\n')) started.kill('SIGTERM');
  });
  // The pipe ends with the last who holds it: script, children and all.
  return new Promise((resolve) => {
    started.stdout.once('close', () => resolve(text));
  });
}

it('what npm started ends in order when npm is ended, and leaves nothing behind', async () => {
  const supervise = pathToFileURL(path.resolve('scripts/support/supervise.mjs')).href;
  const child =
    'process.on("SIGTERM", () => { console.log("asked to end"); process.exit(0); }); console.log("up"); setInterval(() => {}, 1000);';
  const said = await saidUnderNpm(`
    import { Supervisor } from ${JSON.stringify(supervise)};
    new Supervisor().start({ args: ['-e', ${JSON.stringify(child)}] });
  `);
  expect(said).toContain('asked to end');
});
