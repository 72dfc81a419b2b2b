import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawAgent } from '@/tests/downstream/raw-agent';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

let kitchen: KitchenSink;
let holdpoint: Holdpoint;

beforeAll(async () => {
  kitchen = await startKitchenSink();
  holdpoint = await startHoldpoint({
    servers: [{ name: 'kitchen', url: kitchen.url }],
    settings: {
      limits: { sessionsPerAgent: 20, openCallsPerSession: 100, requestsPerSecond: 1, argumentsBytes: 1024 * 1024 },
    },
  });
});

afterAll(async () => {
  await holdpoint.close();
  await kitchen.close();
});

/** At one a second this is minutes' worth. */
const asked = 200;

function echo(id: number): object {
  return {
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'kitchen__echo', arguments: { message: `${id}` } },
  };
}

test('an agent that floods is told to slow down, over all its sessions; nothing of it is recorded, and others go on', async () => {
  const loud = holdpoint.addAgent('loud');
  const [one, two] = [new RawAgent(holdpoint.mcpUrl, loud.key), new RawAgent(holdpoint.mcpUrl, loud.key)];
  await one.initialize();
  await two.initialize();
  const calm = new RawAgent(holdpoint.mcpUrl, holdpoint.addAgent('calm').key);
  await calm.initialize();
  const replies = await Promise.all(
    Array.from({ length: asked }, (_, at) => (at % 2 === 0 ? one : two).post(echo(at))),
  );
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(asked - refused.length);
  for (const { headers, text } of refused) {
    expect(headers.get('retry-after')).toBe('1');
    expect(text).toContain('more than 1 requests a second');
    expect(JSON.parse(text)).toMatchObject({ error: { data: { code: 'too_many' } } });
  }
  expect(kitchen.records.executions('echo')).toHaveLength(asked - refused.length);
  expect((await calm.post(echo(asked))).status).toBe(200);
  // It may still come back to what it is waiting for.
  const leave = new AbortController();
  const headers = { ...one.headers(), accept: 'text/event-stream' };
  expect((await fetch(holdpoint.mcpUrl, { headers, signal: leave.signal })).status).toBe(200);
  leave.abort();
});
