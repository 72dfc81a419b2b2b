import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';
import { call, cleanUp, open, resultOf, textOf, tryOpen } from '@/tests/upstream/harness';

/** A child made of one line of JavaScript. */
const node = (script: string): { command: string; args: string[] } => ({
  command: process.execPath,
  args: ['-e', script],
});

const answering = (more: string): string => `
  const lines = require('node:readline').createInterface({ input: process.stdin });
  const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  lines.on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === 'initialize') {
      send({ id, result: { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: { name: 'line', version: '1' } } });
    } else if (method === 'tools/call') { ${more} }
  });`;

const gone = (pid: number): Promise<void> => expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);

describe('starting a stdio server', () => {
  it('that is not installed says what to do', async () => {
    const { outcome, inbox } = await tryOpen({ command: 'no-such-mcp-server', args: [] });
    expect(outcome).toMatchObject({ ok: false, code: 'spawn_failed' });
    expect(outcome.ok ? '' : outcome.message).toContain('no-such-mcp-server was not found: install it');
    expect(inbox.all).toEqual([]);
  });

  it('in a folder that does not exist says so', async () => {
    const transport = { kind: 'stdio' as const, ...node(''), env: {}, cwd: '/no/such/folder' };
    const { outcome } = await tryOpen(transport);
    expect(outcome).toMatchObject({ ok: false, code: 'spawn_failed' });
    expect(outcome.ok ? '' : outcome.message).toContain('/no/such/folder does not exist');
  });

  it('that may not be run says so', async () => {
    const { outcome } = await tryOpen({ command: path.join(process.cwd(), 'package.json'), args: [] });
    expect(outcome.ok ? '' : outcome.message).toContain('may not be run');
  });

  it('that ends before the handshake gives its exit code and its last words, masked (I14)', async () => {
    const { outcome, inbox } = await tryOpen(
      node("console.error('first'); console.error('bad token: Bearer abcdefghijklmnop'); process.exitCode = 3"),
    );
    expect(outcome).toMatchObject({ ok: false, code: 'spawn_failed' });
    expect(outcome.ok ? '' : outcome.message).toContain('exited with code 3');
    expect(outcome.ok ? '' : outcome.message).toContain('bad token: [masked]');
    expect(inbox.of('lost')).toEqual([]);
  });

  it('that breaks as Node programs do gives the error itself, not what Node writes below it', async () => {
    const { outcome } = await tryOpen({ command: process.execPath, args: ['/nowhere/at/all.js'] });
    expect(outcome.ok ? '' : outcome.message).toContain("Cannot find module '/nowhere/at/all.js'");
  });

  it('that never answers is ended after the handshake’s time', async () => {
    const { outcome } = await tryOpen(node('setInterval(() => {}, 1000)'), { handshakeMs: 300 });
    expect(outcome).toMatchObject({ ok: false, code: 'unreachable' });
  });

  it('gives it the configured environment and little of ours (I14)', async () => {
    process.env['HOLDPOINT_TEST_SECRET'] = 'ours';
    cleanUp(async () => void delete process.env['HOLDPOINT_TEST_SECRET']);
    const script = answering(
      "send({ id, result: { content: [{ type: 'text', text: JSON.stringify(process.env) }] } });",
    );
    const opened = await open({ ...node(script), env: { CONFIGURED: 'yes' } });
    const environment = JSON.parse(textOf(await resultOf(opened, call('anything')))) as Record<string, string>;
    expect(environment['CONFIGURED']).toBe('yes');
    expect(environment['PATH']).toBe(process.env['PATH']);
    expect(JSON.stringify(environment)).not.toContain('HOLDPOINT_TEST_SECRET');
  });
});

