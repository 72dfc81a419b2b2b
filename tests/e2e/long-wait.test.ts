import { randomBytes } from 'node:crypto';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintId } from '@/lib/domain/ids';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { kitchenSinkOnStdio } from '@/tests/servers/bundle-main';
import { type Product, startProduct } from './support/product';
import { watchOpen } from '@/tests/support/looks';
import { plainAnswer } from '@/tests/support/desk';

/**
 * How long the person thinks. A few seconds here keep the script honest; `HOLDPOINT_WAIT_MS=1800000`
 * makes it the half hour that outlasts every timeout of every library (60 s, 300 s).
 */
const waitMs = Number(process.env['HOLDPOINT_WAIT_MS'] ?? 5_000);
const day = 86_400_000;

let kitchen: KitchenSink;
let product: Product;

beforeAll(async () => {
  kitchen = await startKitchenSink();
  const stdio = await kitchenSinkOnStdio({});
  product = await startProduct({
    servers: { kitchen: { url: kitchen.url }, local: stdio },
    holdpoint: {
      rules: [
        { id: 'writes', decision: 'hold', tool: 'write' },
        { id: 'all', decision: 'allow' },
      ],
      requestDeadline: '2h',
      idleSession: '1m',
    },
  });
});

afterAll(async () => {
  await product.close();
  await kitchen.close();
});

describe('a person who takes long', () => {
  it('is waited for on every kind of connection, and each answer arrives', { timeout: waitMs + 60_000 }, async () => {
    const person = await product.connect('approver');
    await person.say(watchOpen);
    const tools = ['kitchen__ask_simple', 'local__ask_simple', 'kitchen__sample', 'kitchen__write'];
    const startedAt = Date.now();
    const calls = tools.map(async (name) => {
      const agent = new Client({ name: 'patient-agent', version: '1.0.0' });
      const headers = { Authorization: `Bearer ${product.agentKey}` };
      await agent.connect(new StreamableHTTPClientTransport(new URL(product.mcpUrl), { requestInit: { headers } }));
      const given = name.endsWith('write') ? { note: 'late' } : {};
      const result = await agent.callTool({ name, arguments: given }, undefined, { timeout: day });
      await agent.close();
      return result;
    });
    const open = await waitUntil(async () => {
      const queue = await person.say(watchOpen);
      return queue.ok && queue.value.items.length === tools.length ? queue.value.items : null;
    });
    // The wait itself is what is proven; nothing else could stand in for time.
    await delay(waitMs);
    for (const { request } of open) {
      const content =
        request.kind === 'form'
          ? { value: 'here at last' }
          : request.kind === 'sampling'
            ? { text: 'here at last' }
            : null;
      const operationId = mintId('operation', (count) => randomBytes(count));
      const answered = await person.say({
        type: 'request.answer',
        requestId: request.requestId,
        operationId,
        revision: request.revision,
        action: 'accept',
        reason: null,
        content,
        ...plainAnswer,
      });
      expect(answered).toMatchObject({ ok: true });
    }
    const results = await Promise.all(calls);
    expect(results.filter((result) => result.isError === true)).toEqual([]);
    expect(results).toHaveLength(tools.length);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(waitMs);
    expect(kitchen.records.executions('write')).toHaveLength(1);
    expect(kitchen.records.executions('ask_simple')).toHaveLength(1);
  });
});

async function waitUntil<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await turn();
  }
}
