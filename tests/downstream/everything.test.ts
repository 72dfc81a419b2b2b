import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Heard } from '@/tests/downstream/heard';
import { type Everything, everythingOnStdio, startEverything } from '@/tests/servers/everything';
import { type ConnectedAgent, type Holdpoint, startHoldpoint } from '@/tests/support/holdpoint';

type Result = Readonly<Record<string, unknown>>;

let everything: Everything;
let holdpoint: Holdpoint;
let agent: ConnectedAgent;

beforeAll(async () => {
  everything = await startEverything();
  const { command, args } = everythingOnStdio;
  holdpoint = await startHoldpoint({
    servers: [
      { name: 'http', url: everything.url },
      { name: 'stdio', command, args },
    ],
  });
  agent = await holdpoint.connect();
});

afterAll(async () => {
  await holdpoint.close();
  await everything.close();
});

const form = {
  name: 'Lena',
  check: true,
  firstLine: 'It began.',
  email: 'lena@example.com',
  homepage: 'https://example.com/',
  birthdate: '1990-02-28',
  integer: 7,
  number: 3.5,
  untitledSingleSelectEnum: 'Ross',
  untitledMultipleSelectEnum: ['Piano', 'Bass'],
  titledSingleSelectEnum: 'hero-2',
  titledMultipleSelectEnum: ['fish-3'],
  legacyTitledEnum: 'pet-5',
};

describe.each(['http', 'stdio'])('server-everything over %s, through /mcp', (server) => {
  function call(tool: string, args: Record<string, unknown> = {}): Promise<Result> {
    return agent.client.request(
      { method: 'tools/call', params: { name: `${server}__${tool}`, arguments: args } },
      ResultSchema,
    );
  }

  test('all its tools are there', async () => {
    const { tools } = await agent.client.listTools();
    const names = tools
      .filter(({ name }) => name.startsWith(`${server}__`))
      .map(({ name }) => name.slice(server.length + 2));
    expect(names).toEqual(
      expect.arrayContaining([
        'echo',
        'get-roots-list',
        'trigger-elicitation-request',
        'trigger-url-elicitation',
        'trigger-sampling-request',
        'trigger-long-running-operation',
      ]),
    );
  });

  test('its form with every schema type', async () => {
    const asked = call('trigger-elicitation-request');
    await holdpoint.answerNext('form', 'accept', form);
    const text = JSON.stringify(await asked);
    for (const words of ['Name: Lena', 'Favorite Integer: 7', 'https://example.com/', 'Ross', 'hero-2', 'fish-3'])
      expect(text).toContain(words);
  });

  test.each(['decline', 'cancel'] as const)('its form, %s', async (action) => {
    const asked = call('trigger-elicitation-request');
    await holdpoint.answerNext('form', action);
    expect(JSON.stringify(await asked)).toMatch(action === 'decline' ? /declined/ : /cancelled/);
  });

  test('its URL, asked and as -32042', async () => {
    const args = { url: 'https://example.com/connect', message: 'Connect it.' };
    const asked = call('trigger-url-elicitation', args);
    await holdpoint.answerNext('url', 'accept');
    expect(JSON.stringify(await asked)).toContain('accept');
    // By -32042 it names a page of its own first, and asks for ours when the call comes again.
    const told = call('trigger-url-elicitation', { ...args, errorPath: true });
    const first = await holdpoint.answerNext('url', 'accept');
    expect(first.request.upstream).toBeNull();
    const second = await holdpoint.answerNext('url', 'accept');
    expect(second.request).toMatchObject({ callId: first.request.callId, upstream: { rpcId: expect.anything() } });
    expect(JSON.stringify(await told)).toContain('accept');
  });

  test('its sampling', async () => {
    const asked = call('trigger-sampling-request', { prompt: 'Say something.', maxTokens: 20 });
    await holdpoint.answerNext('sampling', 'accept', { text: 'Something, by hand.' });
    expect(JSON.stringify(await asked)).toContain('Something, by hand.');
  });

  test('its progress', async () => {
    const heard: Progress[] = [];
    await agent.client.callTool(
      { name: `${server}__trigger-long-running-operation`, arguments: { duration: 0.4, steps: 4 } },
      undefined,
      {
        onprogress: (progress) => heard.push(progress),
      },
    );
    expect(heard).toEqual([1, 2, 3, 4].map((progress) => ({ progress, total: 4 })));
  });

  test('its logging', async () => {
    const heard = new Heard(agent.client);
    await call('toggle-simulated-logging');
    await heard.until((all) =>
      all.some(
        ({ method, params }) => method === 'notifications/message' && String(params['logger']).startsWith(server),
      ),
    );
    expect(JSON.stringify(await call('toggle-simulated-logging'))).toContain('Stopped');
  });

  test('its odd content', async () => {
    expect(await call('get-tiny-image')).toMatchObject({
      content: expect.arrayContaining([expect.objectContaining({ type: 'image' })]) as unknown[],
    });
    expect(await call('get-annotated-message', { messageType: 'error', includeImage: true })).toMatchObject({
      content: [{ annotations: { priority: 1 } }, { type: 'image', annotations: {} }],
    });
    const links = await call('get-resource-links', { count: 2 });
    expect((links['content'] as { type: string }[]).map(({ type }) => type)).toEqual([
      'text',
      'resource_link',
      'resource_link',
    ]);
    const reference = await call('get-resource-reference', { resourceType: 'Text', resourceId: 1 });
    expect((reference['content'] as { type: string }[]).map(({ type }) => type)).toContain('resource');
    expect(await call('get-structured-content', { location: 'Chicago' })).toMatchObject({
      structuredContent: { temperature: 36 },
    });
    const zipped = await call('gzip-file-as-resource', {
      name: 'a.gz',
      data: 'data:text/plain,hello',
      outputType: 'resource',
    });
    expect(zipped).toMatchObject({ content: [{ type: 'resource', resource: { mimeType: 'application/gzip' } }] });
  });

  test('its plain tools, and its errors', async () => {
    expect(await call('get-sum', { a: 2, b: 3 })).toMatchObject({
      content: [{ text: expect.stringContaining('5') as string }],
    });
    expect(await call('echo', { message: 'hello' })).toMatchObject({ content: [{ text: 'Echo: hello' }] });
    expect(await call('get-roots-list')).toHaveProperty('content');
    const wrong = await call('get-sum', { a: 'two' }).catch((error: unknown) => error);
    expect(JSON.stringify(wrong)).toMatch(/-32602|isError/);
  });
});

test('nothing of all this was logged as a warning or an error', () => {
  expect(holdpoint.complaints).toEqual([]);
});
