import { CreateMessageResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import {
  type Answer,
  anthropicReply,
  bedrockReply,
  entryOf,
  hello,
  messageOf,
  ModelServer,
  openAiReply,
  replyOf,
  secretKey,
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

const image = 'iVBORw0KGgo=';
const rich: JsonObject = {
  systemPrompt: 'Be brief.',
  messages: [
    { role: 'user', content: { type: 'text', text: 'What is this?' } },
    { role: 'assistant', content: { type: 'text', text: 'Show me.' } },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Here.' },
        { type: 'image', data: image, mimeType: 'image/png' },
      ],
    },
  ],
  maxTokens: 500,
  temperature: 0.25,
  stopSequences: ['END'],
  metadata: { secret: 'never' },
  includeContext: 'thisServer',
};

describe('what is asked arrives in the words of', () => {
  it('Anthropic', async () => {
    const server = await serve({ body: anthropicReply() });
    await tell([entryOf('anthropic', server.url, { maxOutputTokens: 200 })], rich);
    expect(server.only.path).toBe('/v1/messages');
    expect(server.only.headers['x-api-key']).toBe(secretKey);
    expect(server.only.body).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 200,
      temperature: 0.25,
      stop_sequences: ['END'],
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'What is this?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Show me.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Here.' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
          ],
        },
      ],
    });
  });

  it('Bedrock', async () => {
    const server = await serve({ body: bedrockReply() });
    await tell([entryOf('bedrock', server.url)], rich);
    expect(server.only.path).toBe('/model/eu.amazon.nova-pro-v1%3A0/converse');
    expect(server.only.headers.authorization).toBe(`Bearer ${secretKey}`);
    expect(server.only.body).toMatchObject({
      system: [{ text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ text: 'What is this?' }] },
        { role: 'assistant', content: [{ text: 'Show me.' }] },
        { role: 'user', content: [{ text: 'Here.' }, { image: { format: 'png', source: { bytes: image } } }] },
      ],
      inferenceConfig: { maxTokens: 500, temperature: 0.25, stopSequences: ['END'] },
    });
    expect(JSON.stringify(server.only.body)).not.toContain('never');
  });

  it('OpenAI, with sound', async () => {
    const server = await serve({ body: openAiReply() });
    const [first] = rich['messages'] as readonly Json[];
    const sound = { role: 'user', content: { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' } };
    await tell([entryOf('openai-compatible', server.url)], { ...rich, messages: [first ?? null, sound] });
    expect(server.only.path).toBe('/v1/chat/completions');
    expect(server.only.headers.authorization).toBe(`Bearer ${secretKey}`);
    expect(server.only.body).toEqual({
      model: 'gpt-5-mini',
      max_tokens: 500,
      temperature: 0.25,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is this?' },
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }] },
      ],
    });
  });

  it('a server without a key', async () => {
    const server = await serve({ body: openAiReply() });
    const provider = { kind: 'openai-compatible', apiKey: null, baseUrl: `${server.url}/v1` } as const;
    replyOf(await tell([entryOf('openai-compatible', server.url, { provider })], hello));
    expect(server.only.headers.authorization).toBeUndefined();
  });
});

