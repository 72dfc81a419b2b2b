import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { replaceEndpoint } from '@/tests/downstream/new-endpoint';
import { type Message, RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint, type TestAgent } from '@/tests/support/holdpoint';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const agents = { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: 50, clients: [] } as const;

async function start(): Promise<{
  readonly kitchen: KitchenSink;
  readonly holdpoint: Holdpoint;
  readonly own: TestAgent;
}> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const holdpoint = await startHoldpoint({
    servers: [{ name: 'kitchen', url: kitchen.url }],
    settings: { agents },
  });
  closers.push(() => holdpoint.close());
  return { kitchen, holdpoint, own: holdpoint.addAgent('its own') };
}

async function rawAgent(holdpoint: Holdpoint, key = holdpoint.agentKey): Promise<RawAgent> {
  const agent = new RawAgent(holdpoint.mcpUrl, key);
  await agent.initialize();
  return agent;
}

interface TaskReply {
  readonly result: { readonly task: { readonly taskId: string } };
}

async function create(agent: RawAgent, tool: string, task: unknown = {}): Promise<string> {
  const reply = await agent.request('tools/call', { name: `kitchen__${tool}`, arguments: {}, task });
  return (reply as unknown as TaskReply).result.task.taskId;
}

const whole = {
  statusMessage: expect.any(String) as string,
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
  lastUpdatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
  pollInterval: expect.any(Number) as number,
};

describe('a call as a task', () => {
  test('the SDK’s client makes it, polls it and collects it', async () => {
    const { kitchen, holdpoint } = await start();
    const { client } = await holdpoint.connect();
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'kitchen__ask_simple')?.execution).toEqual({ taskSupport: 'optional' });
    const stream = client.experimental.tasks.callToolStream({ name: 'kitchen__ask_simple', arguments: {} });
    const heard: { readonly type: string }[] = [];
    const answered = holdpoint.answerNext('form', 'accept', { value: 'eu' });
    for await (const message of stream) heard.push(message);
    await answered;
    expect(heard[0]).toMatchObject({ type: 'taskCreated', task: { status: 'working', ttl: null, ...whole } });
    expect(heard.at(-1)).toMatchObject({
      type: 'result',
      result: { structuredContent: { action: 'accept', content: { value: 'eu' } } },
    });
    expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
  });

  test('says in words that a person is asked: never that the agent has to answer', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const taskId = await create(agent, 'ask_simple', { ttl: 60_000 });
    await holdpoint.waitForRequest('form');
    const { result } = (await agent.request('tasks/get', { taskId })) as { result: Message };
    expect(result).toEqual({ taskId, status: 'working', ttl: 60_000, ...whole });
    expect(result['statusMessage']).toContain('A person is being asked');
  });

  test('tasks/result waits, is heard through a break, and carries its task; delivery is recorded then (I2)', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const taskId = await create(agent, 'ask_simple');
    const { request } = await holdpoint.waitForRequest('form');
    const body = { jsonrpc: '2.0', id: 'collect', method: 'tasks/result', params: { taskId } };
    const first = await agent.stream({ body });
    const opening = await first.next();
    first.drop();
    const second = await agent.stream({ lastEventId: opening?.id ?? '' });
    await second.next();
    await holdpoint.answer(request, 'accept', { value: 'v' });
    const told = JSON.parse((await second.nextMessage())?.data ?? '') as Message;
    expect(told).toMatchObject({
      id: 'collect',
      result: {
        structuredContent: { content: { value: 'v' } },
        _meta: { 'io.modelcontextprotocol/related-task': { taskId } },
      },
    });
    expect((await agent.request('tasks/result', { taskId }))['result']).toEqual(told['result']);
    expect(await agent.request('tasks/get', { taskId })).toMatchObject({ result: { status: 'completed' } });
  });

  test('one that fails: as a tool, as JSON-RPC, by refusal', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const asTool = await create(agent, 'is_error');
    expect(await agent.request('tasks/result', { taskId: asTool })).toMatchObject({ result: { isError: true } });
    expect(await agent.request('tasks/get', { taskId: asTool })).toMatchObject({ result: { status: 'failed' } });
    const asRpc = await create(agent, 'throws');
    expect(await agent.request('tasks/result', { taskId: asRpc })).toMatchObject({
      error: { code: -32055, data: { opensAt: '18:00' } },
    });
    expect(await agent.request('tasks/get', { taskId: asRpc })).toMatchObject({ result: { status: 'failed' } });
    expect(await agent.request('tools/call', { name: 'kitchen__nothing', arguments: {}, task: {} })).toMatchObject({
      error: { code: -32602 },
    });
  });

  test('is cancelled once; what is over stays as it is', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const taskId = await create(agent, 'slow');
    await kitchen.records.waitFor('execution_started');
    expect(await agent.request('tasks/cancel', { taskId })).toMatchObject({ result: { taskId, status: 'cancelled' } });
    await kitchen.records.waitFor('cancel_received');
    expect(await agent.request('tasks/cancel', { taskId })).toMatchObject({ error: { code: -32602 } });
    expect(await agent.request('tasks/result', { taskId })).toMatchObject({ result: { isError: true } });
  });

  test('I5 it is good in another session, in a new life of the endpoint, and when its session is over', async () => {
    const { holdpoint, own } = await start();
    const agent = await rawAgent(holdpoint, own.key);
    const taskId = await create(agent, 'ask_simple');
    const { request } = await holdpoint.waitForRequest('form');
    replaceEndpoint(holdpoint, { agent: own, agents });
    expect(await agent.request('tasks/get', { taskId })).toMatchObject({ result: { status: 'working' } });
    const other = await rawAgent(holdpoint, own.key);
    const collected = other.request('tasks/result', { taskId });
    await holdpoint.answer(request, 'accept', { value: 'v' });
    expect(await collected).toMatchObject({ result: { structuredContent: { content: { value: 'v' } } } });
    await agent.send('DELETE');
    expect(await other.request('tasks/result', { taskId })).toMatchObject({
      result: { structuredContent: { content: { value: 'v' } } },
    });
    expect(await other.request('tasks/list')).toMatchObject({ result: { tasks: [{ taskId, status: 'completed' }] } });
  });

  test('they are listed by pages, the newest first', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const made: string[] = [];
    for (let n = 0; n < 53; n += 1) made.push(await create(agent, 'is_error'));
    const listed: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ; ) {
      const { result } = (await agent.request('tasks/list', cursor === undefined ? {} : { cursor })) as unknown as {
        result: { tasks: { taskId: string }[]; nextCursor?: string };
      };
      listed.push(...result.tasks.map(({ taskId }) => taskId));
      pages += 1;
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    expect(pages).toBe(2);
    expect(listed.toSorted()).toEqual(made.toSorted());
  });

  test('a call that is no task is no business of this list, and a plain call of an older client stays plain', async () => {
    const { holdpoint } = await start();
    const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey, '2025-06-18');
    await agent.initialize();
    const reply = await agent.request('tools/call', { name: 'kitchen__is_error', arguments: {}, task: {} });
    expect(reply).not.toHaveProperty('result.task');
    const { client } = await holdpoint.connect();
    expect((await client.experimental.tasks.listTasks()).tasks).toEqual([]);
  });

  test('our own tools are none', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const params = { name: 'holdpoint_await', arguments: { ticket: 'call_000000000000' }, task: {} };
    expect(await agent.request('tools/call', params)).toMatchObject({ error: { code: -32601 } });
  });

  test('the SDK’s client cancels and collects with its own methods', async () => {
    const { holdpoint } = await start();
    const { client } = await holdpoint.connect();
    const agent = await rawAgent(holdpoint);
    const taskId = await create(agent, 'ask_simple');
    await holdpoint.waitForRequest('form');
    expect(await client.experimental.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
    expect(await client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema)).toMatchObject({
      isError: true,
    });
  });
});

