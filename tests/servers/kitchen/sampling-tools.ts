import { noArguments, told, text } from '@/tests/servers/kitchen/tool';
import type { KitchenTool } from '@/tests/servers/kitchen/tool';

const sampling = {
  systemPrompt: 'You write incident summaries. Use only the facts given.',
  modelPreferences: {
    hints: [{ name: 'claude-sonnet' }, { name: 'claude' }],
    costPriority: 0.3,
    speedPriority: 0.5,
    intelligencePriority: 0.8,
  },
  maxTokens: 120,
  temperature: 0.4,
  stopSequences: ['\n\n', 'END'],
};

export const samplingTools: readonly KitchenTool[] = [
  {
    definition: { name: 'sample', description: 'Asks for a model’s words', inputSchema: noArguments },
    run: async ({ ask }) =>
      told(
        await ask('sampling/createMessage', {
          ...sampling,
          includeContext: 'none',
          metadata: { kitchen: 'sink' },
          messages: [
            {
              role: 'user',
              content: { type: 'text', text: 'p99 rose from 310 ms to 2.4 s. <script>alert(1)</script>' },
            },
            { role: 'assistant', content: { type: 'text', text: 'Do slow requests wait before or after payments?' } },
            { role: 'user', content: { type: 'text', text: 'Before. Write the summary.' } },
          ],
        }),
      ),
  },
  {
    definition: {
      name: 'sample_with_tools',
      description: 'Asks for a model’s words, offering tools, if the client can do that',
      inputSchema: noArguments,
    },
    run: async ({ ask, server }) => {
      if (server.getClientCapabilities()?.sampling?.tools === undefined) return text('no sampling.tools capability');
      return told(
        await ask('sampling/createMessage', {
          ...sampling,
          tools: [
            {
              name: 'read_metric',
              description: 'Reads one metric',
              inputSchema: { type: 'object', properties: { metric: { type: 'string' } }, required: ['metric'] },
            },
          ],
          toolChoice: { mode: 'auto' },
          messages: [
            { role: 'user', content: { type: 'text', text: 'What is p99?' } },
            {
              role: 'assistant',
              content: [{ type: 'tool_use', id: 'use-1', name: 'read_metric', input: { metric: 'p99' } }],
            },
            {
              role: 'user',
              content: [{ type: 'tool_result', toolUseId: 'use-1', content: [{ type: 'text', text: '2.4 s' }] }],
            },
          ],
        }),
      );
    },
  },
];
