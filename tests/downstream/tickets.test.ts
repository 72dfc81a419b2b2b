import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { PolicyRule } from '@/lib/domain/policy/rule';
import type { AgentSettings } from '@/server/engine/ports/servers';
import { replaceEndpoint } from '@/tests/downstream/new-endpoint';
import { type Message, RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';
import { ruleOf } from '@/tests/support/desk';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Place {
  readonly kitchen: KitchenSink;
  readonly holdpoint: Holdpoint;
}

/** Every call is held for an approval: a person is asked from its first moment. */
const holdAll = ruleOf({ id: 'hold-all', decision: 'hold' });

async function start(agents: Partial<AgentSettings> = {}, rules?: readonly PolicyRule[]): Promise<Place> {
  const kitchen = await startKitchenSink();
  closers.push(() => kitchen.close());
  const holdpoint = await startHoldpoint({
    servers: [{ name: 'kitchen', url: kitchen.url }],
    ...(rules === undefined ? {} : { rules }),
    settings: {
      heartbeatMs: 20,
      agents: { onDisconnect: 'keep', disconnectGraceMs: 30_000, holdMs: 50, clients: [], ...agents },
    },
  });
  closers.push(() => holdpoint.close());
  return { kitchen, holdpoint };
}

async function rawAgent(holdpoint: Holdpoint, key = holdpoint.agentKey): Promise<RawAgent> {
  const agent = new RawAgent(holdpoint.mcpUrl, key);
  await agent.initialize();
  return agent;
}

interface Told {
  readonly result?: {
    readonly isError?: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly _meta?: { readonly 'holdpoint/ticket'?: string; readonly 'holdpoint/outcome'?: string };
  };
}

function ticketOf(message: Message): string {
  return (message as Told).result?._meta?.['holdpoint/ticket'] ?? '';
}

function textOf(message: Message): string {
  return (message as Told).result?.content.map(({ text }) => text).join('\n') ?? '';
}

function call(agent: RawAgent, tool: string, args: object = {}): Promise<Message> {
  return agent.request('tools/call', { name: tool, arguments: args });
}

/** Polls as a model would, until there is a result. */
async function collected(agent: RawAgent, ticket: string): Promise<Message> {
  let last: Message = {};
  for (let polls = 0; polls < 400; polls += 1) {
    last = await call(agent, 'holdpoint_await', { ticket });
    if (ticketOf(last) === '') return last;
  }
  throw new Error(`still no result: ${textOf(last)}`);
}

describe('a client that cannot wait', () => {
  test('gets a ticket in words before its patience ends, and collects the very result with it', async () => {
    const { kitchen, holdpoint } = await start({}, [holdAll]);
    const agent = await rawAgent(holdpoint);
    const waiting = await call(agent, 'kitchen__write', { note: 'n' });
    expect(waiting).toMatchObject({
      result: {
        content: [{ type: 'text' }],
        _meta: { 'holdpoint/ticket': expect.stringMatching(/^call_/) as string, 'holdpoint/outcome': 'waiting' },
      },
    });
    expect(waiting).not.toHaveProperty('result.isError');
    expect(waiting).not.toHaveProperty('result.structuredContent');
    const ticket = ticketOf(waiting);
    for (const words of [
      'A person is being asked',
      'not a refusal',
      'holdpoint_await',
      ticket,
      'Do not call kitchen__write',
    ])
      expect(textOf(waiting)).toContain(words);
    // Still nobody: the same again, as often as it likes.
    const still = await call(agent, 'holdpoint_await', { ticket });
    expect(textOf(still)).toContain('There is still no result');
    expect(ticketOf(still)).toBe(ticket);
    // The same call is the waiting one, whoever forgot the ticket.
    expect(ticketOf(await call(agent, 'kitchen__write', { note: 'n' }))).toBe(ticket);
    await holdpoint.answerNext('approval', 'accept');
    const first = await collected(agent, ticket);
    expect(first).toMatchObject({ result: { structuredContent: { written: 1 } } });
    expect(JSON.stringify((await collected(agent, ticket))['result'])).toBe(JSON.stringify(first['result']));
    expect(kitchen.records.executions('write')).toHaveLength(1);
  });

  test.each(['before', 'after'])(
    'the SDK’s client bears a ticket for a tool that promises structured content, %s we were restarted',
    async (when) => {
      const { holdpoint } = await start({}, [holdAll]);
      const agent = holdpoint.addAgent('its own');
      const { client } = await holdpoint.connect({ key: agent.key });
      await client.listTools();
      const agents: AgentSettings = { onDisconnect: 'keep', disconnectGraceMs: 1, holdMs: 50, clients: [] };
      if (when === 'after') replaceEndpoint(holdpoint, { agent, agents });
      const result = await client.callTool({ name: 'kitchen__structured', arguments: { city: 'Riga' } });
      // Marked as an error, without which the SDK throws; the words say that it is none.
      expect(result).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'waiting' } });
      expect(JSON.stringify(result.content)).toContain('This is not a refusal and not an error');
      const plain = await client.callTool({ name: 'kitchen__echo', arguments: { message: 'm' } });
      expect(plain).toMatchObject({ _meta: { 'holdpoint/outcome': 'waiting' } });
      expect(plain['isError']).toBeUndefined();
    },
  );

  test('a long poll waits as long as it is told, and hears at once when the call is over', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__slow'));
    const at = Date.now();
    expect(ticketOf(await call(agent, 'holdpoint_await', { ticket, waitMs: 0 }))).toBe(ticket);
    expect(Date.now() - at).toBeLessThan(5_000);
    const stream = await agent.stream({
      body: {
        jsonrpc: '2.0',
        id: 'poll',
        method: 'tools/call',
        params: { name: 'holdpoint_await', arguments: { ticket }, _meta: { progressToken: 'beat' } },
      },
    });
    await stream.next();
    await kitchen.records.waitFor('execution_started');
    kitchen.release();
    let last: Message = {};
    for (let event = await stream.nextMessage(); event !== null; event = await stream.nextMessage())
      last = JSON.parse(event.data) as Message;
    expect(last).toMatchObject({ id: 'poll', result: { content: [{ text: 'released' }] } });
  });

  test('a progress token is heartbeats and no ticket, for the call and for the poll', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const params = { name: 'kitchen__ask_simple', arguments: {}, _meta: { progressToken: 1 } };
    const stream = await agent.stream({ body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params } });
    // Each is 20 ms after the other, the patience is 50.
    for (let n = 0; n < 6; n += 1) expect((await stream.nextMessage())?.data).toContain('A person is being asked');
    await holdpoint.answerNext('form', 'decline');
    for (;;) {
      const event = await stream.nextMessage();
      if (event?.data.includes('"id":1') !== true) continue;
      expect(event.data).toContain('decline');
      break;
    }
  });

  test('I7 who collects hears what became of it', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__ask_simple'));
    await holdpoint.answerNext('form', 'decline');
    expect(await collected(agent, ticket)).toMatchObject({ result: { structuredContent: { action: 'decline' } } });
  });

  test('giving up: the question is withdrawn, and who collects hears that', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__slow'));
    await kitchen.records.waitFor('execution_started');
    expect(await call(agent, 'holdpoint_cancel', { ticket, reason: 'no longer needed' })).toMatchObject({
      result: { content: [{ text: 'The call was given up.' }], _meta: { 'holdpoint/outcome': 'cancelled' } },
    });
    await kitchen.records.waitFor('cancel_received');
    expect(await collected(agent, ticket)).toMatchObject({
      result: { isError: true, _meta: { 'holdpoint/outcome': 'cancelled' } },
    });
    expect(textOf(await call(agent, 'holdpoint_cancel', { ticket }))).toContain('over already');
  });

  test('to stop polling is not to give up', async () => {
    const { kitchen, holdpoint } = await start({}, [holdAll]);
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__write'));
    const params = { name: 'holdpoint_await', arguments: { ticket }, _meta: { progressToken: 1 } };
    const polls = await Promise.all(
      ['a', 'b'].map((id) => agent.stream({ body: { jsonrpc: '2.0', id, method: 'tools/call', params } })),
    );
    for (const poll of polls) await poll.next();
    await agent.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a' } });
    polls[1]?.drop();
    for (let event = await polls[0]?.next(); event !== null; event = await polls[0]?.next())
      expect(event?.data).not.toContain('"id":"a"');
    await holdpoint.answerNext('approval', 'accept');
    expect(await collected(agent, ticket)).toMatchObject({ result: { structuredContent: { written: 1 } } });
    expect(kitchen.records.executions('write')).toHaveLength(1);
  });

  test('a ticket is good in another session, and when the one it was given in is over', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__ask_simple'));
    const other = await rawAgent(holdpoint);
    await holdpoint.answerNext('form', 'accept', { value: 'v' });
    expect(await collected(other, ticket)).toMatchObject({
      result: { structuredContent: { content: { value: 'v' } } },
    });
    const open = ticketOf(await call(agent, 'kitchen__slow'));
    await kitchen.records.waitFor('execution_started', ({ tool }) => tool === 'slow');
    expect((await agent.send('DELETE')).status).toBe(200);
    expect(await call(other, 'holdpoint_await', { ticket })).toMatchObject({ result: { structuredContent: {} } });
    expect(await call(other, 'holdpoint_await', { ticket: open })).toMatchObject({ result: { isError: true } });
  });
});

