import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Heard } from '@/tests/downstream/heard';
import { type FastMcpServer, startFastMcp } from '@/tests/servers/fastmcp';
import { type ConnectedAgent, type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

type Result = Readonly<Record<string, unknown>>;

let fast: FastMcpServer;
let holdpoint: Holdpoint;
let agent: ConnectedAgent;

beforeAll(async () => {
  fast = await startFastMcp();
  holdpoint = await startHoldpoint({ servers: [{ name: 'fast', url: fast.url }] });
  agent = await holdpoint.connect();
});

afterAll(async () => {
  await holdpoint.close();
  await fast.close();
});

function call(tool: string, args: Record<string, unknown> = {}): Promise<Result> {
  return agent.client.request(
    { method: 'tools/call', params: { name: `fast__${tool}`, arguments: args } },
    ResultSchema,
  );
}

function text(words: string): Result {
  return { content: [{ type: 'text', text: words }] };
}

describe('a FastMCP server, which asks on its standalone stream, through /mcp', () => {
  test('elicits one value', async () => {
    const asked = call('elicit_value', { message: 'Which region?' });
    const item = await holdpoint.answerNext('form', 'accept', { value: 'eu' });
    expect(item.request).toMatchObject({ title: 'Which region?', tool: 'elicit_value' });
    expect(await asked).toEqual(text(JSON.stringify({ action: 'accept', content: { value: 'eu' } })));
  });

  test('is declined', async () => {
    const asked = call('elicit_value');
    await holdpoint.answerNext('form', 'decline');
    expect(await asked).toEqual(
      text(JSON.stringify({ _meta: { 'holdpoint/reason': 'not today' }, action: 'decline' })),
    );
  });

  test('samples', async () => {
    const asked = call('sample', { prompt: 'One word, please.' });
    const item = await holdpoint.answerNext('sampling', 'accept', { text: 'Calm.' });
    expect(item.request.title).toContain('One word, please.');
    expect(JSON.stringify(await asked)).toContain('Calm.');
  });

  test('two questions at once each get their own answer', async () => {
    const { client } = await holdpoint.connect();
    const ask = (message: string): Promise<unknown> =>
      client.callTool({ name: 'fast__elicit_value', arguments: { message } });
    const both = [ask('first?'), ask('second?')];
    await Promise.all(
      [await holdpoint.waitForRequest('form'), await holdpoint.waitForRequest('form')].map(({ request }) =>
        holdpoint.answer(request, 'accept', { value: `to ${request.title}` }),
      ),
    );
    const [first, second] = (await Promise.all(both)).map((result) => JSON.stringify(result));
    expect(first).toContain('to first?');
    expect(second).toContain('to second?');
  });

  test('reports progress', async () => {
    const heard: Progress[] = [];
    const result = await agent.client.callTool({ name: 'fast__report_progress', arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    });
    expect(result).toEqual(text('three steps done'));
    expect(heard).toMatchObject([1, 2, 3].map((progress) => ({ progress, total: 3 })));
  });

  test('logs at four levels', async () => {
    const heard = new Heard(agent.client);
    await call('write_logs');
    await heard.until((all) => all.filter(({ method }) => method === 'notifications/message').length === 4);
    const logs = heard.of('notifications/message').map(({ params }) => params);
    expect(logs.map(({ level }) => level)).toEqual(['debug', 'info', 'warning', 'error']);
    expect(logs[0]).toMatchObject({ logger: 'fast', data: { message: 'a debug message', context: { n: 1 } } });
  });

  test('streams content in its own manner: passed on to the agent of /mcp/{server}', async () => {
    const { client } = await holdpoint.connect({ server: 'fast' });
    const heard = new Heard(client);
    const result = await client.request(
      { method: 'tools/call', params: { name: 'stream_content', arguments: {} } },
      ResultSchema,
    );
    expect(JSON.stringify(result)).toContain('the whole');
    await heard.until((all) => all.filter(({ method }) => method === 'notifications/tool/streamContent').length === 2);
  });

  test('fails with words', async () => {
    expect(await call('user_error')).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'This cannot be done' }],
    });
  });

  test('was run once per call', () => {
    expect(fast.records.executions('elicit_value')).toHaveLength(4);
  });
});

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
