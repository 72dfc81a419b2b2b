import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { mintId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done } from '@/lib/domain/refusal';
import { ToolList } from '@/server/downstream/tool-list';
import type { Log } from '@/server/engine/ports/log';
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
  const list = new ToolList({ desk, sessionId, scope, protocolVersion: '2025-11-25', clock: new StillClock(), log });
  return { list, warnings };
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

const plain = (name: string): JsonObject => ({ name, inputSchema: { type: 'object' } });

const unreadable: readonly JsonObject[] = [
  { name: 'no-schema' },
  { name: 'null-schema', inputSchema: null },
  { name: 'list-schema', inputSchema: { type: 'array' } },
  { name: 'odd-properties', inputSchema: { type: 'object', properties: { a: 5 } } },
  { ...plain('odd-title'), annotations: { title: {} } },
  { ...plain('odd-hint'), annotations: { readOnlyHint: 'yes' } },
  { ...plain('odd-description'), description: 5 },
  { ...plain('odd-output'), outputSchema: { type: 'string' } },
];

test('a tool no client can read takes no other server’s tools with it', async () => {
  const { list, warnings } = listing({ hostile: [...unreadable, plain('fine')], orders: [plain('refund')] });
  const listed = await list.list();
  if (!listed.ok) throw new Error(listed.message);
  // What the SDK’s client does with it: all of it, or nothing.
  const { tools } = ListToolsResultSchema.parse({ tools: listed.value });
  expect(tools.map(({ name }) => name)).toEqual([
    'hostile__fine',
    'orders__refund',
    'holdpoint_await',
    'holdpoint_cancel',
  ]);
  await list.list();
  expect(warnings).toEqual([{ tools: unreadable.map((tool) => `hostile__${nameOf(tool)}`), count: 8 }]);
});

test('of a name that stands there twice the first is listed: models refuse two of one name', async () => {
  const twice = [
    { ...plain('pay'), description: 'first' },
    { ...plain('pay'), description: 'second' },
  ];
  const { list } = listing({ orders: twice }, 'orders');
  const listed = await list.list();
  expect(listed.ok && listed.value.filter(({ name }) => name === 'pay')).toMatchObject([{ description: 'first' }]);
});
