import { describe, expect, it } from 'vitest';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { everyAnswer, everySchemaType } from '@/tests/servers/kitchen/form-schema';
import { oddResult } from '@/tests/servers/kitchen/content-tools';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { call, during, open, type Opened, outcomeOf, resultOf, type Target, textOf } from '@/tests/upstream/harness';

type Ready = Omit<Opened, 'outcome'> & { connection: Awaited<ReturnType<typeof open>>['connection'] };

const ways: readonly (readonly [string, () => Promise<Target>])[] = [
  ['http', async () => (await during(startKitchenSink())).url],
  ['http without an event store', async () => (await during(startKitchenSink({ events: 'none' }))).url],
  ['stdio', () => kitchenSinkOnStdio()],
];

describe.each(ways)('a tool call over %s', (way, target) => {
  const isHttp = way !== 'stdio';
  const ready = async (): Promise<Ready> => open(await target());

  it('returns its result under our own id, and says what the handshake agreed', async () => {
    const opened = await ready();
    const { facts } = opened.connection;
    expect(facts).toMatchObject({
      transport: isHttp ? 'http' : 'stdio',
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'kitchen-sink', version: '1.0.0' },
      instructions: 'Everything an MCP server can do, for tests.',
    });
    expect(facts.capabilities['tools']).toEqual({ listChanged: true });
    expect(typeof facts.mcpSessionId).toBe(isHttp ? 'string' : 'object');
    expect([facts.process === null, typeof facts.process?.pid, typeof facts.process?.startedAt]).toEqual(
      isHttp ? [true, 'undefined', 'undefined'] : [false, 'number', 'string'],
    );
    const result = await resultOf(opened, call('echo', { message: 'hello' }));
    expect(textOf(result)).toBe('echo: hello');
    expect(opened.inbox.heard.map((record) => record.kind)).toEqual(['callResult']);
  });

  it('hands every content type and every unknown member on, byte for byte', async () => {
    const opened = await ready();
    const result = await resultOf(opened, call('odd_content'));
    expect(JSON.stringify(result)).toBe(JSON.stringify(oddResult));
  });

  it('keeps an error’s code, message and data', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('throws'));
    const { args } = await inbox.waitFor('callError');
    expect(args[0]).toEqual({
      rpcId: 'call_throws',
      error: { code: -32055, message: 'The kitchen is closed', data: { opensAt: '18:00' } },
    });
  });

  it('keeps the URLs of an error -32042', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('ask_url_error'));
    const { args } = await inbox.waitFor('callError');
    expect(args[0].error.code).toBe(-32042);
    expect(JSON.stringify(args[0].error.data)).toContain('https://accounts.example.com/allow/calendar');
  });

  it.each(['null_result', 'text_result'])('says that %s is nonsense, with -32603', async (kind) => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('nonsense_result', { kind }));
    const { args } = await inbox.waitFor('callError');
    expect(args[0].error.code).toBe(-32603);
    expect(args[0].error.message).toContain('nonsense');
  });

  it('hands on a form with every schema type and the server hears the answer exactly', async () => {
    const opened = await ready();
    const { connection, inbox } = opened;
    await connection.sendCall(call('ask_everything'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[0].method).toBe('elicitation/create');
    expect(args[0].params['requestedSchema']).toEqual(everySchemaType);
    expect(args[1].callRpcId).toBe(isHttp ? 'call_ask_everything' : null);
    const answered = await connection.respond({
      rpcId: args[0].rpcId,
      result: { action: 'accept', content: everyAnswer },
    });
    expect(answered).toEqual({ ok: true, status: isHttp ? 202 : null });
    const result = await outcomeOf(inbox, 'call_ask_everything');
    expect(JSON.parse(textOf(result))).toEqual({ action: 'accept', content: everyAnswer });
  });

  it('asks twice, one after the other, the server’s ids kept apart', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('ask_twice'));
    const first = await inbox.waitFor('serverRequest', 1);
    await connection.respond({ rpcId: first.args[0].rpcId, result: { action: 'accept', content: { value: 'one' } } });
    const second = await inbox.waitFor('serverRequest', 2);
    expect(second.args[0].rpcId).not.toBe(first.args[0].rpcId);
    await connection.respond({ rpcId: second.args[0].rpcId, result: { action: 'decline' } });
    const result = JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_twice'))) as unknown;
    expect(result).toEqual({ first: { action: 'accept', content: { value: 'one' } }, second: { action: 'decline' } });
  });

  it('can refuse a question with a JSON-RPC error', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('ask_simple'));
    const { args } = await inbox.waitFor('serverRequest');
    await connection.respond({ rpcId: args[0].rpcId, error: { code: -32099, message: 'nobody is here' } });
    const { args: failed } = await inbox.waitFor('callError');
    expect(failed[0].error.code).toBe(-32099);
  });

  it('hands on URL elicitation', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('ask_url', { elicitationId: 'e-1', wait: false }));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[0].params).toMatchObject({ mode: 'url', elicitationId: 'e-1' });
    await connection.respond({ rpcId: args[0].rpcId, result: { action: 'accept' } });
    expect((await inbox.waitFor('elicitationComplete')).args[0]).toBe('e-1');
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_ask_url')))).toMatchObject({ completed: true });
  });

  it('hands on an elicitation whose schema is outside the specification', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('nonsense_elicitation'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(JSON.stringify(args[0].params)).toContain('wizardry');
    await connection.respond({ rpcId: args[0].rpcId, result: { action: 'cancel' } });
    expect(JSON.parse(textOf(await outcomeOf(inbox, 'call_nonsense_elicitation')))).toEqual({ action: 'cancel' });
  });

  it.each(['sample', 'sample_with_tools'])('hands on sampling (%s) and its answer', async (tool) => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call(tool));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[0].method).toBe('sampling/createMessage');
    expect(args[0].params['systemPrompt']).toContain('incident summaries');
    const words = { role: 'assistant', content: { type: 'text', text: 'Before.' }, model: 'a person' };
    await connection.respond({ rpcId: args[0].rpcId, result: words });
    expect(JSON.parse(textOf(await outcomeOf(inbox, `call_${tool}`)))).toEqual(words);
  });

  it('hands on progress with and without total, in order, before the result', async () => {
    const opened = await ready();
    await resultOf(opened, call('progress', { steps: 3 }));
    await resultOf(opened, call('progress_no_total', { steps: 2 }));
    expect(opened.inbox.of('progress').map(({ args: [entry] }) => entry)).toEqual([
      { rpcId: 'call_progress', progress: 1, total: 3, message: 'Step 1 of 3' },
      { rpcId: 'call_progress', progress: 2, total: 3, message: 'Step 2 of 3' },
      { rpcId: 'call_progress', progress: 3, total: 3, message: 'Step 3 of 3' },
      { rpcId: 'call_progress_no_total', progress: 10, total: null, message: null },
      { rpcId: 'call_progress_no_total', progress: 20, total: null, message: null },
    ]);
    expect(opened.inbox.heard.map((record) => record.kind).slice(0, 4)).toEqual([
      'progress',
      'progress',
      'progress',
      'callResult',
    ]);
  });

  it('hands on no progress of a call that has ended', async () => {
    const opened = await ready();
    await resultOf(opened, call('late_progress'));
    const late = (): boolean => JSON.stringify(opened.inbox.of('traffic')).includes('"late"');
    await opened.inbox.until(late, 'the late progress in the raw view');
    await resultOf(opened, call('echo', { message: 'afterwards' }));
    // Two streams have no order between them: the late one may come in before the result, but never after it.
    const kinds = opened.inbox.heard.map((record) => record.kind);
    expect(kinds.lastIndexOf('progress')).toBeLessThan(kinds.indexOf('callResult'));
  });

  it('hands on log messages of each level', async () => {
    const opened = await ready();
    // The server sends what is at least `info`, as we asked it to; `debug` is filtered there or not.
    await resultOf(opened, call('logs'));
    const logs = opened.inbox.of('log').map(({ args: [entry] }) => entry);
    expect(logs).toContainEqual({ level: 'emergency', logger: 'kitchen', data: { says: 'this is emergency' } });
    expect(logs).toContainEqual({ level: 'info', logger: null, data: 'a bare string, no logger' });
  });

  it('cancels a call, and what is cancelled ends at the server', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    const cancelled = await connection.cancelCall('call_slow', 'a person said stop');
    expect(cancelled).toEqual({ ok: true, status: isHttp ? 202 : null });
    // The connection lives on.
    await connection.sendCall(call('echo', { message: 'still here' }));
    expect(textOf(await outcomeOf(inbox, 'call_echo'))).toBe('echo: still here');
    expect(inbox.of('callStreamLost')).toEqual([]);
  });

  it('hears when the server withdraws a request of its own, id 0 included', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('ask_simple'));
    const { args } = await inbox.waitFor('serverRequest');
    expect(args[0].rpcId).toBe(0);
    await connection.cancelCall('call_ask_simple', 'not needed');
    const withdrawn = await inbox.waitFor('serverCancelled');
    expect(withdrawn.args[0].rpcId).toBe(0);
  });

  it('answers roots and ping itself, and hears of changed lists', async () => {
    const opened = await ready();
    expect(JSON.parse(textOf(await resultOf(opened, call('roots'))))).toEqual({ roots: [] });
    expect(JSON.parse(textOf(await resultOf(opened, call('ping_client'))))).toEqual({ answer: {} });
    await resultOf(opened, call('add_tool', { name: 'fresh' }));
    expect((await opened.inbox.waitFor('listChanged')).args[0]).toBe('tools');
    expect(opened.inbox.of('serverRequest')).toEqual([]);
  });

  it('passes on lists, prompts, resources and completion, errors with their codes', async () => {
    const { connection } = await ready();
    const tools = await connection.request('tools/list', {}, 5_000);
    expect(tools.ok && JSON.stringify(tools.result)).toContain('"ask_everything"');
    expect(
      await connection.request('prompts/get', { name: 'plan_menu', arguments: { cuisine: 'thai' } }, 5_000),
    ).toEqual({
      ok: true,
      result: {
        description: 'Plans a menu of three courses',
        messages: [{ role: 'user', content: { type: 'text', text: 'Plan a thai menu of three courses.' } }],
      },
    });
    expect(await connection.request('resources/read', { uri: 'kitchen://gone' }, 5_000)).toEqual({
      ok: false,
      error: { code: -32002, message: 'MCP error -32002: No resource kitchen://gone', data: { uri: 'kitchen://gone' } },
    });
    const completion = {
      ref: { type: 'ref/prompt', name: 'plan_menu' },
      argument: { name: 'cuisine', value: 'ge' },
    };
    expect(await connection.request('completion/complete', completion, 5_000)).toEqual({
      ok: true,
      result: { completion: { values: ['georgian', 'german'], total: 2, hasMore: false } },
    });
    expect(await connection.request('ping', {}, 5_000)).toEqual({ ok: true, result: {} });
  });

  it('gives a request up after its own time, and only that', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    const started = Date.now();
    const late = await connection.request('tools/call', { name: 'slow', arguments: {} }, 300);
    expect(late).toMatchObject({ ok: false, error: { code: -32001 } });
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(inbox.of('callStreamLost')).toEqual([]);
    expect(inbox.of('callError')).toEqual([]);
  });

  it('carries 5 MB of arguments and of result', async () => {
    const opened = await ready();
    const message = 'ä'.repeat(2_600_000);
    const result = await resultOf(opened, call('echo', { message }));
    expect(textOf(result)).toBe(`echo: ${message}`);
  });

  it('runs many calls at once, each with its own answer', async () => {
    const opened = await ready();
    const { connection, inbox } = opened;
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(numbers.map((n) => connection.sendCall(call('ask_simple', { message: `${n}?` }, `call_${n}`))));
    await inbox.waitFor('serverRequest', 100);
    await Promise.all(
      inbox.of('serverRequest').map(({ args: [request] }) =>
        connection.respond({
          rpcId: request.rpcId,
          result: { action: 'accept', content: { value: `${JSON.stringify(request.params['message'])} yes` } },
        }),
      ),
    );
    for (const n of numbers) expect(textOf(await outcomeOf(inbox, `call_${n}`))).toContain(`${n}?\\" yes`);
  });

  it('refuses a second call under an id in flight', async () => {
    const { connection, inbox } = await ready();
    await connection.sendCall(call('slow'));
    await inbox.waitFor('progress');
    expect(await connection.sendCall(call('echo', {}, 'call_slow'))).toMatchObject({ ok: false, code: 'refused' });
  });
});