describe('what is answered becomes a result of MCP from', () => {
  const table: readonly (readonly [string, Kind, Json, string, string, string])[] = [
    ['Anthropic', 'anthropic', anthropicReply(), 'Hello.', 'endTurn', 'claude-sonnet-4-5-20250929'],
    ['Bedrock', 'bedrock', bedrockReply(), 'Hello.', 'endTurn', 'eu.amazon.nova-pro-v1:0'],
    ['OpenAI', 'openai-compatible', openAiReply(), 'Hello.', 'endTurn', 'gpt-5-mini-2025-08-07'],
    [
      'Anthropic, at a stop sequence',
      'anthropic',
      anthropicReply({ stop_reason: 'stop_sequence', stop_sequence: 'END' }),
      'Hello.',
      'stopSequence',
      'claude-sonnet-4-5-20250929',
    ],
    [
      'Anthropic, out of tokens',
      'anthropic',
      anthropicReply({ stop_reason: 'max_tokens', content: [{ type: 'text', text: 'Hel' }] }),
      'Hel',
      'maxTokens',
      'claude-sonnet-4-5-20250929',
    ],
    [
      'Anthropic, with its thoughts left out',
      'anthropic',
      anthropicReply({
        content: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'text', text: 'Hello, ' },
          { type: 'text', text: 'you.' },
        ],
      }),
      'Hello, you.',
      'endTurn',
      'claude-sonnet-4-5-20250929',
    ],
    [
      'Bedrock, at a stop sequence',
      'bedrock',
      bedrockReply([{ text: 'Hello.' }], 'stop_sequence'),
      'Hello.',
      'stopSequence',
      'eu.amazon.nova-pro-v1:0',
    ],
    [
      'OpenAI, out of tokens',
      'openai-compatible',
      openAiReply({}, 'length'),
      'Hello.',
      'maxTokens',
      'gpt-5-mini-2025-08-07',
    ],
  ];
  it.each(table)('%s', async (...[, kind, body, text, stopReason, model]) => {
    const server = await serve({ body });
    const reply = replyOf(await tell([entryOf(kind, server.url, { prices: { input: 3, output: 15 } })], hello));
    expect(reply.result).toEqual({ role: 'assistant', content: { type: 'text', text }, model, stopReason });
    expect(CreateMessageResultSchema.safeParse(reply.result).success).toBe(true);
    expect(reply.text).toBe(text);
    expect(reply.usage).toEqual({
      model: `${kind}/${entryOf(kind, '').model}`,
      inputTokens: 12,
      outputTokens: 3,
      costUsd: 0.000081,
      tookMs: expect.any(Number) as number,
    });
  });

  it('one that does not count', async () => {
    const { usage: _usage, ...uncounted } = openAiReply();
    const server = await serve({ body: uncounted });
    const entry = entryOf('openai-compatible', server.url, { prices: { input: 3, output: 15 } });
    const { usage } = replyOf(await tell([entry], hello));
    expect(usage).toMatchObject({ inputTokens: null, outputTokens: null, costUsd: null });
  });
});

describe('is no reply', () => {
  const table: readonly (readonly [string, Kind, Json, string])[] = [
    ['a refusal', 'anthropic', anthropicReply({ stop_reason: 'refusal', content: [] }), 'The model refused'],
    ['a refusal in words', 'openai-compatible', openAiReply({ content: null, refusal: 'No.' }), 'The model refused'],
    ['a filter', 'bedrock', bedrockReply([{ text: 'Hel' }], 'guardrail_intervened'), 'The model refused'],
    ['nothing', 'anthropic', anthropicReply({ content: [] }), 'The model wrote nothing.'],
    ['white space', 'openai-compatible', openAiReply({ content: ' \n' }), 'The model wrote nothing.'],
    ['tokens without words', 'bedrock', bedrockReply([], 'max_tokens'), 'The model used up its tokens'],
    ['another page', 'openai-compatible', '<html>Hello</html>', 'answered with something else than a reply'],
    ['another shape', 'anthropic', { hello: 'you' }, 'answered with something else than a reply'],
  ];
  it.each(table)('%s', async (...[, kind, body, words]) => {
    const server = await serve({ body });
    expect(messageOf(await tell([entryOf(kind, server.url)], hello))).toContain(words);
    expect(server.received).toHaveLength(1);
  });
});

describe('is never sent', () => {
  const block = (role: string, content: Json): JsonObject => ({ messages: [{ role, content }], maxTokens: 9 });
  const table: readonly (readonly [string, Kind, JsonObject, string])[] = [
    [
      'an image that is an address, which a provider would fetch',
      'anthropic',
      block('user', { type: 'image', data: 'http://169.254.169.254/latest', mimeType: 'image/png' }),
      'it is not base64',
    ],
    [
      'an image in another form',
      'bedrock',
      block('user', { type: 'image', data: image, mimeType: 'image/svg+xml' }),
      'Models take images as PNG, JPEG, GIF and WebP; the request holds "image/svg+xml"',
    ],
    [
      'an image of the assistant',
      'anthropic',
      block('assistant', { type: 'image', data: image, mimeType: 'image/png' }),
      'An earlier reply holds an image',
    ],
    [
      'sound, where it is not taken',
      'bedrock',
      block('user', { type: 'audio', data: image, mimeType: 'audio/wav' }),
      'This model takes no sound',
    ],
    [
      'sound in another form',
      'openai-compatible',
      block('user', { type: 'audio', data: image, mimeType: 'audio/ogg' }),
      'Models take sound as WAV and MP3',
    ],
    ['what nobody knows', 'anthropic', block('user', { type: 'hologram' }), 'models are not given: "hologram"'],
    ['no words', 'anthropic', block('user', { type: 'text', text: ' ' }), 'There are no words to send'],
    ['what is not MCP', 'anthropic', { messages: [], maxTokens: 9 }, 'This request cannot be given to a model.'],
  ];
  it.each(table)('%s', async (...[, kind, ask, words]) => {
    const server = await serve({ body: {} });
    expect(messageOf(await tell([entryOf(kind, server.url)], ask))).toContain(words);
    expect(server.received).toEqual([]);
  });
});