describe('hostile tasks', () => {
  test('I11 another agent’s task reads as one that never was', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const taskId = await create(agent, 'ask_simple');
    await holdpoint.waitForRequest('form');
    const thief = await rawAgent(holdpoint, holdpoint.addAgent('thief').key);
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      const stolen = await thief.request(method, { taskId });
      expect(stolen).toMatchObject({ error: { code: -32602, message: 'Task not found.' } });
      expect((await thief.request(method, { taskId: 'call_000000000000' }))['error']).toEqual(stolen['error']);
    }
    expect(await thief.request('tasks/list')).toMatchObject({ result: { tasks: [] } });
    expect(await thief.request('tasks/list', { cursor: taskId })).toMatchObject({ error: { code: -32602 } });
    expect(await agent.request('tasks/get', { taskId })).toMatchObject({ result: { status: 'working' } });
  });

  test('what is no task, no id, no cursor is said to be so', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    for (const taskId of [undefined, null, 7, {}, '', '__proto__', 'x'.repeat(100_000)]) {
      for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel'])
        expect(await agent.request(method, { taskId })).toMatchObject({ error: { code: -32602 } });
    }
    for (const cursor of [7, '', 'x', {}, 'call_000000000000'])
      expect(await agent.request('tasks/list', { cursor })).toMatchObject({ error: { code: -32602 } });
    for (const task of [7, 'x', [], { ttl: 'long' }, { ttl: -1 }]) {
      const params = { name: 'kitchen__is_error', arguments: {}, task };
      expect(await agent.request('tools/call', params)).toMatchObject({ error: { code: -32602 } });
    }
    expect(await agent.request('tasks/list')).toMatchObject({ result: { tasks: [] } });
    expect(holdpoint.complaints).toEqual([]);
  });
});
