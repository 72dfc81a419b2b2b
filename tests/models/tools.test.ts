import { afterEach, describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import {
  type Answer,
  anthropicReply,
  bedrockReply,
  entryOf,
  messageOf,
  ModelServer,
  openAiReply,
  replyOf,
  tell,
} from '@/tests/models/model-server';

type Kind = ModelEntry['provider']['kind'];

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(...answers: readonly Answer[]): Promise<ModelServer> {
  const server = await new ModelServer(...answers).start();
  servers.push(server);
  return server;
}

const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather: JsonObject = { name: 'weather/now', description: 'Weather of a city', inputSchema };
const question: JsonObject = { role: 'user', content: { type: 'text', text: 'Paris and London?' } };
const uses: readonly JsonObject[] = [
  { type: 'tool_use', id: 'call_1', name: 'weather/now', input: { city: 'Paris' } },
  { type: 'tool_use', id: 'call_2', name: 'weather/now', input: { city: 'London' } },
];
const results: JsonObject = {
  role: 'user',
  content: [
    { type: 'tool_result', toolUseId: 'call_1', content: [{ type: 'text', text: '18°C' }] },
    { type: 'tool_result', toolUseId: 'call_2', content: [{ type: 'text', text: 'no such city' }], isError: true },
  ],
};
const first: JsonObject = { messages: [question], tools: [weather], maxTokens: 100 };
const messages: readonly Json[] = [question, { role: 'assistant', content: uses }, results];
const second: JsonObject = { ...first, messages };

const openAiCalls = (name: string, calls: readonly string[]): JsonObject =>
  openAiReply(
    {
      content: null,
      tool_calls: calls.map((text, index) => ({
        id: `call_${index + 1}`,
        type: 'function',
        function: { name, arguments: text },
      })),
    },
    'tool_calls',
  );

const called: Readonly<Record<Kind, Json>> = {
  anthropic: anthropicReply({
    stop_reason: 'tool_use',
    content: uses.map((use) => ({ ...use, name: 'weather_now' })),
  }),
  bedrock: bedrockReply(
    uses.map(({ id = '', input = {} }) => ({ toolUse: { toolUseId: id, name: 'weather_now', input } })),
    'tool_use',
  ),
  'openai-compatible': openAiCalls('weather_now', ['{"city":"Paris"}', '{"city":"London"}']),
};
const kinds = ['anthropic', 'bedrock', 'openai-compatible'] as const;

describe('tool calls come back as blocks of MCP, made by nobody here, from', () => {
  it.each(kinds)('%s', async (kind) => {
    const server = await serve({ body: called[kind] });
    const reply = replyOf(await tell([entryOf(kind, server.url)], first));
    expect(reply.result).toMatchObject({ role: 'assistant', content: uses, stopReason: 'toolUse' });
    expect(reply.text).toBeNull();
    expect(server.received).toHaveLength(1);
  });

  it('a model that says something first', async () => {
    const [use] = uses;
    const content = [
      { type: 'text', text: 'Let me see.' },
      { ...use, name: 'weather_now' },
    ];
    const server = await serve({ body: anthropicReply({ stop_reason: 'tool_use', content }) });
    const reply = replyOf(await tell([entryOf('anthropic', server.url)], first));
    expect(reply.result).toMatchObject({ content: [{ type: 'text', text: 'Let me see.' }, use] });
    expect(reply.text).toBeNull();
  });

  it('a model that needs none, in one block', async () => {
    const server = await serve({ body: anthropicReply() });
    const reply = replyOf(await tell([entryOf('anthropic', server.url)], first));
    expect(reply.result).toMatchObject({ content: { type: 'text', text: 'Hello.' }, stopReason: 'endTurn' });
  });

  it('a compatible server that says neither why it stopped nor what it gives', async () => {
    const calls = { content: null, tool_calls: [{ id: 'a', function: { name: 'weather_now', arguments: '' } }] };
    const server = await serve({ body: openAiReply(calls, 'stop') });
    const reply = replyOf(await tell([entryOf('openai-compatible', server.url)], first));
    const use = { type: 'tool_use', id: 'a', name: 'weather/now', input: {} };
    expect(reply.result).toMatchObject({ content: [use], stopReason: 'toolUse' });
  });
});

describe('tools and what they gave arrive at', () => {
  const tool = { name: 'weather_now', description: 'Weather of a city' };

  it('Anthropic', async () => {
    const server = await serve({ body: anthropicReply() });
    replyOf(await tell([entryOf('anthropic', server.url)], second));
    expect(server.only.body).toMatchObject({
      tools: [{ ...tool, input_schema: inputSchema }],
      tool_choice: { type: 'auto' },
      messages: [
        { role: 'user' },
        { role: 'assistant', content: uses.map((use) => ({ ...use, name: 'weather_now' })) },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: '18°C' },
            { type: 'tool_result', tool_use_id: 'call_2', content: 'no such city', is_error: true },
          ],
        },
      ],
    });
  });

  it('Bedrock', async () => {
    const server = await serve({ body: bedrockReply() });
    replyOf(await tell([entryOf('bedrock', server.url)], second));
    expect(server.only.body).toMatchObject({
      toolConfig: { tools: [{ toolSpec: { ...tool, inputSchema: { json: inputSchema } } }], toolChoice: { auto: {} } },
      messages: [
        { role: 'user' },
        {
          role: 'assistant',
          content: [
            { toolUse: { toolUseId: 'call_1', name: 'weather_now', input: { city: 'Paris' } } },
            { toolUse: { toolUseId: 'call_2', name: 'weather_now', input: { city: 'London' } } },
          ],
        },
        {
          role: 'user',
          content: [
            { toolResult: { toolUseId: 'call_1', content: [{ text: '18°C' }] } },
            { toolResult: { toolUseId: 'call_2', content: [{ text: 'The tool failed: no such city' }] } },
          ],
        },
      ],
    });
  });

  it('OpenAI', async () => {
    const server = await serve({ body: openAiReply() });
    replyOf(await tell([entryOf('openai-compatible', server.url)], second));
    const call = (id: string, city: string): JsonObject => ({
      id,
      type: 'function',
      function: { name: 'weather_now', arguments: JSON.stringify({ city }) },
    });
    expect(server.only.body).toMatchObject({
      tools: [{ type: 'function', function: { ...tool, parameters: inputSchema } }],
      tool_choice: 'auto',
      messages: [
        { role: 'user' },
        { role: 'assistant', content: null, tool_calls: [call('call_1', 'Paris'), call('call_2', 'London')] },
        { role: 'tool', tool_call_id: 'call_1', content: '18°C' },
        { role: 'tool', tool_call_id: 'call_2', content: 'The tool failed: no such city' },
      ],
    });
  });

  const given = (content: readonly Json[], more: JsonObject = {}): JsonObject => ({
    ...first,
    messages: [
      question,
      { role: 'assistant', content: { type: 'tool_use', id: 'a', name: 'weather/now', input: {} } },
      { role: 'user', content: { type: 'tool_result', toolUseId: 'a', content, ...more } },
    ],
  });

  it('Anthropic, with an image and an embedded text', async () => {
    const server = await serve({ body: anthropicReply() });
    const content = [
      { type: 'resource', resource: { uri: 'file:///a', text: 'a map' } },
      { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
    ];
    replyOf(await tell([entryOf('anthropic', server.url)], given(content)));
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    expect(lastContent(server)).toMatchObject([
      {
        content: [
          { type: 'text', text: 'a map' },
          { type: 'image', source },
        ],
      },
    ]);
  });

  it('Anthropic, as structured content alone, and as nothing', async () => {
    const server = await serve({ body: anthropicReply() });
    replyOf(await tell([entryOf('anthropic', server.url)], given([], { structuredContent: { celsius: 18 } })));
    expect(lastContent(server)).toMatchObject([{ content: '{"celsius":18}' }]);
    replyOf(await tell([entryOf('anthropic', server.url)], given([])));
    expect(lastContent(server)).toMatchObject([{ content: '(nothing)' }]);
  });

  it.each<[string, Kind, Json, string]>([
    [
      'nobody with a link',
      'anthropic',
      { type: 'resource_link', uri: 'https://a.example/' },
      'A tool’s result holds content that models are not given: "resource_link"',
    ],
    [
      'nobody with sound',
      'bedrock',
      { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
      'A tool’s result holds sound',
    ],
    [
      'OpenAI without images',
      'openai-compatible',
      { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
      'takes no images in a tool’s result',
    ],
  ])('%s', async (...[, kind, part, words]) => {
    const server = await serve({ body: {} });
    expect(messageOf(await tell([entryOf(kind, server.url)], given([part])))).toContain(words);
    expect(server.received).toEqual([]);
  });
});

describe('the choice of tools', () => {
  const forced: readonly (readonly [Kind, JsonObject])[] = [
    ['anthropic', { tool_choice: { type: 'any' } }],
    ['bedrock', { toolConfig: { toolChoice: { any: {} } } }],
    ['openai-compatible', { tool_choice: 'required' }],
  ];
  it.each(forced)('“required” reaches %s', async (kind, sent) => {
    const server = await serve({ body: called[kind] });
    replyOf(await tell([entryOf(kind, server.url)], { ...first, toolChoice: { mode: 'required' } }));
    expect(server.only.body).toMatchObject(sent);
  });

  it('“required” is not met by words', async () => {
    const server = await serve({ body: anthropicReply() });
    const told = await tell([entryOf('anthropic', server.url)], { ...first, toolChoice: { mode: 'required' } });
    expect(messageOf(told)).toBe(
      'The server asks for a tool call, and the model wrote words. Try again, or write the reply yourself.',
    );
  });

  const last: JsonObject = { ...second, toolChoice: { mode: 'none' } };
  const { tools: _tools, ...bare } = second;

  it.each([
    ['with its tools', last],
    ['without them', bare],
  ])('“none” at the end of a loop, %s, keeps the conversation whole at Anthropic', async (_what, ask) => {
    const server = await serve({ body: anthropicReply() });
    replyOf(await tell([entryOf('anthropic', server.url)], ask));
    expect(server.only.body).toMatchObject({ tools: [{ name: 'weather_now' }], tool_choice: { type: 'none' } });
    expect(JSON.stringify(server.only.body)).toContain('no such city');
  });

  it.each([
    ['with its tools', last],
    ['without them', bare],
  ])('“none” at the end of a loop, %s, keeps the conversation whole at Bedrock', async (_what, ask) => {
    const server = await serve({ body: bedrockReply() });
    replyOf(await tell([entryOf('bedrock', server.url)], ask));
    expect(server.only.body).toMatchObject({
      system: [{ text: 'Answer in words now: no tool can be called any more.' }],
      toolConfig: { tools: [{ toolSpec: { name: 'weather_now' } }] },
    });
    expect(JSON.stringify(server.only.body)).toContain('no such city');
  });

  it('“none” reaches OpenAI', async () => {
    const server = await serve({ body: openAiReply() });
    replyOf(await tell([entryOf('openai-compatible', server.url)], last));
    expect(server.only.body).toMatchObject({ tools: [{ type: 'function' }], tool_choice: 'none' });
  });

  it('“none” at the beginning leaves Bedrock without tools', async () => {
    const server = await serve({ body: bedrockReply() });
    replyOf(await tell([entryOf('bedrock', server.url)], { ...first, toolChoice: { mode: 'none' } }));
    expect(server.only.body['toolConfig']).toBeUndefined();
    expect(server.only.body['system']).toEqual([]);
  });

  it.each(kinds)('“none” is not broken by %s', async (kind) => {
    const server = await serve({ body: called[kind] });
    expect(messageOf(await tell([entryOf(kind, server.url)], last))).toContain(
      'The server asked for a reply without tool calls.',
    );
  });
});

describe('a tool call is refused that', () => {
  it.each<[string, Json, string]>([
    ['is not JSON', openAiCalls('weather_now', ['{"city":']), 'a tool call that is not JSON'],
    ['is no object', openAiCalls('weather_now', ['["Paris"]']), 'a tool call that is not JSON'],
    ['names no tool', openAiCalls('rm_rf', ['{}']), 'calls a tool that the server did not offer: "rm_rf"'],
    [
      'was cut off',
      openAiReply(
        { content: null, tool_calls: [{ id: 'a', function: { name: 'weather_now', arguments: '{}' } }] },
        'length',
      ),
      'ran out of tokens within a tool call',
    ],
  ])('%s', async (_what, body, words) => {
    const server = await serve({ body });
    expect(messageOf(await tell([entryOf('openai-compatible', server.url)], first))).toContain(words);
  });
});

describe('names of tools that no provider takes', () => {
  it('get substitutes that differ from each other and from all others, and come back', async () => {
    const long = 'x'.repeat(100);
    const names = ['a.b', 'a/b', 'a_b', long, `${long}y`];
    const server = await serve({ body: openAiCalls('a_b_3', ['{}']) });
    const tools = names.map((name) => ({ name, inputSchema }));
    const reply = replyOf(await tell([entryOf('openai-compatible', server.url)], { ...first, tools }));
    const sent = (server.only.body['tools'] as readonly Json[]).map((each) =>
      isJsonObject(each) && isJsonObject(each['function']) ? each['function']['name'] : null,
    );
    const part = 'x'.repeat(56);
    expect(sent).toEqual(['a_b_2', 'a_b_3', 'a_b', part, `${part}_2`]);
    expect(reply.result['content']).toMatchObject([{ type: 'tool_use', name: 'a/b' }]);
  });
});

/** The content of the last message that was sent last. */
function lastContent(server: ModelServer): Json {
  const sent = server.received.at(-1)?.body['messages'];
  const message: unknown = Array.isArray(sent) ? sent.at(-1) : null;
  return isJsonObject(message) ? (message['content'] ?? null) : null;
}
