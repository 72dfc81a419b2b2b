import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawAgent, type RawReply } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

let kitchen: KitchenSink;
let holdpoint: Holdpoint;
let agent: RawAgent;

beforeAll(async () => {
  kitchen = await startKitchenSink();
  holdpoint = await startHoldpoint({
    servers: [{ name: 'kitchen', url: kitchen.url }],
    settings: {
      limits: { sessionsPerAgent: 20, openCallsPerSession: 3, requestsPerSecond: 10_000, argumentsBytes: 1024 * 1024 },
    },
  });
  agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
  await agent.initialize();
});

afterAll(async () => {
  await holdpoint.close();
  await kitchen.close();
});

interface ErrorBody {
  readonly jsonrpc: string;
  readonly id: unknown;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

function errorOf(reply: RawReply): ErrorBody {
  return JSON.parse(reply.text) as ErrorBody;
}

const ping = { jsonrpc: '2.0', id: 'ping', method: 'ping' };

async function expectUsable(): Promise<void> {
  expect(await agent.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'ok' } })).toMatchObject({
    result: { content: [{ type: 'text', text: 'echo: ok' }] },
  });
}

function callOf(id: string, args: unknown): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'kitchen__echo', arguments: args } };
}

test('no answer’s content is guessed at: a body, a stream, an empty one, a refusal', async () => {
  const raw = new RawAgent(holdpoint.mcpUrl, holdpoint.addAgent('guess').key);
  const replies = [
    await raw.initialize(),
    await raw.post(ping),
    await raw.post(callOf('guess', { message: 'ok' })),
    await raw.post({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    await raw.send('PUT'),
    await raw.send('DELETE'),
  ];
  expect(replies.map(({ status, headers }) => [status, headers.get('x-content-type-options')])).toEqual(
    [200, 200, 200, 202, 405, 200].map((status) => [status, 'nosniff']),
  );
});

describe('keys and origins', () => {
  test.each([
    ['no key', null],
    ['a wrong key', 'hp_wrong'],
    ['an endless key', 'x'.repeat(5_000)],
  ])('I11 %s gets 401 and words', async (_name, key) => {
    const reply = await new RawAgent(holdpoint.mcpUrl, key).initialize();
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer realm="holdpoint"/);
    expect(errorOf(reply)).toMatchObject({ jsonrpc: '2.0', id: null, error: { data: { code: 'bad_key' } } });
    expect(errorOf(reply).error.message).toContain('key');
  });

  test('I11 a key is checked on every request: revoked is revoked', async () => {
    const other = holdpoint.addAgent('soon gone');
    const raw = new RawAgent(holdpoint.mcpUrl, other.key);
    await raw.initialize();
    expect((await raw.post(ping)).status).toBe(200);
    holdpoint.revoke(other.key);
    expect((await raw.post(ping)).status).toBe(401);
    expect((await raw.send('DELETE')).status).toBe(401);
  });

  test('X-API-Key does as well', async () => {
    const raw = new RawAgent(holdpoint.mcpUrl, null);
    const reply = await raw.post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
      },
      { 'x-api-key': holdpoint.agentKey },
    );
    expect(reply.status).toBe(200);
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
    'a page (Origin %s) is refused, and gets no CORS',
    async (origin) => {
      for (const reply of [
        await agent.post(ping, { origin }),
        await agent.send('OPTIONS', { origin, 'access-control-request-method': 'POST' }),
      ]) {
        expect(reply.status).toBe(403);
        expect(reply.headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  test('a page of a rebound name is refused although Origin and Host agree', async () => {
    const { port } = new URL(holdpoint.origin);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...agent.headers(), host: 'evil.example', origin: 'http://evil.example' };
      const request = httpRequest({ host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end(JSON.stringify(ping));
    });
    expect(status).toBe(403);
  });
});

describe('bad input', () => {
  test.each([
    ['malformed JSON', '{"jsonrpc":', -32700],
    ['no JSON at all', '\u0000\u0001', -32700],
    ['an empty body', '', -32700],
    ['a text', '"hello"', -32600],
    ['null', 'null', -32600],
    ['no version', '{"id":1,"method":"ping"}', -32600],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32600],
    ['a member that JSON-RPC does not know', '{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}', -32600],
    [
      'a progress token that is an object',
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":{}}}}',
      -32600,
    ],
    ['a batch', `[${JSON.stringify(ping)}]`, -32600],
    ['an empty batch', '[]', -32600],
    [
      '100,000 nested lists',
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      -32600,
    ],
  ])('%s', async (_name, body, code) => {
    const reply = await agent.post(body);
    expect(reply.status).toBe(400);
    expect(errorOf(reply)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } });
    await expectUsable();
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/application/json'])(
    'content type %s',
    async (type) => {
      const reply = await agent.post(ping, { 'content-type': type });
      expect(reply.status).toBe(415);
      expect(errorOf(reply).error.message).toContain('application/json');
    },
  );

  test('an Accept header without what a client must accept', async () => {
    expect((await agent.post(ping, { accept: 'application/json' })).status).toBe(406);
    expect((await agent.send('GET', { accept: 'application/json' })).status).toBe(406);
    expect((await agent.send('GET', { accept: 'application/json', 'last-event-id': 'x.1' })).status).toBe(406);
    // What was refused there is not held to be under way.
    expect((await agent.post(ping)).status).toBe(200);
  });

  test('an unknown method', async () => {
    expect(await agent.request('tools/burn')).toMatchObject({ error: { code: -32601 } });
  });

  test.each([
    ['an unknown tool', { name: 'kitchen__nothing' }],
    ['an unknown server', { name: 'nowhere__echo' }],
    ['a tool without its server', { name: 'echo' }],
    ['no name', {}],
    ['a name that is no text', { name: 7 }],
    ['arguments that are a list', { name: 'kitchen__echo', arguments: [] }],
    ['a name of 100,000 letters', { name: `kitchen__${'x'.repeat(100_000)}` }],
  ])('%s', async (_name, params) => {
    const reply = await agent.request('tools/call', params);
    expect(reply).toMatchObject({
      error: { code: -32602, data: { code: expect.stringMatching(/unknown|bad_input/) as string } },
    });
    expect(JSON.stringify(reply).length).toBeLessThan(1_000);
  });

  test('arguments failing the schema of a tool that a person would have to approve', async () => {
    const held = await startHoldpoint({ servers: [{ name: 'kitchen', url: kitchen.url, trusted: false }], rules: [] });
    try {
      const raw = new RawAgent(held.mcpUrl, held.agentKey);
      await raw.initialize();
      expect(await raw.request('tools/call', { name: 'kitchen__echo', arguments: { message: 7 } })).toMatchObject({
        error: { code: -32602, data: { code: 'bad_input' } },
      });
    } finally {
      await held.close();
    }
  });

  test('an unsupported protocol version in the header', async () => {
    const reply = await agent.post(ping, { 'mcp-protocol-version': '2026-07-28' });
    expect(reply.status).toBe(400);
    expect(errorOf(reply).error).toMatchObject({
      data: { supported: expect.arrayContaining(['2025-11-25']) as string[] },
    });
  });

  test('an unknown version at initialize is answered with the newest one known', async () => {
    const raw = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey, '2999-01-01');
    const reply = await raw.initialize();
    expect(reply.events.at(-1)?.data).toContain('"protocolVersion":"2025-11-25"');
  });

  test.each([
    {},
    { protocolVersion: '2025-11-25' },
    { protocolVersion: 7, capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  ])('an initialize of the wrong shape: %j', async (params) => {
    const reply = await new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey).post({
      jsonrpc: '2.0',
      id: 9,
      method: 'initialize',
      params,
    });
    expect(reply.status).toBe(400);
    expect(errorOf(reply)).toMatchObject({ id: 9, error: { code: -32602 } });
  });

  test('initialize on a session that is open already', async () => {
    const reply = await agent.post({
      jsonrpc: '2.0',
      id: 9,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    });
    expect(reply.status).toBe(400);
    await expectUsable();
  });

  test('an id that is in use', async () => {
    const stream = await agent.stream({
      body: { jsonrpc: '2.0', id: 'twice', method: 'tools/call', params: { name: 'kitchen__slow' } },
    });
    const reply = await agent.post({ ...ping, id: 'twice' });
    expect(reply.status).toBe(400);
    expect(errorOf(reply).id).toBeNull();
    await kitchen.records.waitFor('execution_started', (record) => record.tool === 'slow');
    kitchen.release();
    await stream.next();
    expect((await stream.next())?.data).toContain('released');
  });

  test('more open calls than are allowed', async () => {
    const before = kitchen.records.executions('slow').length;
    const slow = [1, 2, 3].map((n) => agent.request('tools/call', { name: 'kitchen__slow', arguments: { n } }));
    for (const n of [1, 2, 3])
      await kitchen.records.waitFor('execution_started', (record) => record.tool === 'slow' && record.args['n'] === n);
    expect(await agent.request('tools/call', { name: 'kitchen__slow' })).toMatchObject({
      error: { code: -32000, data: { code: 'too_many' } },
    });
    kitchen.release();
    await Promise.all(slow);
    expect(kitchen.records.executions('slow')).toHaveLength(before + 3);
  });

  test('other paths, other methods', async () => {
    expect((await new RawAgent(`${holdpoint.origin}/mcp/a/b`, holdpoint.agentKey).initialize()).status).toBe(404);
    expect((await new RawAgent(`${holdpoint.origin}/mcp/%E0%A4%A`, holdpoint.agentKey).initialize()).status).toBe(404);
    const put = await agent.send('PUT');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
  });

  test.each(['nobody', '../kitchen', '__proto__', 'kitchen '])(
    'an unknown server (%s) is 404 with words',
    async (name) => {
      const reply = await new RawAgent(holdpoint.urlOf(name), holdpoint.agentKey).initialize();
      expect(reply.status).toBe(404);
      expect(errorOf(reply)).toMatchObject({
        id: 'init',
        error: { code: -32602, message: expect.stringContaining('no server named') as string },
      });
    },
  );
});

