import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { mintId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done } from '@/lib/domain/refusal';
import { ToolList } from '@/server/downstream/tool-list';
import type { Log } from '@/server/engine/ports/log';
import { OfferedTools } from '@/server/servers/tool-offers';
import { ScriptedDesk } from '@/tests/downstream/scripted-desk';
import { StillClock } from '@/tests/policy/policy-place';

/** The list of an agent whose servers say these tools. */
function listing(said: Readonly<Record<string, readonly JsonObject[]>>, scope: string | null = null) {
  const desk = new ScriptedDesk();
  const tools = Object.entries(said).flatMap(([server, definitions]) =>
    definitions.map((definition) => ({ server, name: nameOf(definition), definition })),
  );
  desk.tools = () => Promise.resolve(done(tools));
  const warnings: object[] = [];
  const silent = (): void => undefined;
  const warn = (fields: object): void => void warnings.push(fields);
  const log: Log = { debug: silent, info: silent, warn, error: silent, child: () => log };
  const sessionId = mintId('session', (count) => new Uint8Array(count));
  const clock = new StillClock();
  const offers = new OfferedTools({ clock, log });
  const list = new ToolList({ desk, offers, sessionId, scope, protocolVersion: '2025-11-25', clock, log });
  return { list, warnings };
}

async function listed(list: ToolList): Promise<readonly JsonObject[]> {
  const tools = await list.list();
  if (!tools.ok) throw new Error(tools.message);
  return tools.value;
}

/** What the SDK’s client makes of it: all of it, or nothing. */
async function readBySdk(tools: readonly JsonObject[]): Promise<readonly Tool[]> {
  const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools as unknown as Tool[] }));
  const client = new Client({ name: 'c', version: '1' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  try {
    return (await client.listTools()).tools;
  } finally {
    await client.close();
  }
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

const plain = (name: string): JsonObject => ({ name, inputSchema: { type: 'object' } });
const giving = (name: string, outputSchema: JsonObject): JsonObject => ({
  ...plain(name),
  outputSchema: { type: 'object', ...outputSchema },
});

const own = ['holdpoint_await', 'holdpoint_cancel'];

const unreadable: readonly JsonObject[] = [
  { name: 'no-schema' },
  { name: 'null-schema', inputSchema: null },
  { name: 'list-schema', inputSchema: { type: 'array' } },
  { name: 'odd-properties', inputSchema: { type: 'object', properties: { a: 5 } } },
  { ...plain('odd-title'), annotations: { title: {} } },
  { ...plain('odd-hint'), annotations: { readOnlyHint: 'yes' } },
  { ...plain('odd-description'), description: 5 },
];

test('a tool no client can read takes no other server’s tools with it', async () => {
  const { list, warnings } = listing({ hostile: [...unreadable, plain('fine')], orders: [plain('refund')] });
  const tools = await readBySdk(await listed(list));
  expect(tools.map(({ name }) => name)).toEqual(['hostile__fine', 'orders__refund', ...own]);
  await list.list();
  const told = unreadable.map((tool) => `${nameOf(tool)}: left_out, unreadable`);
  expect(warnings).toEqual([{ server: 'hostile', tools: told, count: 7 }]);
});

/** Each makes the whole list fail in the SDK’s client, or worse, when it is passed on. */
const hostileOutputs = {
  pointer: [{ properties: { a: { $ref: '#/definitions/none' } } }, 'broken'],
  remote: [{ properties: { a: { $ref: 'http://127.0.0.1:1/schema.json' } } }, 'broken'],
  pattern: [{ properties: { a: { type: 'string', pattern: '(' } } }, 'broken'],
  keyword: [{ properties: { a: { type: 'no-such-type' } } }, 'broken'],
  draft4: [{ id: 'https://example.com/draft-4' }, 'broken'],
  // A result that does not fit would be an unhandled rejection, which ends the agent's process.
  async: [{ $async: true, required: ['a'] }, 'async'],
  inner: [{ properties: { a: { $id: 'https://orders.example/paid', type: 'string' } } }, 'named'],
  large: [{ description: 'x'.repeat(200_000) }, 'too_large'],
  no_object: [{ type: 'string' }, 'broken'],
} as const satisfies Record<string, readonly [JsonObject, string]>;

test('an output schema no client can compile is left out, and its tool stays', async () => {
  const hostile = Object.entries(hostileOutputs).map(([name, [schema]]) => giving(name, schema));
  const paid = giving('refund', { properties: { id: { type: 'string', pattern: '^(a+)+$' } }, required: ['id'] });
  const { list, warnings } = listing({ hostile, orders: [paid] });
  const tools = await readBySdk(await listed(list));
  expect(tools.map(({ name }) => name)).toEqual([
    ...hostile.map((tool) => `hostile__${nameOf(tool)}`),
    'orders__refund',
    ...own,
  ]);
  expect(tools.filter(({ outputSchema }) => outputSchema !== undefined)).toMatchObject([
    { name: 'orders__refund', outputSchema: paid['outputSchema'] },
  ]);
  expect(await list.promisesStructure('orders__refund')).toBe(true);
  expect(await list.promisesStructure('hostile__pointer')).toBe(false);
  await list.list();
  const told = Object.entries(hostileOutputs).map(([name, [, why]]) => `${name}: without_output, ${why}`);
  expect(warnings).toEqual([{ server: 'hostile', tools: told, count: told.length }]);
});

test('no server’s output schema can stand for another’s by its name', async () => {
  const $id = 'https://orders.example/paid';
  const theirs = giving('spoil', { $id, required: ['never'] });
  const ours = giving('refund', { $id, properties: { paid: { type: 'boolean' } } });
  const { list } = listing({ hostile: [theirs], orders: [ours] });
  const tools = await readBySdk(await listed(list));
  expect(tools.slice(0, 2).map(({ outputSchema }) => outputSchema)).toEqual([
    { type: 'object', required: ['never'] },
    { type: 'object', properties: { paid: { type: 'boolean' } } },
  ]);
});

test('a tool that can only be called as a task of its server is not promised', async () => {
  const task = { ...plain('report'), execution: { taskSupport: 'required' } };
  const either = { ...plain('either'), execution: { taskSupport: 'optional' } };
  const { list } = listing({ slow: [task, either] });
  expect((await listed(list)).map(nameOf)).toEqual(['slow__either', ...own]);
});

test('of a name that stands there twice the first is listed: models refuse two of one name', async () => {
  const twice = [
    { ...plain('pay'), description: 'first' },
    { ...plain('pay'), description: 'second' },
  ];
  const { list, warnings } = listing({ orders: twice }, 'orders');
  expect((await listed(list)).filter(({ name }) => name === 'pay')).toMatchObject([{ description: 'first' }]);
  expect(warnings).toEqual([{ tools: ['pay'], count: 1 }]);
});
