import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownTools } from '@/server/downstream/own-tools';
import { Heard } from '@/tests/downstream/heard';
import { type Message, RawAgent } from '@/tests/downstream/raw-agent';
import { type Everything, startEverything } from '@/tests/servers/everything';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

let kitchen: KitchenSink;
let everything: Everything;
let holdpoint: Holdpoint;
/** The same server asked directly, and through Holdpoint. */
let direct: RawAgent;
let through: RawAgent;

beforeAll(async () => {
  kitchen = await startKitchenSink({ toolsPerPage: 7 });
  everything = await startEverything();
  holdpoint = await startHoldpoint({
    servers: [
      { name: 'kitchen', url: kitchen.url },
      { name: 'everything', url: everything.url },
    ],
  });
  direct = new RawAgent(kitchen.url, null);
  through = new RawAgent(holdpoint.urlOf('kitchen'), holdpoint.agentKey);
  await direct.initialize();
});

afterAll(async () => {
  await holdpoint.close();
  await everything.close();
  await kitchen.close();
});

function resultOf(text: string): string {
  const { result } = JSON.parse(text) as { result: unknown };
  return JSON.stringify(result);
}

function parsed(text: string | undefined): { readonly result: Readonly<Record<string, unknown>> } {
  return JSON.parse(text ?? '') as { result: Record<string, unknown> };
}