describe('sizes', () => {
  test('5 MB of arguments get 413, and the connection stays usable', async () => {
    const reply = await agent.post(callOf('big', { message: 'x'.repeat(5 * 1024 * 1024) }));
    expect(reply.status).toBe(413);
    expect(errorOf(reply)).toMatchObject({ error: { code: -32000, data: { code: 'too_large' } } });
    await expectUsable();
  });

  test('a body above the arguments’ limit but below the message’s is refused by the engine, in words', async () => {
    const { events } = await agent.post(callOf('edge', { message: 'x'.repeat(1024 * 1024) }));
    expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({
      id: 'edge',
      error: { code: -32000, data: { code: 'too_large' } },
    });
  });

  test('a body without a length is refused while it is read, and never held', async () => {
    const { port } = new URL(holdpoint.origin);
    const sentMost = 64 * 1024 * 1024;
    const before = process.memoryUsage().rss;
    const { status, sent } = await new Promise<{ status: number; sent: number }>((resolve) => {
      let bytes = 0;
      let answer = '';
      const chunk = Buffer.concat([Buffer.from('40000\r\n'), Buffer.alloc(0x40000, 'x'), Buffer.from('\r\n')]);
      const socket = connect(Number(port), '127.0.0.1');
      const headers = Object.entries(agent.headers()).map(([name, value]) => `${name}: ${value}\r\n`);
      const more = (): void => {
        while (bytes < sentMost && !socket.destroyed) {
          bytes += chunk.length;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on('drain', more);
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve({ status: Number(/HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), sent: bytes }));
      socket.write(`POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n${headers.join('')}\r\n`);
      more();
    });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(sentMost);
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1024 * 1024);
    await expectUsable();
  });
});

