import { afterEach, describe, expect, test } from 'vitest';
import type { SessionEvent } from '@/lib/domain/event';
import { readId, type SessionId } from '@/lib/domain/ids';
import type { Change } from '@/server/engine/ports/publisher';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, type KitchenSinkOptions, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, type HoldpointOptions, startHoldpoint } from '@/tests/support/holdpoint';
import { ruleOf } from '@/tests/support/desk';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(
  options: Partial<HoldpointOptions> = {},
  sink: KitchenSinkOptions = {},
): Promise<{ kitchen: KitchenSink; holdpoint: Holdpoint }> {
  const kitchen = await startKitchenSink(sink);
  closers.push(() => kitchen.close());
  const holdpoint = await startHoldpoint({ servers: [{ name: 'kitchen', url: kitchen.url }], ...options });
  closers.push(() => holdpoint.close());
  return { kitchen, holdpoint };
}

async function rawAgent(holdpoint: Holdpoint, version?: string): Promise<RawAgent & { readonly id: SessionId }> {
  const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey, version);
  await agent.initialize();
  const id = readId('session', agent.sessionId);
  if (id === null) throw new Error('no session id');
  return Object.assign(agent, { id });
}

function callOf(id: string | number, tool: string, more: object = {}): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name: `kitchen__${tool}`, arguments: {}, ...more } };
}

async function untilEvent(holdpoint: Holdpoint, type: SessionEvent['type']): Promise<SessionEvent> {
  type Events = Extract<Change, { change: 'events' }>;
  const found = await holdpoint.waitForChange(
    (change): change is Events => change.change === 'events' && change.events.some((event) => event.type === type),
  );
  const event = found.events.find((each) => each.type === type);
  if (event === undefined) throw new Error(`no ${type}`);
  return event;
}

function typesOf(events: readonly SessionEvent[]): readonly string[] {
  return events.map((event) => event.type);
}

describe('cancelling', () => {
  test.each(['one', 0])(
    'the agent cancels request %j: the server hears it, the stream ends without a response',
    async (id) => {
      const { kitchen, holdpoint } = await start();
      const agent = await rawAgent(holdpoint);
      const stream = await agent.stream({ body: callOf(id, 'slow') });
      const opening = await stream.next();
      await kitchen.records.waitFor('execution_started');
      expect(
        (
          await agent.post({
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: { requestId: id, reason: 'changed my mind' },
          })
        ).status,
      ).toBe(202);
      await kitchen.records.waitFor('cancel_received');
      expect(await untilEvent(holdpoint, 'call.cancelled')).toMatchObject({ by: 'agent', reason: 'changed my mind' });
      expect(await stream.next()).toBeNull();
      // Nothing follows, and a client that comes back for it is told so.
      expect((await agent.send('GET', { 'last-event-id': opening?.id ?? '' })).status).toBe(204);
      expect(await agent.request('ping')).toMatchObject({ result: {} });
    },
  );

  test('the SDK’s client cancels while a person is being asked', async () => {
    const { holdpoint } = await start();
    const { client } = await holdpoint.connect();
    const aborter = new AbortController();
    const asked = client.callTool({ name: 'kitchen__ask_simple', arguments: {} }, undefined, {
      signal: aborter.signal,
    });
    const { request } = await holdpoint.waitForRequest('form');
    aborter.abort('enough');
    await expect(asked).rejects.toThrow('enough');
    type RequestChange = Extract<Change, { change: 'request' }>;
    await holdpoint.waitForChange(
      (change): change is RequestChange =>
        change.change === 'request' &&
        change.item.request.requestId === request.requestId &&
        change.item.request.state === 'withdrawn',
    );
  });

  test('cancelling what is not there, or is over, changes nothing', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    for (const params of [{}, { requestId: 'nothing' }, { requestId: { a: 1 } }, { requestId: null }]) {
      expect((await agent.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params })).status).toBe(202);
    }
    expect(await agent.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'a' } })).toHaveProperty(
      'result',
    );
  });
});

