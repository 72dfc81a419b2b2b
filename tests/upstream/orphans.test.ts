import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { OrphanEnd, ServerProcess } from '@/server/engine/ports/upstream';
import { describeProcess } from '@/server/upstream/stateful/stdio/server-process';
import { createUpstream } from '@/server/upstream/upstream';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';
import { call, cleanUp, open, recordingLog, resultOf, textOf } from '@/tests/upstream/harness';

const gone = (pid: number): Promise<void> => expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);

function endOrphans(...processes: readonly ServerProcess[]): Promise<readonly OrphanEnd[]> {
  const upstream = createUpstream({ log: recordingLog([]), clientVersion: '0.1.0' });
  cleanUp(() => upstream.stop());
  return upstream.endOrphans(processes);
}

/** A process as an earlier life of ours leaves it: head of its own group, with our mark, still running. */
async function orphan(
  script: string,
  env: Record<string, string> = { HOLDPOINT_STDIO_SERVER: '1' },
): Promise<{ readonly left: ServerProcess; readonly child: ChildProcess; readonly said: readonly string[] }> {
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env } as unknown as NodeJS.ProcessEnv,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('no process');
  cleanUp(async () => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Ended by the test, as it should be.
    }
  });
  const said: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => said.push(...text.trim().split('\n')));
  await expect.poll(() => said.length, { timeout: 10_000 }).toBeGreaterThan(0);
  return { left: await describeProcess(pid), child, said };
}

const idle = "console.log('up'); setInterval(() => {}, 1000);";
const deaf = `process.on('SIGTERM', () => {}); ${idle}`;
/** Starts a child in its own group, says its pid, and goes on or ends. */
const parent = (more: string, options = '{}'): string =>
  `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'],
     { stdio: 'ignore', ...${options} });
   child.unref();
   process.stdout.write(child.pid + '\\n', () => { ${more} });`;

describe('orphans of an earlier life', () => {
  it('are known by what a connection says of its process', async () => {
    const { connection, upstream } = await open(await kitchenSinkOnStdio());
    const { facts } = connection;
    if (facts.process === null) throw new Error('no process');
    const stat = await readFile(`/proc/${facts.process.pid}/stat`, 'utf8');
    expect(stat.split(' ')).toContain(facts.process.startedAt);
    expect(facts.process.command).toContain(process.execPath);
    expect(await endOrphans(facts.process)).toEqual([{ pid: facts.process.pid, how: expect.stringMatching(/ed$/) }]);
    await gone(facts.process.pid);
    expect(await endOrphans(facts.process)).toEqual([{ pid: facts.process.pid, how: 'gone' }]);
    await upstream.stop();
  });

  it('are ended by SIGTERM, and by SIGKILL where that is not heard', async () => {
    const [mild, stubborn] = await Promise.all([orphan(idle), orphan(deaf)]);
    expect(await endOrphans(mild.left, stubborn.left)).toEqual([
      { pid: mild.left.pid, how: 'terminated' },
      { pid: stubborn.left.pid, how: 'killed' },
    ]);
    await gone(mild.left.pid);
    await gone(stubborn.left.pid);
  });

  it('are ended with what they started, in whatever group that is', async () => {
    const together = await orphan(parent('setInterval(() => {}, 1000);'));
    const apart = await orphan(parent('setInterval(() => {}, 1000);', '{ detached: true }'));
    const children = [...together.said, ...apart.said].map(Number);
    expect(children.map(isAlive)).toEqual([true, true]);
    await endOrphans(together.left, apart.left);
    for (const pid of [together.left.pid, apart.left.pid, ...children]) await gone(pid);
  });

  it('whose head is dead leave their group, which is ended', async () => {
    const { left, child, said } = await orphan(parent('setInterval(() => {}, 1000);'));
    child.kill('SIGKILL');
    await gone(left.pid);
    const member = Number(said[0]);
    expect(isAlive(member)).toBe(true);
    expect(await endOrphans(left)).toEqual([{ pid: left.pid, how: 'terminated' }]);
    await gone(member);
  });

  it('are left alone where the group of a dead head may be somebody else’s: no mark, or older', async () => {
    const unmarked = await orphan(parent('setInterval(() => {}, 1000);'), {});
    const older = await orphan(parent('setInterval(() => {}, 1000);'));
    for (const { child, left } of [unmarked, older]) {
      child.kill('SIGKILL');
      await gone(left.pid);
    }
    const later = { ...older.left, startedAt: '99999999999999' };
    expect(await endOrphans(unmarked.left, later)).toEqual([
      { pid: unmarked.left.pid, how: 'gone' },
      { pid: older.left.pid, how: 'gone' },
    ]);
    expect([unmarked, older].map(({ said }) => isAlive(Number(said[0])))).toEqual([true, true]);
  });

  it.each([
    ['another start: the number was given out again', { startedAt: '1' }],
    ['another command', { command: 'node something-else.js' }],
    ['no start: it was never known', { startedAt: null }],
    ['a start that is none', { startedAt: '1; rm -rf' }],
  ])('are not touched with %s', async (_what, changed) => {
    const { left } = await orphan(idle);
    expect(await endOrphans({ ...left, ...changed })).toEqual([{ pid: left.pid, how: 'not_ours' }]);
    expect(isAlive(left.pid)).toBe(true);
  });

  it('are found by what a launcher became, and hold no credential (I14)', async () => {
    const script = `process.title = 'renamed server'; ${answering}`;
    const args = ['-e', script, '--', 'Bearer abcdefghijklmnop'];
    const { connection } = await open({ command: process.execPath, args });
    const { process: described } = connection.facts;
    if (described === null) throw new Error('no process');
    expect(described.command).toBe('renamed server');
    const plain = await open({ command: process.execPath, args: ['-e', answering, '--', 'Bearer abcdefghijklmnop'] });
    expect(plain.connection.facts.process?.command).not.toContain('abcdefghijklmnop');
    expect(await endOrphans(described)).toMatchObject([{ how: expect.stringMatching(/ed$/) }]);
    await gone(described.pid);
  });

  it('carry their mark to what they start', async () => {
    const opened = await open(await kitchenSinkOnStdio());
    const { pid } = JSON.parse(textOf(await resultOf(opened, call('spawn_grandchild')))) as { pid: number };
    expect((await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')).toContain('HOLDPOINT_STDIO_SERVER=1');
    const { process: head } = opened.connection.facts;
    if (head === null) throw new Error('no process');
    expect(await endOrphans(head)).toMatchObject([{ how: expect.stringMatching(/ed$/) }]);
    await gone(pid);
  });
});

const answering = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method !== 'initialize') return;
    const result = { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: { name: 'line', version: '1' } };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });`;