describe('sessions that are not there', () => {
  test('a missing session header is 400 and says what to send', async () => {
    const bare = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
    const reply = await bare.post(ping);
    expect(reply.status).toBe(400);
    expect(errorOf(reply).error.message).toContain('initialize');
    expect((await bare.send('GET')).status).toBe(400);
    expect((await bare.send('DELETE')).status).toBe(400);
  });

  test.each(['ses_000000000000', 'nonsense', '__proto__', 'ses_!'])(
    'an unknown session id is 404 (I9): %s',
    async (id) => {
      const lost = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
      lost.sessionId = id;
      for (const reply of [await lost.post(ping), await lost.send('GET'), await lost.send('DELETE')]) {
        expect([reply.status, errorOf(reply).error.code]).toEqual([404, -32001]);
      }
    },
  );

  test('I11 another agent’s session reads exactly as an unknown one', async () => {
    const stranger = new RawAgent(holdpoint.mcpUrl, holdpoint.addAgent('stranger').key);
    stranger.sessionId = agent.sessionId;
    const unknown = new RawAgent(holdpoint.mcpUrl, stranger.key);
    unknown.sessionId = 'ses_000000000000';
    for (const method of ['GET', 'DELETE'] as const) {
      const [theirs, none] = [await stranger.send(method), await unknown.send(method)];
      expect([theirs.status, theirs.text]).toEqual([404, none.text]);
    }
    expect((await stranger.post(ping)).status).toBe(404);
    await expectUsable();
  });

  test('I11 a session of /mcp is not one of /mcp/{server}', async () => {
    const elsewhere = new RawAgent(holdpoint.urlOf('kitchen'), holdpoint.agentKey);
    elsewhere.sessionId = agent.sessionId;
    expect((await elsewhere.post(ping)).status).toBe(404);
  });

  test('I11 an agent sees and calls only the servers it may use', async () => {
    const narrow = new RawAgent(holdpoint.mcpUrl, holdpoint.addAgent('narrow', []).key);
    await narrow.initialize();
    expect(await narrow.request('tools/list')).toMatchObject({
      result: { tools: [{ name: 'holdpoint_await' }, { name: 'holdpoint_cancel' }] },
    });
    expect(await narrow.request('tools/call', { name: 'kitchen__echo', arguments: { message: 'x' } })).toMatchObject({
      error: { code: -32602 },
    });
    expect((await new RawAgent(holdpoint.urlOf('kitchen'), narrow.key).initialize()).status).toBe(404);
  });

  test('more sessions than are allowed', async () => {
    const { key } = holdpoint.addAgent('flood');
    const replies = await Promise.all(
      Array.from({ length: 21 }, () => new RawAgent(holdpoint.mcpUrl, key).initialize()),
    );
    expect(replies.filter((reply) => reply.status === 429)).toHaveLength(1);
    await expectUsable();
  });
});

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
