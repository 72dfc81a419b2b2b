import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, test } from 'vitest';
import { type Message, RawAgent } from '@/tests/downstream/raw-agent';
import { startLives, type TwoLives } from '@/tests/downstream/two-lives';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(holdMs: number | null = null): Promise<{ kitchen: KitchenSink; lives: TwoLives }> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const lives = await startLives(kitchen.url, holdMs);
  closers.push(() => lives.close());
  return { kitchen, lives };
}

async function rawAgent(lives: TwoLives): Promise<RawAgent> {
  const agent = new RawAgent(lives.mcpUrl, lives.key);
  await agent.initialize();
  return agent;
}

const ask = { name: 'kitchen__ask_simple', arguments: {} };

describe('Holdpoint is started anew while a person thinks', () => {
  test('I5 the SDK’s client notices nothing: its call comes back with the answer given afterwards', async () => {
    const { kitchen, lives } = await start();
    const client = new Client({ name: 'test-agent', version: '1' });
    closers.push(() => client.close());
    const transport = new StreamableHTTPClientTransport(new URL(lives.mcpUrl), {
      requestInit: { headers: { authorization: `Bearer ${lives.key}` } },
      reconnectionOptions: {
        initialReconnectionDelay: 50,
        maxReconnectionDelay: 200,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 100,
      },
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    const asked = client.callTool(ask, undefined, { timeout: 50_000 });
    const before = await lives.openRequest();
    await lives.restart();
    const after = await lives.openRequest();
    expect(after.requestId).toBe(before.requestId);
    await lives.accept(after, { value: 'after all' });
    expect(await asked).toMatchObject({ structuredContent: { content: { value: 'after all' } } });
    expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
    // Its session goes on as well.
    expect(await client.callTool({ name: 'kitchen__echo', arguments: { message: 'on' } })).toMatchObject({
      content: [{ text: 'echo: on' }],
    });
  });

  test('I5 a ticket, a task and an idempotency key are good in the next life', async () => {
    const { kitchen, lives } = await start(1);
    const agent = await rawAgent(lives);
    const key = { 'holdpoint/idempotencyKey': 'k-1' };
    const waiting = (await agent.request('tools/call', { ...ask, _meta: key })) as {
      result: { _meta: { 'holdpoint/ticket': string } };
    };
    const ticket = waiting.result._meta['holdpoint/ticket'];
    await lives.openRequest();
    await lives.restart();
    await lives.accept(await lives.openRequest(), { value: 'v' });
    const other = await rawAgent(lives);
    const collected = await until(() =>
      other.request('tools/call', { name: 'holdpoint_await', arguments: { ticket } }),
    );
    expect(collected).toMatchObject({ structuredContent: { content: { value: 'v' } } });
    const again = await until(() => agent.request('tools/call', { ...ask, _meta: key }));
    expect(again).toEqual(collected);
    expect(await other.request('tasks/get', { taskId: ticket })).toMatchObject({ result: { status: 'completed' } });
    expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
  });

  test('I5 a task made before is listed, waited for and collected after', async () => {
    const { lives } = await start();
    const agent = await rawAgent(lives);
    const made = (await agent.request('tools/call', { ...ask, task: { ttl: 60_000 } })) as unknown as {
      result: { task: { taskId: string } };
    };
    const { taskId } = made.result.task;
    await lives.openRequest();
    await lives.restart();
    expect(await agent.request('tasks/list')).toMatchObject({
      result: { tasks: [{ taskId, status: 'working', ttl: 60_000 }] },
    });
    const collected = agent.request('tasks/result', { taskId });
    await lives.accept(await lives.openRequest(), { value: 'v' });
    expect(await collected).toMatchObject({ result: { structuredContent: { content: { value: 'v' } } } });
  });
});

/** Asks until there is a result and no ticket. */
async function until(ask: () => Promise<Message>): Promise<unknown> {
  for (let polls = 0; polls < 4_000; polls += 1) {
    const { result } = (await ask()) as { result?: { _meta?: Readonly<Record<string, unknown>> } };
    if (result?._meta?.['holdpoint/outcome'] !== 'waiting') return result;
  }
  throw new Error('still no result');
}
