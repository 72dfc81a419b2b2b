import { describe, expect, it } from 'vitest';
import { everythingOnStdio, startEverything } from '@/tests/servers/everything';
import { startFastMcp } from '@/tests/servers/fastmcp';
import { startTcpProxy } from '@/tests/support/tcp-proxy';
import { call, during, open, outcomeOf, resultOf, type Target, textOf } from '@/tests/upstream/harness';

const sampled = {
  role: 'assistant',
  content: { type: 'text', text: 'Words.' },
  model: 'a person',
  stopReason: 'endTurn',
};

const everything: readonly (readonly [string, () => Promise<Target>])[] = [
  ['http', async () => (await during(startEverything())).url],
  ['stdio', () => Promise.resolve(everythingOnStdio)],
];

describe.each(everything)('server-everything over %s', (_way, target) => {
  it('elicits, samples, reports progress and returns odd content', async () => {
    const opened = await open(await target());
    const { connection, inbox } = opened;
    expect(connection.facts.serverInfo.name).toContain('everything');
    const listed = await connection.request('tools/list', {}, 10_000);
    expect(JSON.stringify(listed)).toContain('trigger-elicitation-request');

    await connection.sendCall(call('trigger-elicitation-request'));
    const asked = await inbox.waitFor('serverRequest', 1);
    expect(asked.args[0].method).toBe('elicitation/create');
    await connection.respond({ rpcId: asked.args[0].rpcId, result: { action: 'accept', content: { name: 'Ana' } } });
    expect(JSON.stringify(await outcomeOf(inbox, 'call_trigger-elicitation-request'))).toContain('Ana');

    await connection.sendCall(call('trigger-sampling-request', { prompt: 'Say something', maxTokens: 20 }));
    const sampling = await inbox.waitFor('serverRequest', 2);
    expect(sampling.args[0].method).toBe('sampling/createMessage');
    await connection.respond({ rpcId: sampling.args[0].rpcId, result: sampled });
    expect(JSON.stringify(await outcomeOf(inbox, 'call_trigger-sampling-request'))).toContain('Words.');

    await connection.sendCall(call('trigger-long-running-operation', { duration: 0.5, steps: 3 }));
    await outcomeOf(inbox, 'call_trigger-long-running-operation');
    expect(inbox.of('progress').map(({ args }) => [args[0].progress, args[0].total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);

    for (const tool of ['get-tiny-image', 'get-structured-content', 'get-resource-links', 'get-annotated-message']) {
      const args = { location: 'New York', count: 3, messageType: 'success', includeImage: true };
      const result = await resultOf(opened, call(tool, args));
      expect(Array.isArray(result['content'])).toBe(true);
    }
    expect(await connection.request('ping', {}, 5_000)).toEqual({ ok: true, result: {} });
    await connection.close({ terminate: true, graceMs: 3_000 });
    expect(inbox.of('lost')).toEqual([]);
  });
});

describe('server-everything behind a bad network', () => {
  it('gives its result though it never writes to a resumed stream: answer, then ask again (I5)', async () => {
    const server = await during(startEverything());
    const proxy = await during(startTcpProxy(server.url));
    const { connection, inbox } = await open(proxy.url);
    await connection.sendCall(call('trigger-elicitation-request'));
    const { args } = await inbox.waitFor('serverRequest');
    proxy.drop();
    await inbox.waitFor('reattached');
    await connection.respond({ rpcId: args[0].rpcId, result: { action: 'accept', content: { name: 'Lena' } } });
    const result = await outcomeOf(inbox, 'call_trigger-elicitation-request', 10_000);
    expect(JSON.stringify(result)).toContain('Lena');
    expect(inbox.of('serverRequest')).toHaveLength(1);
    expect(inbox.of('callResult')).toHaveLength(1);
  });

  it('is gone when it was restarted: 400 naming the session (I9)', async () => {
    const first = await startEverything();
    const port = Number(new URL(first.url).port);
    const { connection, inbox } = await open(first.url);
    await connection.sendCall(call('trigger-elicitation-request'));
    await inbox.waitFor('serverRequest');
    await first.close();
    await inbox.waitFor('reattaching');
    await during(startEverything(port));
    expect((await inbox.waitFor('lost', 1, 15_000)).args[0].code).toBe('gone');
    expect(inbox.of('lost')).toHaveLength(1);
  });
});

describe('a FastMCP server', () => {
  it('asks on the standalone stream, samples, reports progress, logs and fails', async () => {
    const server = await during(startFastMcp());
    const opened = await open(server.url);
    const { connection, inbox } = opened;
    await connection.sendCall(call('elicit_value'));
    const asked = await inbox.waitFor('serverRequest', 1);
    expect(asked.args[1].callRpcId).toBeNull();
    await connection.respond({ rpcId: asked.args[0].rpcId, result: { action: 'accept', content: { value: 'yes' } } });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_elicit_value')))).toEqual({
      action: 'accept',
      content: { value: 'yes' },
    });
    await connection.sendCall(call('sample'));
    const sampling = await inbox.waitFor('serverRequest', 2);
    await connection.respond({ rpcId: sampling.args[0].rpcId, result: sampled });
    expect(textOf(await outcomeOf(inbox, 'call_sample'))).toContain('Words.');
    await resultOf(opened, call('report_progress'));
    await inbox.waitFor('progress', 3);
    await resultOf(opened, call('write_logs'));
    await inbox.waitFor('log');
    expect(await resultOf(opened, call('user_error'))).toMatchObject({ isError: true });
    await resultOf(opened, call('stream_content'));
    expect((await inbox.waitFor('notification')).args[0]).toBe('notifications/tool/streamContent');
    await connection.close({ terminate: true, graceMs: 2_000 });
  });
});
