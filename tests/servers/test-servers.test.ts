import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Result } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { accept, answeringClient, textOf } from '@/tests/examples/answering-client';
import type { AnsweringClient, AnsweringOptions } from '@/tests/examples/answering-client';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { isAlive } from '@/tests/servers/child';
import { everythingOnStdio, startEverything } from '@/tests/servers/everything';
import { startFastMcp } from '@/tests/servers/fastmcp';
import { startKitchenSink } from '@/tests/servers/kitchen-sink';
import { everyAnswer, everySchemaType } from '@/tests/servers/kitchen/form-schema';
import { oddResult } from '@/tests/servers/kitchen/content-tools';
import { startNonsense } from '@/tests/servers/nonsense';
import { nonsenseModes } from '@/tests/servers/nonsense-modes';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function closing<T extends { close(): Promise<unknown> }>(thing: T): T {
  closers.push(() => thing.close());
  return thing;
}

async function connectTo(url: string, options: AnsweringOptions = {}): Promise<AnsweringClient> {
  const connected = await answeringClient(new StreamableHTTPClientTransport(new URL(url)), options);
  closing(connected.client);
  return connected;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const everyCapability = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };
const sampled: Result = { model: 'm', role: 'assistant', content: { type: 'text', text: 'Words.' } };

