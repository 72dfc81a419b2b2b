import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CreateMessageRequestSchema, type SamplingMessage } from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import type { JsonObject } from '@/lib/domain/json';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import { createModels } from '@/server/models/models';
import { anthropicReply, bedrockReply, entryOf, keptLog, ModelServer, openAiReply } from '@/tests/models/model-server';

type Kind = ModelEntry['provider']['kind'];

const call = { type: 'tool_use', id: 'call_1', name: 'add', input: { a: 1, b: 1 } } as const;
const asked: Readonly<Record<Kind, JsonObject>> = {
  anthropic: anthropicReply({ content: [call], stop_reason: 'tool_use' }),
  bedrock: bedrockReply([{ toolUse: { toolUseId: call.id, name: call.name, input: call.input } }], 'tool_use'),
  'openai-compatible': openAiReply(
    {
      content: null,
      tool_calls: [{ id: call.id, function: { name: call.name, arguments: JSON.stringify(call.input) } }],
    },
    'tool_calls',
  ),
};
const said: Readonly<Record<Kind, JsonObject>> = {
  anthropic: anthropicReply(),
  bedrock: bedrockReply(),
  'openai-compatible': openAiReply(),
};

/** The SDK's server and client check what goes either way against the protocol. */
it.each(['anthropic', 'bedrock', 'openai-compatible'] as const)(
  'a loop of sampling with tools goes through the SDK: %s',
  async (kind) => {
    const provider = await new ModelServer({ body: asked[kind] }, { body: said[kind] }).start();
    const models = createModels([entryOf(kind, provider.url)], { log: keptLog().log });
    const client = new Client({ name: 'a', version: '1' }, { capabilities: { sampling: { tools: {} } } });
    client.setRequestHandler(CreateMessageRequestSchema, async ({ params }, { signal }) => {
      const reply = await models.write(JSON.parse(JSON.stringify(params)) as JsonObject, { model: null, signal });
      if (!reply.ok) throw new Error(reply.message);
      return JSON.parse(JSON.stringify(reply.result)) as never;
    });
    const server = new Server({ name: 'b', version: '1' }, { capabilities: {} });
    const [left, right] = InMemoryTransport.createLinkedPair();
    await Promise.all([client.connect(left), server.connect(right)]);

    const tools = [{ name: 'add', inputSchema: { type: 'object' as const } }];
    const messages: SamplingMessage[] = [{ role: 'user', content: { type: 'text', text: 'one and one?' } }];
    const first = await server.createMessage({ messages, tools, maxTokens: 50 });
    expect(first).toMatchObject({ stopReason: 'toolUse', content: [call] });

    messages.push({ role: 'assistant', content: first.content });
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', toolUseId: call.id, content: [{ type: 'text', text: '2' }] }],
    });
    const second = await server.createMessage({ messages, tools, toolChoice: { mode: 'none' }, maxTokens: 50 });
    expect(second).toMatchObject({ stopReason: 'endTurn', content: { type: 'text', text: 'Hello.' } });
    expect(JSON.stringify(provider.received[1]?.body)).toContain('call_1');
    await client.close();
    await provider.stop();
  },
);
