import { describe, expect, it } from 'vitest';
import { freePort } from '@/tests/servers/free-port';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { startTcpProxy } from '@/tests/support/tcp-proxy';
import { call, during, open, outcomeOf, resultOf, textOf, tryOpen } from '@/tests/upstream/harness';
import { sendStatus, startScripted } from '@/tests/upstream/scripted-server';

const answer = { action: 'accept', content: { value: 'after the drop' } } as const;

async function behindProxy(
  options: Parameters<typeof startKitchenSink>[0] = {},
  timing: Parameters<typeof open>[1] = {},
): ReturnType<typeof openBehind> {
  return openBehind(options, timing);
}

async function openBehind(
  options: Parameters<typeof startKitchenSink>[0],
  timing: Parameters<typeof open>[1],
): Promise<
  Awaited<ReturnType<typeof open>> & {
    kitchen: Awaited<ReturnType<typeof startKitchenSink>>;
    proxy: Awaited<ReturnType<typeof startTcpProxy>>;
  }
> {
  const kitchen = await during(startKitchenSink(options));
  const proxy = await during(startTcpProxy(kitchen.url));
  return { ...(await open(proxy.url, timing)), kitchen, proxy };
}

describe('a dropped stream', () => {
  it('is resumed from its place, the answer is delivered, the result comes, and the tool runs once (I3, I5)', async () => {
    const { connection, inbox, kitchen, proxy } = await behindProxy();
    await connection.sendCall(call('write_after_asking'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[1].place).toMatchObject({ stream: 'call_write_after_asking' });
    proxy.cut();
    await inbox.waitFor('reattaching');
    proxy.restore();
    await inbox.waitFor('reattached');
    expect(await connection.respond({ rpcId: args[0].rpcId, result: answer })).toMatchObject({ ok: true });
    const result = await outcomeOf(inbox, 'call_write_after_asking');
    expect(JSON.parse(textOf(result))).toEqual({ answer, written: 1 });
    expect(kitchen.records.executions('write_after_asking')).toHaveLength(1);
    expect(inbox.of('serverRequest')).toHaveLength(1);
    expect(inbox.of('reattaching')).toHaveLength(1);
    expect(inbox.of('reattached')).toHaveLength(1);
  });

  it('gives its result when that was sent while nobody listened (I5)', async () => {
    const { connection, inbox, kitchen, proxy } = await behindProxy();
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    proxy.cut();
    await inbox.waitFor('reattaching');
    kitchen.release();
    await kitchen.records.waitFor('execution_finished');
    proxy.restore();
    expect(textOf(await outcomeOf(inbox, 'call_slow'))).toBe('released');
    expect(inbox.of('progress')).toHaveLength(1);
    expect(inbox.of('callStreamLost')).toEqual([]);
  });

  it('is resumed again after a second drop with no event in between (I5)', async () => {
    const { connection, inbox, kitchen, proxy } = await behindProxy();
    await connection.sendCall(call('ask_simple'));
    const { args } = await inbox.waitFor('serverRequest');
    for (const nth of [1, 2, 3]) {
      proxy.drop();
      await inbox.waitFor('reattached', nth);
    }
    await connection.respond({ rpcId: args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual(answer);
    const resumed = kitchen.records.of('http_received').filter((record) => record.lastEventId !== undefined);
    expect(resumed.length).toBeGreaterThanOrEqual(3);
  });

  it('brings a message again that was not recorded, and passes it only then (I2)', async () => {
    const { connection, inbox, proxy } = await behindProxy();
    let refusals = 0;
    const refused = new Promise<void>((resolve) => {
      inbox.before = (record) => {
        if (record.kind !== 'serverRequest' || refusals > 0) return Promise.resolve();
        refusals += 1;
        resolve();
        return Promise.reject(new Error('the disk is full'));
      };
    });
    await connection.sendCall(call('ask_simple'));
    await refused;
    proxy.drop();
    const { args } = await inbox.waitFor('serverRequest');
    expect(refusals).toBe(1);
    await connection.respond({ rpcId: args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_simple')))).toEqual(answer);
  });

  it('brings an outcome again that was not recorded (I2)', async () => {
    const { connection, inbox } = await behindProxy();
    let refusals = 0;
    inbox.before = (record) => {
      if (record.kind !== 'callResult' || refusals > 1) return Promise.resolve();
      refusals += 1;
      return Promise.reject(new Error('the database is away'));
    };
    await connection.sendCall(call('write'));
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_write')))).toEqual({ written: 1 });
    expect(refusals).toBe(2);
  });

  it('hands the next message on only when the one before is taken', async () => {
    const { connection, inbox } = await behindProxy();
    let inside = 0;
    let most = 0;
    inbox.before = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    await resultOf({ connection, inbox }, call('progress', { steps: 10 }));
    expect(most).toBe(1);
    expect(inbox.of('progress').map(({ args }) => args[0].progress)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('without an event store loses the result, says so, and the answer still arrives (I3)', async () => {
    const { connection, inbox, kitchen, proxy } = await behindProxy({ events: 'none' });
    await connection.sendCall(call('write_after_asking'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[1].place).toBeNull();
    proxy.drop();
    const lost = await inbox.waitFor('callStreamLost');
    expect(lost.args[0]).toBe('call_write_after_asking');
    expect(lost.args[1]).toContain('keeps no events');
    await connection.respond({ rpcId: args[0].rpcId, result: answer });
    await kitchen.records.waitFor('answer_received', (record) => record.requestId === args[0].rpcId);
    expect(kitchen.records.executions('write_after_asking')).toHaveLength(1);
    expect(inbox.of('lost')).toEqual([]);
  });

  it('on the standalone stream is resumed with its own place, and brings what was asked meanwhile (I5)', async () => {
    const { connection, inbox, kitchen, proxy } = await behindProxy({ questionsOn: 'standalone' });
    await connection.sendCall(call('ask_simple', {}, 'call_one'));
    const first = await inbox.waitFor('serverRequest');
    expect(first.args[1]).toMatchObject({ callRpcId: null, place: { stream: 'standalone' } });
    await connection.sendCall(call('slow', {}, 'call_slow'));
    proxy.cut();
    await inbox.waitFor('reattaching');
    await kitchen.addTool('told_while_away');
    proxy.restore();
    expect((await inbox.waitFor('listChanged')).args[0]).toBe('tools');
    await connection.respond({ rpcId: first.args[0].rpcId, result: answer });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_one')))).toEqual(answer);
    kitchen.release();
    expect(textOf(await outcomeOf(inbox, 'call_slow'))).toBe('released');
  });

  it('of a server that stays away is given up after a time, once, and everything waiting is told (I9)', async () => {
    const { connection, inbox, proxy } = await behindProxy({}, { unreachableMs: 400 });
    await connection.sendCall(call('ask_simple'));
    await inbox.waitFor('serverRequest');
    proxy.cut();
    const lost = await inbox.waitFor('lost');
    expect(lost.args[0].code).toBe('unreachable');
    expect(await connection.sendCall(call('echo', {}))).toMatchObject({ ok: false, code: 'gone' });
    expect(inbox.of('lost')).toHaveLength(1);
    expect(inbox.heard.at(-1)?.kind).toBe('lost');
  });
});

describe('a lost session (I9)', () => {
  it.each([
    [404, 'kept'],
    [400, 'kept'],
    [404, 'none'],
  ] as const)(
    'answered with %s (events %s) is told once, and what is in flight ends at once',
    async (status, events) => {
      const kitchen = await during(startKitchenSink({ unknownSession: status, events }));
      const { connection, inbox } = await open(kitchen.url);
      await connection.sendCall(call('slow'));
      await inbox.waitFor('progress');
      const { connection: other } = await open(kitchen.url);
      await kitchen.forgetSessions();
      const startedAt = Date.now();
      const asked = connection.request('tools/list', {}, 30_000);
      expect(await asked).toMatchObject({ ok: false });
      const lost = await inbox.waitFor('lost');
      expect(lost.args[0].code).toBe('gone');
      expect(Date.now() - startedAt).toBeLessThan(20_000);
      expect(await connection.sendCall(call('echo', {}))).toMatchObject({ ok: false, code: 'gone' });
      expect(await connection.respond({ rpcId: 1, result: {} })).toMatchObject({ ok: false, code: 'gone' });
      expect(await connection.close({ terminate: true, graceMs: 1_000 })).toMatchObject({ deleteStatus: null });
      expect(inbox.of('lost')).toHaveLength(1);
      await other.close({ terminate: false, graceMs: 100 });
    },
  );

  it('found by a call: the call is told that it is gone', async () => {
    let known = true;
    const server = await during(
      startScripted(({ response }) => !known && sendStatus(response, 404, 'Session not found')),
    );
    const { connection, inbox } = await open(server.url);
    known = false;
    expect(await connection.sendCall(call('echo', {}))).toMatchObject({ ok: false, code: 'gone', status: 404 });
    expect((await inbox.waitFor('lost')).args[0].code).toBe('gone');
  });

  it('is not believed for a GET alone: a server may have no GET and say 404', async () => {
    const server = await during(
      startScripted(({ method, response }) => method === 'GET' && sendStatus(response, 404, 'Cannot GET /mcp')),
    );
    const opened = await open(server.url);
    expect(textOf(await resultOf(opened, call('anything')))).toBe('a result');
    expect(opened.inbox.of('lost')).toEqual([]);
  });

  it('is not seen in a 400 about something else', async () => {
    const server = await during(
      startScripted(
        ({ message, response }) =>
          message?.['method'] === 'tools/call' && sendStatus(response, 400, 'argument session_name is missing'),
      ),
    );
    const { connection, inbox } = await open(server.url);
    expect(await connection.sendCall(call('anything'))).toMatchObject({ ok: false, code: 'refused', status: 400 });
    expect(inbox.of('lost')).toEqual([]);
  });
});

describe('sending', () => {
  it('to a port where nothing listens is unsent: not a byte has left (I3)', async () => {
    const { connection, inbox, proxy } = await behindProxy();
    await proxy.close();
    expect(await connection.sendCall(call('write'))).toMatchObject({ ok: false, code: 'unsent', status: null });
    expect(inbox.of('callError')).toEqual([]);
  });

  it('that breaks after the request went out is unknown (I3)', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        response.destroy();
        return true;
      }),
    );
    const { connection } = await open(server.url);
    expect(await connection.sendCall(call('write'))).toMatchObject({ ok: false, code: 'unknown', status: null });
  });

  it.each([
    [403, 'refused'],
    [500, 'unknown'],
    [504, 'unknown'],
  ] as const)('answered with %s is %s: behind a 5xx it may have run (I3)', async (status, code) => {
    const server = await during(
      startScripted(
        ({ message, response }) => message?.['method'] === 'tools/call' && sendStatus(response, status, 'not now'),
      ),
    );
    const { connection } = await open(server.url);
    const outcome = await connection.sendCall(call('write'));
    expect(outcome).toMatchObject({ ok: false, code, status });
    expect(outcome.ok ? '' : outcome.message).toContain('not now');
  });

  it('answered with a JSON-RPC error in an HTTP error hands that error on', async () => {
    const server = await during(
      startScripted(({ message, response }) => {
        if (message?.['method'] !== 'tools/call') return false;
        const error = { code: -32602, message: 'No such tool', data: { tool: 'write' } };
        return sendStatus(response, 400, JSON.stringify({ jsonrpc: '2.0', id: message['id'] ?? null, error }));
      }),
    );
    const { connection, inbox } = await open(server.url);
    expect(await connection.sendCall(call('write'))).toEqual({ ok: true, status: 400 });
    expect((await inbox.waitFor('callError')).args[0].error).toEqual({
      code: -32602,
      message: 'No such tool',
      data: { tool: 'write' },
    });
  });

  it('to an address that is not there fails to open, in words', async () => {
    const { outcome } = await tryOpen(`http://127.0.0.1:${await freePort()}/mcp`);
    expect(outcome).toMatchObject({ ok: false, code: 'unreachable' });
    expect(outcome.ok ? '' : outcome.message).toContain('connection refused');
    const unknown = await tryOpen('http://holdpoint.invalid/mcp');
    expect(unknown.outcome).toMatchObject({ ok: false, code: 'unreachable' });
  });
});
