import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { noArguments, numberArgument, text, textArgument, told } from '@/tests/servers/kitchen/tool';
import type { KitchenTool } from '@/tests/servers/kitchen/tool';

export const onePixelPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const silentWav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

/** What `odd_content` puts on the wire, unknown members included. */
export const oddResult = {
  content: [
    { type: 'text', text: 'Words', annotations: { audience: ['user'], priority: 0.9 } },
    { type: 'text', text: '' },
    { type: 'image', data: onePixelPng, mimeType: 'image/png' },
    { type: 'audio', data: silentWav, mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'kitchen://menu', mimeType: 'text/markdown', text: '# Menu' } },
    { type: 'resource', resource: { uri: 'kitchen://photo', mimeType: 'image/png', blob: onePixelPng } },
    { type: 'resource_link', uri: 'kitchen://menu', name: 'menu', title: 'The menu', mimeType: 'text/markdown' },
    { type: 'text', text: 'extra members', 'example.com/unknown': { kept: true }, _meta: { 'example.com/part': 8 } },
  ],
  structuredContent: { nested: { list: [1, 'two', null, true] }, empty: {} },
  _meta: { 'example.com/unknown': { kept: [1, 2, 3] } },
  'example.com/top': 'unknown member of the result',
};

const nonsenseResults: Readonly<Record<string, unknown>> = {
  no_content: { hello: 'world' },
  null_result: null,
  text_result: 'just words',
  content_not_list: { content: 'words' },
  unknown_content: { content: [{ type: 'hologram', beam: 7 }] },
  text_without_text: { content: [{ type: 'text' }] },
};

export const contentTools: readonly KitchenTool[] = [
  {
    definition: {
      name: 'echo',
      title: 'Echo',
      description: 'Returns the message',
      inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    run: ({ args }) => text(`echo: ${textArgument(args, 'message', '')}`),
  },
  {
    definition: {
      name: 'odd_content',
      description: 'Every content type, and members nobody knows',
      inputSchema: noArguments,
    },
    run: ({ transport, extra }) => {
      transport.answerRaw(extra.requestId, oddResult);
      return { content: [] };
    },
  },
  {
    definition: {
      name: 'structured',
      description: 'Structured content that its output schema promises',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
      outputSchema: {
        type: 'object',
        properties: { city: { type: 'string' }, celsius: { type: 'number' } },
        required: ['city', 'celsius'],
      },
      annotations: { readOnlyHint: true },
    },
    run: ({ args }) => told({ city: textArgument(args, 'city', 'Bonn'), celsius: 7.5 }),
  },
  {
    definition: { name: 'is_error', description: 'A result that is an error', inputSchema: noArguments },
    run: () => ({ ...text('The oven is cold.'), isError: true }),
  },
  {
    definition: { name: 'throws', description: 'A JSON-RPC error of its own', inputSchema: noArguments },
    run: () => {
      // Not McpError’s own message: the wire must carry exactly this one.
      throw Object.assign(new McpError(-32055, ''), { message: 'The kitchen is closed', data: { opensAt: '18:00' } });
    },
  },
  {
    definition: {
      name: 'big',
      description: 'About 1 MB of text',
      inputSchema: { type: 'object', properties: { bytes: { type: 'integer' } } },
    },
    run: ({ args }) => text('0123456789abcdef'.repeat(Math.ceil(numberArgument(args, 'bytes', 1_048_576) / 16))),
  },
  {
    definition: {
      name: 'nonsense_result',
      description: 'A result that is not one',
      inputSchema: { type: 'object', properties: { kind: { type: 'string', enum: Object.keys(nonsenseResults) } } },
    },
    run: ({ transport, extra, args }) => {
      transport.answerRaw(extra.requestId, nonsenseResults[textArgument(args, 'kind', 'no_content')]);
      return { content: [] };
    },
  },
];