describe('kitchen sink', () => {
  test('asks with every schema type, on the call’s stream, and records the answer', async () => {
    const kitchen = closing(await startKitchenSink());
    const agent = await connectTo(kitchen.url, { answer: () => accept(everyAnswer) });
    const result = await agent.call('ask_everything');
    expect(agent.questions[0]?.params['requestedSchema']).toEqual(everySchemaType);
    expect(result.structuredContent).toEqual({ action: 'accept', content: everyAnswer });
    expect(kitchen.records.of('answer_received')[0]).toMatchObject({
      method: 'elicitation/create',
      result: { action: 'accept', content: everyAnswer },
    });
    expect(kitchen.records.of('execution_finished')).toMatchObject([{ tool: 'ask_everything', outcome: 'result' }]);
  });

  test('can ask on the standalone stream', async () => {
    const kitchen = closing(await startKitchenSink({ questionsOn: 'standalone' }));
    const agent = await connectTo(kitchen.url, { answer: () => accept({ value: 'x' }) });
    await kitchen.records.waitFor('http_received', ({ method }) => method === 'GET');
    expect(JSON.parse(textOf(await agent.call('ask_simple')))).toEqual({ action: 'accept', content: { value: 'x' } });
  });

  test('every tool answers, or fails as it says', async () => {
    const kitchen = closing(await startKitchenSink({ toolsPerPage: 7 }));
    const agent = await connectTo(kitchen.url, {
      capabilities: everyCapability,
      answer: ({ method }) =>
        method === 'sampling/createMessage' ? sampled : method === 'roots/list' ? { roots: [] } : { action: 'decline' },
    });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await agent.client.listTools(cursor === undefined ? {} : { cursor });
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const failing = ['throws', 'ask_url_error', 'write_after_pages', 'nonsense_result'];
    for (const name of names.filter((one) => !['slow', 'ticking', ...failing].includes(one))) {
      const result = await agent.call(name, { message: 'm' });
      expect([name, result.isError ?? false]).toEqual([name, ['is_error', 'spawn_grandchild'].includes(name)]);
    }
    await expect(agent.call('throws')).rejects.toMatchObject({ code: -32055, data: { opensAt: '18:00' } });
    await expect(agent.call('ask_url_error')).rejects.toMatchObject({ code: -32042 });
    await expect(agent.call('write_after_pages')).rejects.toMatchObject({ code: -32042 });
    await expect(agent.call('nonsense_result', { kind: 'unknown_content' })).rejects.not.toBeInstanceOf(McpError);
    expect(kitchen.records.of('execution_started').map(({ tool }) => tool)).toEqual(expect.arrayContaining(failing));
    expect(agent.notifications.filter(({ method }) => method === 'notifications/message')).toHaveLength(9);
  });

  test('puts odd content on the wire as it is', async () => {
    const kitchen = closing(await startKitchenSink());
    const agent = await connectTo(kitchen.url);
    const seen = new Promise((resolve) => {
      const { transport } = agent.client;
      if (transport === undefined) throw new Error('not connected');
      const before = transport.onmessage;
      transport.onmessage = (message, extra) => {
        if ('result' in message) resolve(message.result);
        before?.(message, extra);
      };
    });
    await agent.call('odd_content');
    expect(await seen).toEqual(oddResult);
  });

  test('slow is released or cancelled; the end of a URL is told; tools are added; sessions are forgotten', async () => {
    const kitchen = closing(await startKitchenSink());
    const agent = await connectTo(kitchen.url, { answer: () => ({ action: 'accept' }) });
    const stop = new AbortController();
    const cancelled = agent.call('slow', {}, stop.signal).catch((error: unknown) => error);
    await kitchen.records.waitFor('execution_started');
    stop.abort('enough');
    await cancelled;
    await kitchen.records.waitFor('execution_finished', ({ outcome }) => outcome === 'cancelled');
    expect(await kitchen.records.waitFor('cancel_received')).toMatchObject({ reason: 'enough' });

    const released = agent.call('slow');
    await kitchen.records.waitFor('execution_started', ({ execution }) => execution === 2);
    kitchen.release();
    expect(textOf(await released)).toBe('released');

    const connecting = agent.call('ask_url', { elicitationId: 'e-1' });
    await kitchen.records.waitFor('answer_received');
    await kitchen.completeElicitation('e-1');
    expect((await connecting).structuredContent).toEqual({ action: 'accept', completed: true });
    expect(agent.notifications).toContainEqual(
      expect.objectContaining({ method: 'notifications/elicitation/complete', params: { elicitationId: 'e-1' } }),
    );

    await kitchen.addTool('fresh');
    expect(textOf(await agent.call('fresh'))).toBe('fresh was called');
    await kitchen.forgetSessions();
    await expect(agent.call('echo', { message: 'm' })).rejects.toMatchObject({ code: 404 });
  });

  test('records DELETE, offers resources, a prompt and completion', async () => {
    const kitchen = closing(await startKitchenSink());
    const transport = new StreamableHTTPClientTransport(new URL(kitchen.url));
    const { client } = await answeringClient(transport);
    closing(client);
    expect((await client.listResources()).resources).toHaveLength(2);
    expect((await client.getPrompt({ name: 'plan_menu', arguments: { cuisine: 'thai' } })).messages).toHaveLength(1);
    const ref = { type: 'ref/prompt' as const, name: 'plan_menu' };
    const completed = await client.complete({ ref, argument: { name: 'cuisine', value: 'ge' } });
    expect(completed.completion.values).toEqual(['georgian', 'german']);
    const { sessionId } = transport;
    await transport.terminateSession();
    expect(kitchen.records.of('delete_received')).toMatchObject([{ sessionId, status: 200 }]);
    expect(kitchen.sessionIds()).toEqual([]);
  });

  test('on stdio it is released by SIGUSR2, and a stubborn one ignores SIGTERM', async () => {
    const { command, args, env } = await kitchenSinkOnStdio({ KITCHEN_STUBBORN: '1' });
    const transport = new StdioClientTransport({ command, args: [...args], env: { ...env } });
    const agent = await answeringClient(transport);
    const pid = transport.pid ?? 0;
    const { promise, resolve } = deferred();
    const released = agent.client.callTool({ name: 'slow' }, undefined, { onprogress: resolve });
    await promise;
    process.kill(pid, 'SIGUSR2');
    expect((await released).content).toEqual([{ type: 'text', text: 'released' }]);
    process.kill(pid, 'SIGTERM');
    await agent.client.ping();
    process.kill(pid, 'SIGKILL');
    await agent.client.close();
    expect(isAlive(pid)).toBe(false);
  });

  test('on stdio it keeps its records in a file, and starts a grandchild that outlives it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kitchen-'));
    closers.push(() => rm(folder, { recursive: true }));
    const { command, args, env } = await kitchenSinkOnStdio({ KITCHEN_RECORDS: join(folder, 'records') });
    const transport = new StdioClientTransport({ command, args: [...args], env: { ...env } });
    const agent = await answeringClient(transport);
    const { pid } = (await agent.call('spawn_grandchild')).structuredContent as { pid: number };
    await agent.client.close();
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    const lines = (await readFile(join(folder, 'records'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(
      expect.arrayContaining(['process_started', 'session_opened', 'execution_started', 'execution_finished']),
    );
  });
});

describe('fastmcp', () => {
  test('elicits, samples, reports progress, logs and streams', async () => {
    const server = closing(await startFastMcp());
    const agent = await connectTo(server.url, {
      answer: ({ method }) => (method === 'sampling/createMessage' ? sampled : accept({ value: 'v' })),
    });
    expect(JSON.parse(textOf(await agent.call('elicit_value')))).toEqual({ action: 'accept', content: { value: 'v' } });
    expect(JSON.parse(textOf(await agent.call('sample')))).toMatchObject({ content: { text: 'Words.' } });
    expect(textOf(await agent.call('report_progress'))).toBe('three steps done');
    expect(agent.progress).toHaveLength(3);
    expect(textOf(await agent.call('write_logs'))).toBe('logged');
    expect(textOf(await agent.call('stream_content'))).toBe('the whole');
    expect((await agent.call('user_error')).isError).toBe(true);
    expect(server.records.executions('elicit_value')).toHaveLength(1);
  });
});