describe('hostile tickets', () => {
  test('I11 another agent’s ticket reads as one that never was', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const ticket = ticketOf(await call(agent, 'kitchen__ask_simple'));
    const thief = await rawAgent(holdpoint, holdpoint.addAgent('thief').key);
    for (const tool of ['holdpoint_await', 'holdpoint_cancel']) {
      const stolen = await call(thief, tool, { ticket });
      const never = await call(thief, tool, { ticket: 'call_000000000000' });
      expect(stolen).toMatchObject({ result: { isError: true } });
      expect(stolen['result']).toEqual(never['result']);
    }
    await holdpoint.answerNext('form', 'accept', { value: 'mine' });
    expect(await collected(agent, ticket)).toMatchObject({
      result: { structuredContent: { content: { value: 'mine' } } },
    });
  });

  test.each([
    {},
    { ticket: 7 },
    { ticket: null },
    { ticket: { $ne: null } },
    { ticket: '__proto__' },
    { ticket: 'x'.repeat(100_000) },
    { ticket: 'call_000000000000', waitMs: 'long' },
    { ticket: 'call_000000000000', waitMs: -1 },
    { ticket: 'call_000000000000', waitMs: 1e308 },
  ])('arguments that are none are said to be so, in words', async (args) => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const reply = await call(agent, 'holdpoint_await', args);
    expect(reply).toMatchObject({ result: { isError: true, content: [{ type: 'text' }] } });
    expect(JSON.stringify(reply).length).toBeLessThan(1_000);
    expect(holdpoint.complaints).toEqual([]);
  });
});

