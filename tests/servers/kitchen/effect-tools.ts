import { spawn } from 'node:child_process';
import { noArguments, text, textArgument, told } from '@/tests/servers/kitchen/tool';
import type { KitchenCall, KitchenTool } from '@/tests/servers/kitchen/tool';

const note = { type: 'object' as const, properties: { note: { type: 'string' } } };

/** How many times a tool has run, this one included: a second execution shows. */
function written({ records }: KitchenCall, tool: string): ReturnType<typeof told> {
  return told({ written: records.executions(tool).length });
}

export const effectTools: readonly KitchenTool[] = [
  {
    definition: {
      name: 'write',
      description: 'Changes something; running it twice changes it twice',
      inputSchema: note,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
    },
    run: (call) => written(call, 'write'),
  },
  {
    definition: {
      name: 'write_idempotent',
      description: 'Changes something; running it twice is running it once',
      inputSchema: note,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    },
    run: (call) => written(call, 'write_idempotent'),
  },
  {
    definition: {
      name: 'write_after_asking',
      description: 'Asks, then changes something: a lost answer is a lost effect',
      inputSchema: note,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
    },
    run: async (call) => {
      const answer = await call.ask('elicitation/create', {
        mode: 'form',
        message: 'Really write?',
        requestedSchema: {
          type: 'object',
          properties: { sure: { type: 'boolean', title: 'Sure' } },
          required: ['sure'],
        },
      });
      return told({ answer, written: call.records.executions('write_after_asking').length });
    },
  },
  {
    definition: { name: 'roots', description: 'Asks the client for its roots', inputSchema: noArguments },
    run: async ({ ask }) => told(await ask('roots/list', {})),
  },
  {
    definition: { name: 'ping_client', description: 'Pings the client', inputSchema: noArguments },
    run: async ({ ask }) => told({ answer: await ask('ping', {}) }),
  },
  {
    definition: {
      name: 'add_tool',
      description: 'Adds a tool and says that the list has changed',
      inputSchema: { type: 'object', properties: { name: { type: 'string' } } },
    },
    run: async ({ args, switchboard }) => {
      const name = textArgument(args, 'name', 'added');
      await switchboard.addTool(name);
      return text(`${name} was added`);
    },
  },
  {
    definition: {
      name: 'spawn_grandchild',
      description: 'stdio only: starts a process that outlives the call, and returns its pid',
      inputSchema: { type: 'object', properties: { detached: { type: 'boolean' } } },
    },
    run: ({ args, extra }) => {
      if (extra.sessionId !== undefined) return { ...text('only on stdio'), isError: true };
      // Ten minutes at most, so that a failing test leaves nothing for ever.
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], {
        stdio: 'ignore',
        detached: args['detached'] === true,
      });
      return told({ pid: child.pid, parent: process.pid });
    },
  },
];

export function addedTool(name: string): KitchenTool {
  return {
    definition: { name, description: 'Added while running', inputSchema: noArguments },
    run: () => text(`${name} was called`),
  };
}
