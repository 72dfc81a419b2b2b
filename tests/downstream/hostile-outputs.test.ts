import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { reader, startChangingServer } from '@/tests/servers/changing';
import { type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function giving(name: string, properties: Record<string, object>): Tool {
  return { ...reader(name), outputSchema: { type: 'object', properties } };
}

async function start(servers: Record<string, string>): Promise<Holdpoint> {
  const holdpoint = await startHoldpoint({
    servers: Object.entries(servers).map(([name, url]) => ({ name, url })),
  });
  closers.push(() => holdpoint.close());
  return holdpoint;
}

test('one server’s output schema that does not compile costs an agent nothing of the other’s, and its tool can be called', async () => {
  const hostile = await startChangingServer([giving('spoil', { a: { $ref: '#/definitions/none' } }), reader('plain')]);
  const orders = await startChangingServer([giving('refund', { id: { type: 'string' } })]);
  closers.push(
    () => hostile.close(),
    () => orders.close(),
  );
  const holdpoint = await start({ hostile: hostile.url, orders: orders.url });
  const { client } = await holdpoint.connect();
  const { tools } = await client.listTools();
  const outputs = tools.map(({ name, outputSchema }) => [name, outputSchema?.properties]);
  expect(outputs.slice(0, 3)).toEqual([
    ['hostile__spoil', undefined],
    ['hostile__plain', undefined],
    ['orders__refund', { id: { type: 'string' } }],
  ]);
  const called = await client.callTool({ name: 'hostile__spoil', arguments: {} });
  expect(called).toMatchObject({ content: [{ text: 'spoil ran' }] });
  // Alone, the server spoils only its own list, and does not here either.
  const alone = await holdpoint.connect({ server: 'hostile' });
  expect((await alone.client.listTools()).tools.map(({ name }) => name)).toContain('spoil');
});