describe('profiles of clients', () => {
  test('a client that can do nothing with a ticket gets none: its patience is a deadline (I8)', async () => {
    const { holdpoint } = await start({
      holdMs: null,
      clients: [{ name: 'raw', version: '1*', holdMs: 60, tickets: false }],
    });
    const agent = await rawAgent(holdpoint);
    const reply = await call(agent, 'kitchen__ask_simple');
    expect(ticketOf(reply)).toBe('');
    expect(textOf(reply)).toMatch(/[Nn]o one answered/);
  });

  test('one that no profile knows waits as long as it is set', async () => {
    const { holdpoint } = await start({
      holdMs: null,
      clients: [{ name: 'other-*', version: null, holdMs: 1, tickets: true }],
    });
    const agent = await rawAgent(holdpoint);
    const asked = call(agent, 'kitchen__ask_simple');
    await holdpoint.answerNext('form', 'accept', { value: 'v' });
    expect(await asked).toMatchObject({ result: { structuredContent: { content: { value: 'v' } } } });
  });
});

describe('our own tools', () => {
  test('are listed after the servers’, and on /mcp/{server} as well', async () => {
    const { holdpoint } = await start();
    for (const server of [undefined, 'kitchen']) {
      const { client } = await holdpoint.connect(server === undefined ? {} : { server });
      const { tools } = await client.listTools();
      expect(tools.slice(-2).map(({ name }) => name)).toEqual(['holdpoint_await', 'holdpoint_cancel']);
      expect(tools.at(-2)?.annotations).toMatchObject({ readOnlyHint: true, idempotentHint: true });
      expect(tools.at(-1)?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false });
      expect(
        await client.callTool({ name: 'holdpoint_await', arguments: { ticket: 'call_000000000000' } }),
      ).toMatchObject({
        isError: true,
      });
    }
  });

  test('hide a tool of the same name on /mcp/{server}, and leave it reachable on /mcp', async () => {
    const { kitchen, holdpoint } = await start({ holdMs: null });
    await kitchen.addTool('holdpoint_await');
    const { client: one } = await holdpoint.connect({ server: 'kitchen' });
    const names = (await one.listTools()).tools.map(({ name }) => name);
    expect(names.filter((name) => name === 'holdpoint_await')).toHaveLength(1);
    expect(await one.callTool({ name: 'holdpoint_await', arguments: {} })).toMatchObject({ isError: true });
    const { client: all } = await holdpoint.connect();
    expect(await all.callTool({ name: 'kitchen__holdpoint_await', arguments: {} })).toMatchObject({
      content: [{ text: 'holdpoint_await was called' }],
    });
  });

  test('are no calls of the session', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    await call(agent, 'holdpoint_await', { ticket: 'call_000000000000' });
    const events = holdpoint.changes.flatMap((change) => (change.change === 'events' ? change.events : []));
    expect(events.map(({ type }) => type)).not.toContain('call.received');
  });
});