describe('a stdio server that ends', () => {
  it('is lost with its exit code and last words, after what it wrote before (I9)', async () => {
    const script = answering(
      "send({ id, result: { content: [] } }); console.error('out of memory'); process.stdout.write('', () => process.exit(7));",
    );
    const { connection, inbox } = await open(node(script));
    await connection.sendCall(call('anything'));
    const asked = connection.request('tools/list', {}, 60_000);
    const lost = await inbox.waitFor('lost');
    expect(lost.args[0].code).toBe('exited');
    expect(lost.args[0].message).toContain('exited with code 7');
    expect(lost.args[0].message).toContain('out of memory');
    expect(await asked).toMatchObject({ ok: false });
    expect(inbox.heard.map((record) => record.kind)).toEqual(['callResult', 'lost']);
    expect(await connection.sendCall(call('anything', {}, 'call_2'))).toMatchObject({ ok: false, code: 'gone' });
    expect(await connection.close({ terminate: true, graceMs: 500 })).toMatchObject({ process: { how: 'closed' } });
  });

  it('by kill -9 takes its children with it', async () => {
    const opened = await open(await kitchenSinkOnStdio());
    const { pid } = JSON.parse(textOf(await resultOf(opened, call('spawn_grandchild')))) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    process.kill(opened.connection.facts.process?.pid ?? 0, 'SIGKILL');
    const lost = await opened.inbox.waitFor('lost');
    expect(lost.args[0].message).toContain('SIGKILL');
    await gone(pid);
  });

  it('writes what is no message: it is ignored, and shows in the raw view', async () => {
    const script = answering(
      "console.log('Server listening'); console.log('{\"jsonrpc\":\"2.0\"'); console.log('[]'); console.log('null'); send({ id, result: { content: [] } });",
    );
    const opened = await open(node(script));
    await resultOf(opened, call('anything'));
    expect(JSON.stringify(opened.inbox.of('traffic'))).toContain('Server listening');
    expect(opened.inbox.heard.map((record) => record.kind)).toEqual(['callResult']);
  });

  it('is ended when a line is larger than what we hold', async () => {
    const script = answering(
      "const part = 'x'.repeat(1 << 20); for (let n = 0; n < 40; n += 1) process.stdout.write(part);",
    );
    const { connection, inbox } = await open(node(script));
    await connection.sendCall(call('anything'));
    const lost = await inbox.waitFor('lost');
    expect(lost.args[0].message).toContain('larger than 32 MB');
    expect(inbox.of('lost')).toHaveLength(1);
    await gone(connection.facts.process?.pid ?? 0);
  });

  it('and floods stderr costs no memory and stops nothing', async () => {
    const script = answering(
      "for (let n = 0; n < 2000; n += 1) process.stderr.write('e'.repeat(5000)); send({ id, result: { content: [] } });",
    );
    const opened = await open(node(script));
    await resultOf(opened, call('anything'));
    const lines = opened.logLines.filter((line) => line.message === 'stderr');
    expect(JSON.stringify(lines).length).toBeLessThan(100_000);
  });
});

describe('closing a stdio server (I10)', () => {
  it('ends it by the end of its stdin, its children too', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdpoint-stdio-'));
    cleanUp(() => rm(folder, { recursive: true, force: true }));
    const records = path.join(folder, 'records.jsonl');
    const opened = await open(await kitchenSinkOnStdio({ KITCHEN_RECORDS: records }));
    const { pid } = JSON.parse(textOf(await resultOf(opened, call('spawn_grandchild')))) as { pid: number };
    const { facts } = opened.connection;
    expect(await readFile(records, 'utf8')).toContain(`"pid":${facts.process?.pid}`);
    const report = await opened.connection.close({ terminate: true, graceMs: 4_000 });
    expect(report).toEqual({
      deleteStatus: null,
      deleteWhy: null,
      process: { pid: facts.process?.pid, how: 'closed' },
    });
    await gone(facts.process?.pid ?? 0);
    await gone(pid);
    expect(opened.inbox.of('lost')).toEqual([]);
  });

  it('I10 ends a grandchild that put itself into a group of its own', async () => {
    const opened = await open(await kitchenSinkOnStdio());
    const spawned = await resultOf(opened, call('spawn_grandchild', { detached: true }));
    const { pid } = JSON.parse(textOf(spawned)) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    await opened.connection.close({ terminate: true, graceMs: 4_000 });
    await gone(opened.connection.facts.process?.pid ?? 0);
    await gone(pid);
  });

  it('ends one that ignores stdin by SIGTERM', async () => {
    const script = `${answering('')} process.stdin.on('end', () => {}); setInterval(() => {}, 1000);`;
    const { connection } = await open(node(script));
    const report = await connection.close({ terminate: true, graceMs: 400 });
    expect(report.process?.how).toBe('terminated');
    await gone(connection.facts.process?.pid ?? 0);
  });

  it('ends one that ignores everything by SIGKILL, within its grace', async () => {
    const { connection } = await open(await kitchenSinkOnStdio({ KITCHEN_STUBBORN: '1' }));
    const startedAt = Date.now();
    const report = await connection.close({ terminate: true, graceMs: 600 });
    expect(report.process?.how).toBe('killed');
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    await gone(connection.facts.process?.pid ?? 0);
  });

  it('stopping ends every child', async () => {
    const opened = await open(await kitchenSinkOnStdio());
    const pid = opened.connection.facts.process?.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    await opened.upstream.stop();
    await gone(pid);
  });

  it('an answer to a child that does not read is not waited for without end', async () => {
    const script = `${answering('')}
      lines.on('line', (line) => {
        if (!line.includes('notifications/initialized')) return;
        lines.close();
        process.stdin.pause();
        console.error('reads no more');
      });
      setInterval(() => {}, 1000);`;
    const { connection, logLines } = await open(node(script), { takeMs: 300 });
    await expect.poll(() => JSON.stringify(logLines)).toContain('reads no more');
    const outcome = await connection.respond({ rpcId: 1, result: { text: 'x'.repeat(8_000_000) } });
    expect(outcome).toMatchObject({ ok: false, code: 'unknown' });
  });
});
