import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { onePixelPng } from '@/tests/servers/kitchen/content-tools';

const cuisines = ['french', 'georgian', 'german', 'greek', 'italian', 'thai'];

/** Two resources, one prompt with an argument, and completion for it. */
export function serveLibrary(server: Server): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [
      { uri: 'kitchen://menu', name: 'menu', title: 'The menu', mimeType: 'text/markdown' },
      { uri: 'kitchen://photo', name: 'photo', title: 'A photo', mimeType: 'image/png' },
    ],
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: 'kitchen://dish/{name}', name: 'dish', mimeType: 'text/plain' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    if (uri === 'kitchen://menu') return { contents: [{ uri, mimeType: 'text/markdown', text: '# Menu\n\n- Soup' }] };
    if (uri === 'kitchen://photo') return { contents: [{ uri, mimeType: 'image/png', blob: onePixelPng }] };
    throw new McpError(-32002, `No resource ${uri}`, { uri });
  });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: [
      {
        name: 'plan_menu',
        title: 'Plan a menu',
        description: 'Plans a menu of three courses',
        arguments: [{ name: 'cuisine', description: 'Which cuisine', required: true }],
      },
    ],
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const cuisine = params.arguments?.['cuisine'];
    if (params.name !== 'plan_menu') throw new McpError(ErrorCode.InvalidParams, `No prompt ${params.name}`);
    if (cuisine === undefined) throw new McpError(ErrorCode.InvalidParams, 'cuisine is required');
    return {
      description: 'Plans a menu of three courses',
      messages: [{ role: 'user', content: { type: 'text', text: `Plan a ${cuisine} menu of three courses.` } }],
    };
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument } }) => {
    const known = ref.type === 'ref/prompt' && ref.name === 'plan_menu' && argument.name === 'cuisine';
    const values = known ? cuisines.filter((cuisine) => cuisine.startsWith(argument.value)) : [];
    return { completion: { values, total: values.length, hasMore: false } };
  });
}
