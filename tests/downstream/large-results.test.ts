import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Change } from '@/server/engine/ports/publisher';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';
import { RawAgent } from './raw-agent';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closers.splice(0).toReversed()) await close();
});

type Raw = Extract<Change, { readonly change: 'raw' }>;

const large = 1_000_000;
const rows = Array.from({ length: 40_000 }, (_, id) => ({ id, name: `Customer ${id}`, key: 'a', open: id % 2 === 0 }));
const result = JSON.stringify({
  content: [{ type: 'text', text: 'key=value '.repeat(300_000) }],
  structuredContent: { rows },
});

/** Answers with text that was made beforehand: what this process makes and reads of it is Holdpoint's. */
async function startLargeServer(given: string, as: 'application/json' | 'text/event-stream'): Promise<string> {
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      if (req.method !== 'POST') return void res.writeHead(405).end();
      const { id, method } = JSON.parse(body) as { readonly id?: string | number; readonly method: string };
      if (id === undefined) return void res.writeHead(202).end();
      const answers: Record<string, string> = {
        initialize: `{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"large","version":"1"}}`,
        'tools/list': `{"tools":[{"name":"report","inputSchema":{"type":"object"}}]}`,
        'tools/call': given,
      };
      const message = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${answers[method] ?? '{}'}}`;
      res.writeHead(200, { 'content-type': as, 'mcp-session-id': 'one' });
      res.end(as === 'application/json' ? message : `data: ${message}\n\n`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const call = { jsonrpc: '2.0', id: 'r', method: 'tools/call', params: { name: 'large__report', arguments: {} } };

async function start(url: string): Promise<{ readonly holdpoint: Holdpoint; readonly agent: RawAgent }> {
  const holdpoint = await startHoldpoint({ servers: [{ name: 'large', url }] });
  closers.push(() => holdpoint.close());
  const agent = new RawAgent(holdpoint.mcpUrl, holdpoint.agentKey);
  await agent.initialize();
  return { holdpoint, agent };
}

function largeOf(texts: readonly unknown[]): number {
  return texts.filter((text) => typeof text === 'string' && text.length > large).length;
}

test('a large result is read once, made into text once, scanned by nobody, and reaches its agent as it was', async () => {
  const { holdpoint, agent } = await start(await startLargeServer(result, 'application/json'));
  const parse = vi.spyOn(JSON, 'parse');
  const stringify = vi.spyOn(JSON, 'stringify');
  const replace = vi.spyOn(String.prototype, 'replace');
  const told = await agent.post(call);
  const counts = {
    read: largeOf(parse.mock.calls.map(([text]) => text)),
    written: largeOf(stringify.mock.results.map(({ value }) => value as unknown)),
    scanned: largeOf(replace.mock.contexts.map(String)),
  };
  vi.restoreAllMocks();
  expect(counts).toEqual({ read: 1, written: 1, scanned: 0 });
  const said = told.events.find(({ data }) => data.length > large)?.data;
  expect(said === `{"jsonrpc":"2.0","id":"r","result":${result}}`).toBe(true);
  // On the disk it stands once, as the agent may collect it; of each raw message only the beginning.
  const [sessionId = null] = holdpoint.changes.flatMap((change) => ('sessionId' in change ? [change.sessionId] : []));
  const [callId = null] = holdpoint.changes
    .flatMap((change) => (change.change === 'events' ? change.events : []))
    .flatMap((event) => (event.type === 'call.completed' ? [event.callId] : []));
  if (sessionId === null || callId === null) throw new Error('no call was completed');
  expect(JSON.stringify(await holdpoint.store.payload(callId, 'result')) === result).toBe(true);
  await holdpoint.waitForChange(
    (change): change is Raw =>
      change.change === 'raw' && change.messages.some(({ side, isCut }) => side === 'agent' && isCut === true),
  );
  const raw = await holdpoint.store.raw(sessionId, { afterSeq: 0, limit: 1_000 });
  const cut = raw.filter(({ isCut }) => isCut === true);
  expect(cut.map(({ side, direction }) => `${side} ${direction}`)).toEqual(['server in', 'agent out']);
  expect(Math.max(...raw.map((message) => JSON.stringify(message).length))).toBeLessThan(large / 4);
});

test.each(['application/json', 'text/event-stream'] as const)(
  'a result over the limit is not read, and its agent is told why (%s)',
  async (as) => {
    const over = `{"content":[{"type":"text","text":"${'x'.repeat(33 * 1024 * 1024)}"}]}`;
    const { agent } = await start(await startLargeServer(over, as));
    const parse = vi.spyOn(JSON, 'parse');
    const told = await agent.post(call);
    expect(largeOf(parse.mock.calls.map(([text]) => text))).toBe(0);
    expect(told.text).toContain('The server sent a message larger than 32 MB, which is refused.');
    expect(told.text).toContain('"holdpoint/outcome":"indeterminate"');
  },
);