describe('one call, whatever happens', () => {
  const key = { 'holdpoint/idempotencyKey': 'order-66' };

  test('a key makes it one, from any session, in _meta or header; the server never sees the key', async () => {
    const { kitchen, holdpoint } = await start({ holdMs: null });
    const [agent, other] = [await rawAgent(holdpoint), await rawAgent(holdpoint)];
    const params = { name: 'kitchen__write', arguments: { note: 'n' } };
    const first = await agent.request('tools/call', { ...params, _meta: { ...key, 'example.com/kept': 1 } });
    const again = await other.post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
      { 'idempotency-key': 'order-66' },
    );
    expect(first).toMatchObject({ result: { structuredContent: { written: 1 } } });
    const told = again.events.findLast(({ data }) => data !== '')?.data ?? '';
    expect((JSON.parse(told) as Message)['result']).toEqual(first['result']);
    expect(kitchen.records.executions('write')).toHaveLength(1);
    const seen = JSON.stringify(kitchen.records.executions('write')[0]);
    expect(seen).toContain('example.com/kept');
    expect(seen).not.toContain('order-66');
  });

  test('I11 a key is its agent’s own', async () => {
    const { kitchen, holdpoint } = await start({ holdMs: null });
    const agents = [await rawAgent(holdpoint), await rawAgent(holdpoint, holdpoint.addAgent('other').key)];
    for (const agent of agents)
      await agent.request('tools/call', { name: 'kitchen__write', arguments: {}, _meta: key });
    expect(kitchen.records.executions('write')).toHaveLength(2);
  });

  test('two keys, a key that is none, a key for another call', async () => {
    const { kitchen, holdpoint } = await start({ holdMs: null });
    const agent = await rawAgent(holdpoint);
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'kitchen__write', arguments: {}, _meta: key },
    };
    expect((await agent.post(body, { 'idempotency-key': 'other' })).text).toContain('-32602');
    for (const bad of ['', 'a b', 7, null, 'x'.repeat(256)]) {
      const params = { name: 'kitchen__write', arguments: {}, _meta: { 'holdpoint/idempotencyKey': bad } };
      if (bad === null) continue;
      expect(await agent.request('tools/call', params)).toMatchObject({ error: { code: -32602 } });
    }
    expect(kitchen.records.executions('write')).toHaveLength(0);
    await agent.post(body);
    const params = { name: 'kitchen__write', arguments: { note: 'other' }, _meta: key };
    expect(await agent.request('tools/call', params)).toMatchObject({ error: { code: -32602 } });
    expect(kitchen.records.executions('write')).toHaveLength(1);
  });
});

test('the SDK’s client comes back to a stream that broke before its question was answered', async () => {
  const { kitchen, holdpoint } = await start({ holdMs: null });
  const { client } = await holdpoint.connect();
  let token = '';
  const asked = client.request(
    { method: 'tools/call', params: { name: 'kitchen__ask_simple', arguments: {} } },
    CallToolResultSchema,
    { onresumptiontoken: (given) => void (token = given) },
  );
  const { request } = await holdpoint.waitForRequest('form');
  await expect.poll(() => token).not.toBe('');
  holdpoint.http.closeAllConnections();
  await holdpoint.answer(request, 'accept', { value: 'kept' });
  expect(await asked).toMatchObject({ structuredContent: { content: { value: 'kept' } } });
  expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
});