describe('server-everything', () => {
  test('runs over Streamable HTTP, and close ends its process', async () => {
    const server = await startEverything();
    try {
      const agent = await connectTo(server.url);
      expect(textOf(await agent.call('echo', { message: 'hi' }))).toBe('Echo: hi');
      expect(isAlive(server.child.pid)).toBe(true);
    } finally {
      await server.close();
    }
    expect(isAlive(server.child.pid)).toBe(false);
  });

  test('runs on stdio', async () => {
    const { command, args } = everythingOnStdio;
    const agent = await answeringClient(new StdioClientTransport({ command, args: [...args], stderr: 'ignore' }));
    closing(agent.client);
    expect(textOf(await agent.call('echo', { message: 'hi' }))).toBe('Echo: hi');
  });
});

describe('nonsense', () => {
  const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'anything' } };
  const silent: readonly string[] = ['never_answers', 'call_never_answers', 'call_silent_stream'];

  test.each(nonsenseModes.filter((mode) => mode.startsWith('call_') && !silent.includes(mode)))(
    '%s initialises properly and then does something else than a proper answer',
    async (mode) => {
      const server = closing(await startNonsense({ mode }));
      const agent = await connectTo(server.url);
      expect((await agent.client.listTools()).tools).toHaveLength(1);
      const response = await fetch(server.url, { method: 'POST', body: JSON.stringify(call) });
      const reader = response.body?.getReader();
      const first = await reader?.read().catch((error: unknown) => ({ value: undefined, error }));
      await reader?.cancel().catch(() => undefined);
      const text = first?.value === undefined ? '' : new TextDecoder().decode(first.value);
      expect(text).not.toBe('{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"a proper result"}]}}');
      expect(server.requests.some(({ rpcMethod }) => rpcMethod === 'tools/call')).toBe(true);
    },
  );

  test.each([
    ['html', /content type/i],
    ['invalid_json', /JSON/],
    ['status_500', /Internal Server Error/],
    ['status_401', /401|POSTing/],
    ['redirect', /redirect/i],
    ['wrong_jsonrpc_version', /jsonrpc/],
    ['initialize_without_result', /result|unrecognized/i],
    ['unknown_protocol_version', /protocol version/i],
  ] as const)('%s fails the handshake of the SDK’s client', async (mode, message) => {
    const server = closing(await startNonsense({ mode, redirectTo: 'http://127.0.0.1:1/mcp' }));
    await expect(connectTo(server.url)).rejects.toThrow(message);
  });

  test.each([
    ['session_gone_404', 404],
    ['session_gone_400', 400],
  ] as const)('%s initialises and then knows no session', async (mode, status) => {
    const server = closing(await startNonsense({ mode }));
    const initialized = await fetch(server.url, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize' }),
    });
    const sessionId = initialized.headers.get('mcp-session-id') ?? '';
    const next = await fetch(server.url, { method: 'DELETE', headers: { 'mcp-session-id': sessionId } });
    expect([initialized.status, next.status]).toEqual([200, status]);
    expect(await next.text()).toMatch(/session/i);
  });

  test.each(silent)('%s receives the request and stays silent', async (mode) => {
    const server = closing(await startNonsense({ mode: mode as (typeof nonsenseModes)[number] }));
    const stop = new AbortController();
    const answered = fetch(server.url, { method: 'POST', body: JSON.stringify(call), signal: stop.signal }).then(
      (one) => one.text(),
    );
    await server.waitForRequest(({ rpcMethod }) => rpcMethod === 'tools/call');
    stop.abort();
    await expect(answered).rejects.toThrow('aborted');
  });

  test('bad_tools and endless_tools list what nobody can use', async () => {
    const list = JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/list' });
    const bad = closing(await startNonsense({ mode: 'bad_tools' }));
    const { result } = (await (await fetch(bad.url, { method: 'POST', body: list })).json()) as {
      result: { tools: unknown[] };
    };
    expect(result.tools).toHaveLength(11);
    const endless = closing(await startNonsense({ mode: 'endless_tools' }));
    expect(await (await fetch(endless.url, { method: 'POST', body: list })).json()).toMatchObject({
      result: { nextCursor: 'again' },
    });
  });
});