describe('what Holdpoint itself says of a call', () => {
  test('I6 an approval declined is a tool error that names the outcome', async () => {
    const { kitchen, holdpoint } = await start({ rules: [] });
    const { client } = await holdpoint.connect();
    const call = client.callTool({ name: 'kitchen__write', arguments: { note: 'n' } });
    await holdpoint.answerNext('approval', 'decline');
    const result = await call;
    expect(result).toMatchObject({
      isError: true,
      _meta: { 'holdpoint/outcome': 'rejected', 'holdpoint/callId': expect.stringMatching(/^call_/) as string },
    });
    expect(JSON.stringify(result.content)).toContain('not today');
    expect(kitchen.records.executions('write')).toEqual([]);
    const again = client.callTool({ name: 'kitchen__write', arguments: { note: 'n' } });
    await holdpoint.answerNext('approval', 'accept');
    expect(await again).toMatchObject({ structuredContent: { written: 1 } });
  });

  test('I7 nobody answered an approval: the agent hears that, not a refusal', async () => {
    const { holdpoint } = await start({ rules: [], settings: { requestDeadlineMs: 50 } });
    const { client } = await holdpoint.connect();
    const result = await client.callTool({ name: 'kitchen__write', arguments: {} });
    expect(result).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'expired' } });
    expect(JSON.stringify(result.content)).toContain('no one answered');
    expect(JSON.stringify(result.content)).not.toMatch(/declined|denied/);
  });

  test('a denied tool says which rule', async () => {
    const deny = ruleOf({
      id: 'no-writes',
      decision: 'deny',
      tool: 'write*',
      reason: 'Writes are frozen.',
    });
    const { holdpoint } = await start({ rules: [deny] });
    const { client } = await holdpoint.connect();
    const result = await client.callTool({ name: 'kitchen__write', arguments: {} });
    expect(result).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'rejected' } });
    expect(JSON.stringify(result.content)).toContain('Writes are frozen.');
  });

  test('I9 the server forgets the session mid-call: a person is asked at once, and the agent hears what is known', async () => {
    const { kitchen, holdpoint } = await start();
    const { client } = await holdpoint.connect();
    const call = client.callTool({ name: 'kitchen__slow', arguments: {} });
    await kitchen.records.waitFor('execution_started');
    await kitchen.forgetSessions();
    // Whether it is to run again is a person's to say (I4); this one gives it up.
    await holdpoint.answerNext('recovery', 'decline');
    expect(await call).toMatchObject({ isError: true, _meta: { 'holdpoint/outcome': 'indeterminate' } });
    expect(await client.callTool({ name: 'kitchen__echo', arguments: { message: 'new' } })).toHaveProperty('content');
  });

  test('a server that is away fails its calls, and leaves the others’ tools', async () => {
    const kitchen = await startKitchenSink();
    closers.push(() => kitchen.close());
    const holdpoint = await startHoldpoint({
      servers: [
        { name: 'kitchen', url: kitchen.url },
        { name: 'away', url: 'http://127.0.0.1:1/mcp' },
      ],
    });
    closers.push(() => holdpoint.close());
    const { client } = await holdpoint.connect();
    const { tools } = await client.listTools();
    expect(tools.every(({ name }) => /^(kitchen__|holdpoint_)/.test(name))).toBe(true);
    await expect(client.callTool({ name: 'away__x', arguments: {} })).rejects.toMatchObject({ code: -32050 });
    const alone = await new RawAgent(holdpoint.urlOf('away'), holdpoint.agentKey).initialize();
    expect(alone.status).toBe(502);
    expect(alone.text).toContain('away');
  });
});

describe('heartbeats', () => {
  test('while a person is asked they come, strictly rising, and the server’s figures stay its own', async () => {
    const { kitchen, holdpoint } = await start({ settings: { heartbeatMs: 20 }, rules: [] });
    const agent = await rawAgent(holdpoint);
    const stream = await agent.stream({ body: callOf(1, 'progress', { _meta: { progressToken: 'tok' } }) });
    const seen: { progressToken: string; progress: number; total?: number; message?: string }[] = [];
    let response: unknown = null;
    let answered: Promise<unknown> | null = null;
    while (response === null) {
      const event = await stream.next();
      if (event === null) throw new Error('the stream ended early');
      if (event.data === '') continue;
      const message = JSON.parse(event.data) as {
        method?: string;
        params?: { progressToken: string; progress: number; message?: string };
      };
      if (message.method === undefined) response = message;
      else if (message.params !== undefined) {
        seen.push(message.params);
        if (seen.length === 3) answered ??= holdpoint.answerNext('approval', 'accept');
      }
    }
    await answered;
    expect(kitchen.records.executions('progress')).toHaveLength(1);
    expect(new Set(seen.map(({ progressToken }) => progressToken))).toEqual(new Set(['tok']));
    const figures = seen.map(({ progress }) => progress);
    expect(figures.every((figure, index) => index === 0 || figure > (figures[index - 1] ?? Infinity))).toBe(true);
    expect(seen.slice(0, 3).every(({ message }) => message?.startsWith('A person is being asked'))).toBe(true);
    expect(seen.slice(-3)).toMatchObject([1, 2, 3].map((progress) => ({ progress, total: 3 })));
  });

  test('without a progress token there are none', async () => {
    const { holdpoint } = await start({ settings: { heartbeatMs: 5 }, rules: [] });
    const agent = await rawAgent(holdpoint);
    const stream = await agent.stream({ body: callOf(1, 'progress') });
    await stream.next();
    const { request } = await holdpoint.waitForRequest('approval');
    expect(request.state).toBe('open');
    const next = stream.next();
    // Several heartbeats long.
    for (const started = Date.now(); Date.now() - started < 60; ) await agent.request('ping');
    await holdpoint.answer(request, 'accept');
    expect((await next)?.data).toContain('3 steps done');
  });
});