describe('/mcp/{server} stands in for the server', () => {
  test('it introduces itself as the server does', async () => {
    const own = new RawAgent(kitchen.url, null);
    const opened = await own.initialize();
    const ours = await through.initialize();
    const [theirs, given] = [opened, ours].map(
      (reply) => parsed(reply.events.findLast((event) => event.data !== '')?.data).result,
    );
    expect(given?.['serverInfo']).toMatchObject({ name: 'kitchen-sink', version: '1.0.0' });
    expect(given?.['instructions']).toBe('Everything an MCP server can do, for tests.');
    const tasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
    expect(given?.['capabilities']).toEqual({ ...(theirs?.['capabilities'] as object), tasks });
    expect(through.sessionId).toMatch(/^ses_/);
  });

  test('tools are the server’s own, byte for byte, over all its pages', async () => {
    const tools: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const { result } = (await direct.request('tools/list', cursor === undefined ? {} : { cursor })) as {
        result: { tools: unknown[]; nextCursor?: string };
      };
      tools.push(...result.tools);
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    // What is ours: that any call may be a task, and two tools after the server's own.
    const listed = tools.map((tool) => ({ ...(tool as object), execution: { taskSupport: 'optional' } }));
    expect(resultOf(await through.requestText('tools/list'))).toBe(JSON.stringify({ tools: [...listed, ...ownTools] }));
    // A client from before tasks gets nothing that it does not know.
    const older = new RawAgent(holdpoint.urlOf('kitchen'), holdpoint.agentKey, '2025-06-18');
    await older.initialize();
    expect(resultOf(await older.requestText('tools/list'))).toBe(JSON.stringify({ tools: [...tools, ...ownTools] }));
  });

  test('on /mcp only the name differs', async () => {
    const all = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
    await all.initialize();
    const { result } = (await all.request('tools/list')) as { result: { tools: readonly Message[] } };
    const { result: own } = (await through.request('tools/list')) as { result: { tools: readonly Message[] } };
    expect(result.tools.filter((tool) => String(tool['name']).startsWith('kitchen__'))).toEqual(
      own.tools.slice(0, -ownTools.length).map((tool) => ({ ...tool, name: `kitchen__${String(tool['name'])}` })),
    );
    expect(result.tools.slice(-ownTools.length)).toEqual(ownTools);
    expect(result.tools.map((tool) => tool['name'])).toContain('everything__get-sum');
  });

  test.each([
    ['odd_content', {}],
    ['structured', { city: 'Ulm' }],
    ['echo', { message: '\u2028 "quoted" \\ ñ 🙂' }],
    ['is_error', {}],
  ])('the result of %s is the server’s, byte for byte', async (name, args) => {
    const params = { name, arguments: args };
    expect(resultOf(await through.requestText('tools/call', params))).toBe(
      resultOf(await direct.requestText('tools/call', params)),
    );
  });

  test('an error of the server is the server’s, byte for byte', async () => {
    const errorOf = (text: string): string => JSON.stringify((JSON.parse(text) as { error: unknown }).error);
    // One that names pages waits for them instead: tests/engine/turning-back.test.ts.
    expect(errorOf(await through.requestText('tools/call', { name: 'throws' }))).toBe(
      errorOf(await direct.requestText('tools/call', { name: 'throws' })),
    );
  });

  test('arguments and _meta reach the server whole, without the agent’s progress token', async () => {
    const odd = '{"message":"m","nested":{"a":[1,null,{"__proto__":{"x":1},"":""}],"big":1e+300},"constructor":"c"}';
    await through.post(
      `{"jsonrpc":"2.0","id":"odd","method":"tools/call","params":{"name":"echo","arguments":${odd},"_meta":{"progressToken":"mine","example.com/trace":{"id":[7]}}}}`,
    );
    const seen = kitchen.records.executions('echo').at(-1);
    expect(JSON.stringify(seen?.args)).toBe(odd);
    expect(seen?.meta).toMatchObject({ 'example.com/trace': { id: [7] } });
    expect(JSON.stringify(seen?.meta)).not.toContain('mine');
  });

  test.each([
    ['prompts/list', {}],
    ['prompts/get', { name: 'plan_menu', arguments: { cuisine: 'thai' } }],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'kitchen://photo' }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'plan_menu' }, argument: { name: 'cuisine', value: 'ge' } },
    ],
  ])('%s', async (method, params) => {
    expect(resultOf(await through.requestText(method, params))).toBe(
      resultOf(await direct.requestText(method, params)),
    );
  });

  test.each([
    ['resources/read', { uri: 'kitchen://nothing' }],
    ['prompts/get', { name: 'nothing' }],
  ])('an error of %s keeps its code, words and data', async (method, params) => {
    const [ours, theirs] = [await through.request(method, params), await direct.request(method, params)];
    expect(ours['error']).toEqual(theirs['error']);
  });

  test('a progress token beside a prompt is not taken for a call’s', async () => {
    const reply = await through.request('prompts/list', { _meta: { progressToken: 1 } });
    expect(reply).toHaveProperty('result.prompts');
  });

  test('logs keep their own logger', async () => {
    const { client } = await holdpoint.connect({ server: 'kitchen' });
    const heard = new Heard(client);
    await client.callTool({ name: 'logs', arguments: {} });
    await heard.until((all) => all.some(({ params }) => params['data'] === 'a bare string, no logger'));
    expect(heard.of('notifications/message')[0]?.params).toEqual({
      level: 'debug',
      logger: 'kitchen',
      data: { says: 'this is debug' },
    });
    expect(heard.of('notifications/message').at(-1)?.params).toEqual({
      level: 'info',
      data: 'a bare string, no logger',
    });
  });

  test('a subscription’s updates come through', async () => {
    const { client } = await holdpoint.connect({ server: 'everything' });
    const heard = new Heard(client);
    const uri = (await client.listResources()).resources[0]?.uri ?? '';
    await client.subscribeResource({ uri });
    await client.callTool({ name: 'toggle-subscriber-updates', arguments: {} });
    await heard.until((all) =>
      all.some(({ method, params }) => method === 'notifications/resources/updated' && params['uri'] === uri),
    );
    await client.callTool({ name: 'toggle-subscriber-updates', arguments: {} });
    expect(await client.unsubscribeResource({ uri })).toEqual({});
  });

  test('what /mcp does not offer is said to be missing, not half served', async () => {
    const all = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
    await all.initialize();
    for (const method of ['prompts/list', 'resources/list', 'completion/complete', 'tasks/nothing', 'nothing/at/all']) {
      expect(await all.request(method)).toMatchObject({ error: { code: -32601 } });
    }
    const older = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey, '2025-06-18');
    await older.initialize();
    for (const method of ['tasks/list', 'tasks/get', 'tasks/result', 'tasks/cancel']) {
      expect(await older.request(method)).toMatchObject({ error: { code: -32601 } });
    }
  });
});

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
