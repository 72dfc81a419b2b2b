import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, expect, test } from 'vitest';
import { type HttpHost, hostOverHttp } from '@/tests/servers/http-host';
import { Records } from '@/tests/servers/records';
import { startHoldpoint } from '@/tests/support/holdpoint';
import { ruleOf } from '@/tests/support/desk';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A server of the SDK’s own whose `report` is a task, and whose `count` is a plain tool. */
async function startReporting(begun: string[]): Promise<HttpHost> {
  const taskStore = new InMemoryTaskStore();
  const capabilities = { tasks: { requests: { tools: { call: {} } } } };
  const connect = async (transport: Transport): Promise<void> => {
    const server = new McpServer({ name: 'reporting', version: '1.0.0' }, { capabilities, taskStore });
    server.experimental.tasks.registerToolTask(
      'report',
      { description: 'Takes an hour.', execution: { taskSupport: 'required' } },
      {
        async createTask(extra) {
          begun.push('report');
          return { task: await extra.taskStore.createTask({ ttl: 60_000 }) };
        },
        getTask: (extra) => extra.taskStore.getTask(extra.taskId),
        getTaskResult: async (extra) => {
          await extra.taskStore.getTaskResult(extra.taskId);
          return { content: [] };
        },
      },
    );
    server.registerTool('count', { description: 'Counts.' }, () => ({ content: [{ type: 'text', text: '3' }] }));
    await server.connect(transport);
  };
  const host = await hostOverHttp(connect, new Records(), {});
  closers.push(
    () => host.close(),
    async () => taskStore.cleanup(),
  );
  return host;
}

test('a tool that is a task of its server is not listed, and who calls it is told what to do before anybody is asked', async () => {
  const begun: string[] = [];
  const reporting = await startReporting(begun);
  const holdpoint = await startHoldpoint({
    servers: [{ name: 'reporting', url: reporting.url }],
    rules: [ruleOf({ id: 'ask', decision: 'hold', tool: 'report' }), ruleOf({ id: 'rest', decision: 'allow' })],
  });
  closers.push(() => holdpoint.close());
  for (const server of [undefined, 'reporting']) {
    const { client } = await holdpoint.connect(server === undefined ? {} : { server });
    const prefix = server === undefined ? 'reporting__' : '';
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([`${prefix}count`, 'holdpoint_await', 'holdpoint_cancel']);
    expect(await client.callTool({ name: `${prefix}count` })).toMatchObject({ content: [{ text: '3' }] });
    const call = client.callTool({ name: `${prefix}report`, arguments: {} });
    await expect(call).rejects.toThrow(/can only be called as a task.*Nothing was sent/);
  }
  expect(begun).toEqual([]);
  expect(holdpoint.changes.filter(({ change }) => change === 'request')).toEqual([]);
  expect(holdpoint.complaints).toEqual([]);
});