describe('I2 delivery is recorded after the bytes are out', () => {
  test('a result on the call’s own stream', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    await agent.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'a' } });
    await untilEvent(holdpoint, 'call.delivered');
    const types = typesOf(await holdpoint.store.events(agent.id, { afterSeq: 0, limit: 100 }));
    expect(types.indexOf('call.delivered')).toBeGreaterThan(types.indexOf('call.completed'));
  });

  test('every message of the session is in its raw view, in both directions', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    await agent.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'a' } });
    type Raw = Extract<Change, { change: 'raw' }>;
    await holdpoint.waitForChange(
      (change): change is Raw =>
        change.change === 'raw' &&
        change.messages.some((raw) => raw.side === 'agent' && JSON.stringify(raw.message).includes('echo: a')),
    );
    const raw = (await holdpoint.store.raw(agent.id, { afterSeq: 0, limit: 100 })).filter(
      (message) => message.side === 'agent',
    );
    expect(raw.map(({ direction, message }) => [direction, (message as { method?: string }).method])).toEqual([
      ['in', 'initialize'],
      ['out', undefined],
      ['in', 'notifications/initialized'],
      ['in', 'tools/call'],
      ['out', undefined],
    ]);
  });
});

describe('endings', () => {
  test('DELETE ends the session; what waits is told, and the id is gone', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const stream = await agent.stream({ body: callOf('slow', 'slow') });
    await stream.next();
    await kitchen.records.waitFor('execution_started');
    expect((await agent.send('DELETE')).status).toBe(200);
    expect((await stream.next())?.data).toContain('holdpoint/outcome');
    expect((await agent.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
    expect(await holdpoint.waitForSession((summary) => summary.session.state === 'ended')).toMatchObject({
      session: { end: 'closed' },
    });
    await kitchen.records.waitFor('delete_received');
  });

  test('I10 an admin ends it: the waiting agent hears it first, then its streams close and its id is 404', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const standalone = await agent.stream({ lastEventId: null });
    const stream = await agent.stream({ body: callOf('slow', 'slow') });
    await stream.next();
    await kitchen.records.waitFor('execution_started');
    const asked = agent.request('tools/call', { name: 'kitchen__ask_simple' });
    await holdpoint.waitForRequest('form');
    const ended = await holdpoint.engine.people.end(holdpoint.person('admin'), agent.id, 'stuck since noon');
    expect(ended.ok).toBe(true);
    for (const answer of [JSON.parse((await stream.next())?.data ?? '') as object, await asked]) {
      expect(answer).toMatchObject({ result: { isError: true } });
      expect(JSON.stringify(answer)).toContain('stuck since noon');
    }
    expect(await stream.next()).toBeNull();
    expect(await standalone.nextMessage()).toBeNull();
    expect((await agent.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
    await holdpoint.waitForSession((summary) => summary.session.state === 'ended');
    const types = typesOf(await holdpoint.store.events(agent.id, { afterSeq: 0, limit: 200 }));
    expect(types).toContain('session.step');
    expect(types.at(-1)).toMatch(/session\.ended|call\.delivered/);
  });

  test('an idle session ends; the next request is 404, and a new initialize works', async () => {
    const { holdpoint } = await start({ settings: { idleSessionMs: 80 } });
    const agent = await rawAgent(holdpoint);
    await holdpoint.waitForSession((summary) => summary.session.state === 'ended');
    expect((await agent.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
    agent.sessionId = null;
    expect((await agent.initialize()).status).toBe(200);
  });

  test('an agent that went away and a person who answers: the call ends, nothing breaks', async () => {
    const { holdpoint } = await start();
    const agent = await rawAgent(holdpoint);
    const stream = await agent.stream({ body: callOf('ask', 'ask_simple') });
    await stream.next();
    const { request } = await holdpoint.waitForRequest('form');
    stream.drop();
    await holdpoint.answer(request, 'accept', { value: 'for later' });
    await untilEvent(holdpoint, 'call.completed');
    expect(holdpoint.complaints).toEqual([]);
  });
});

describe('versions', () => {
  test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('%s is spoken', async (version) => {
    const { holdpoint } = await start();
    const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey, version);
    const opened = await agent.initialize();
    expect(opened.events.at(-1)?.data).toContain(`"protocolVersion":"${version}"`);
    expect(await agent.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'v' } })).toHaveProperty(
      'result.content',
    );
  });

  test('2025-03-26 may send batches: every request of one is answered on its stream', async () => {
    const { kitchen, holdpoint } = await start();
    const agent = await rawAgent(holdpoint, '2025-03-26');
    const stream = await agent.stream({
      body: [
        callOf('a', 'slow'),
        callOf('b', 'echo', { arguments: { message: 'b' } }),
        { jsonrpc: '2.0', method: 'notifications/initialized' },
      ],
    });
    expect((await stream.next())?.data).toContain('echo: b');
    await agent.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a' } });
    expect((await stream.next())?.data).toContain('"cancelled"');
    expect(await stream.next()).toBeNull();
    expect(kitchen.records.executions('slow')).toHaveLength(1);
    expect((await agent.post([callOf('c', 'echo'), callOf('c', 'echo')])).status).toBe(400);
  });
});
