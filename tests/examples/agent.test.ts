import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { runAgent } from '@/examples/agent/run';
import { hostOverHttp } from '@/tests/servers/http-host';
import type { HttpHost } from '@/tests/servers/http-host';
import { Records } from '@/tests/servers/records';

type Play = (tool: string, report: (message: string) => Promise<void>) => CallToolResult | Promise<CallToolResult>;

const account = { id: 'acc-00000001', application: 'a', region: 'r' };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Stands where Holdpoint’s /mcp will be: the same tool names behind the same key. */
async function startGate(play: Play, records: Records = new Records()): Promise<HttpHost> {
  const host = await hostOverHttp(
    async (transport) => {
      const server = new Server({ name: 'gate', version: '1.0.0' }, { capabilities: { tools: {} } });
      server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
        play(params.name, async (message) => {
          const progressToken = extra._meta?.progressToken ?? '';
          await extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress: 1, total: 3, message },
          });
        }),
      );
      await server.connect(transport);
    },
    records,
    { authorization: 'Bearer key-1' },
  );
  closers.push(() => host.close());
  return host;
}

async function oneRound(host: HttpHost): Promise<readonly string[]> {
  const lines: string[] = [];
  await runAgent({
    url: host.url,
    apiKey: 'key-1',
    pauseMs: 1,
    rounds: 1,
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return lines;
}

const words = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

test('makes every call, prints progress and results, deletes what it knows, and ends its session', async () => {
  const records = new Records();
  const called: string[] = [];
  const host = await startGate(async (tool, report) => {
    called.push(tool);
    if (tool.endsWith('investigate_alarm')) await report('Collect metrics');
    if (tool.endsWith('request_account')) return { ...words('Created'), structuredContent: { account } };
    return words(`two\nlines \u001b[31mof ${tool}`);
  }, records);
  const lines = await oneRound(host);
  expect(called).toEqual([
    'incident-investigator__investigate_alarm',
    'sandbox-accounts__request_account',
    'sandbox-accounts__list_accounts',
    'incident-investigator__list_alarms',
    'incident-investigator__investigate_alarm',
    'sandbox-accounts__request_account',
    'sandbox-accounts__delete_account',
  ]);
  expect(lines).toContain('  … 1/3 Collect metrics');
  expect(lines).toContain(`→ sandbox-accounts__delete_account {"account_id":"${account.id}"}`);
  expect(lines.some((line) => line.startsWith('  ✓ two · lines  [31mof sandbox-accounts__list_accounts'))).toBe(true);
  expect(lines.join('')).not.toContain('\u001b');
  expect(records.of('delete_received')).toMatchObject([{ status: 200 }]);
});

test('prints an error and goes on in the same session', async () => {
  const host = await startGate((tool) => {
    if (tool.endsWith('list_alarms')) throw new McpError(-32_055, 'no one answered');
    return words('fine');
  });
  const lines = await oneRound(host);
  expect(lines.filter((line) => line.startsWith('  ✗ '))).toEqual([expect.stringContaining('no one answered')]);
  expect(lines.filter((line) => line.startsWith('●'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('  ✓ '))).toHaveLength(5);
});

test('I9: goes on in a new session when its session is gone, between calls and in the middle of one', async () => {
  let calls = 0;
  const host: HttpHost = await startGate((tool) => {
    calls += 1;
    if (calls === 2) {
      // Its stream ends, and resuming it meets 404.
      void host.forgetSessions();
      return new Promise(() => undefined);
    }
    if (tool.endsWith('list_alarms')) setImmediate(() => void host.forgetSessions());
    return words('fine');
  });
  const lines = await oneRound(host);
  expect(lines.filter((line) => line.startsWith('●')).length).toBeGreaterThanOrEqual(2);
  expect(lines.some((line) => line.startsWith('  ✗ the session has ended'))).toBe(true);
  expect(lines.filter((line) => line.startsWith('  ✓ ')).length).toBeGreaterThanOrEqual(4);
});

test('says so when it cannot connect, keeps trying, and stops at once when told', async () => {
  const host = await startGate(() => words('fine'));
  const stop = new AbortController();
  const lines: string[] = [];
  await runAgent({
    url: host.url,
    apiKey: 'wrong',
    pauseMs: 1,
    print: (line) => {
      lines.push(line);
      if (lines.length === 3) stop.abort();
    },
    signal: stop.signal,
  });
  expect(lines).toHaveLength(3);
  expect(lines.every((line) => line.startsWith('○ cannot connect'))).toBe(true);
});

test('stopping does not wait for a person', async () => {
  const stop = new AbortController();
  const host = await startGate(() => {
    stop.abort();
    return new Promise(() => undefined);
  });
  await expect(
    runAgent({ url: host.url, apiKey: 'key-1', pauseMs: 1, print: () => undefined, signal: stop.signal }),
  ).resolves.toBeUndefined();
});
