import { randomUUID } from 'node:crypto';
import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js';
import { everySchemaType } from '@/tests/servers/kitchen/form-schema';
import { noArguments, told, textArgument } from '@/tests/servers/kitchen/tool';
import type { KitchenTool } from '@/tests/servers/kitchen/tool';

const oneValue = {
  type: 'object',
  properties: { value: { type: 'string', title: 'Value' } },
  required: ['value'],
};

/** Tools that ask a person. Each returns the answer it received, unchecked, so that a test sees it exactly. */
export const askTools: readonly KitchenTool[] = [
  {
    definition: {
      name: 'ask_everything',
      title: 'Ask everything',
      description: 'Asks with every schema type of form elicitation',
      inputSchema: noArguments,
    },
    run: async ({ ask }) =>
      told(
        await ask('elicitation/create', {
          mode: 'form',
          message: 'Please fill in everything.',
          requestedSchema: everySchemaType,
        }),
      ),
  },
  {
    definition: {
      name: 'ask_simple',
      description: 'Asks for one required string; the request carries no mode',
      inputSchema: { type: 'object', properties: { message: { type: 'string' } } },
    },
    run: async ({ ask, args }) =>
      told(
        await ask('elicitation/create', {
          message: textArgument(args, 'message', 'What value?'),
          requestedSchema: oneValue,
        }),
      ),
  },
  {
    definition: { name: 'ask_twice', description: 'Asks two questions, one after the other', inputSchema: noArguments },
    run: async ({ ask }) => {
      const first = await ask('elicitation/create', { message: 'First question', requestedSchema: oneValue });
      const second = await ask('elicitation/create', { message: 'Second question', requestedSchema: oneValue });
      return told({ first, second });
    },
  },
  {
    definition: {
      name: 'ask_url',
      description:
        'Asks to open a URL. After accept it waits for the completion told from outside, unless wait is false',
      inputSchema: {
        type: 'object',
        properties: {
          url: { type: 'string' },
          elicitationId: { type: 'string' },
          wait: { type: 'boolean', default: true },
        },
      },
    },
    run: async ({ ask, args, notify, switchboard }) => {
      const elicitationId = textArgument(args, 'elicitationId', randomUUID());
      const notifyComplete = (): Promise<void> => notify('notifications/elicitation/complete', { elicitationId });
      const completed = switchboard.expectCompletion(elicitationId, notifyComplete);
      const answer = await ask('elicitation/create', {
        mode: 'url',
        message: 'Please connect your account.',
        elicitationId,
        url: textArgument(args, 'url', `https://accounts.example.com/connect?elicitation=${elicitationId}`),
      });
      if (answer['action'] !== 'accept') return told({ ...answer, completed: false });
      if (args['wait'] === false) await switchboard.completeElicitation(elicitationId);
      await completed;
      return told({ ...answer, completed: true });
    },
  },
  {
    definition: {
      name: 'ask_url_error',
      description: 'Refuses with -32042 and two URLs, unless done is true',
      inputSchema: { type: 'object', properties: { done: { type: 'boolean' } } },
    },
    run: ({ args }) => {
      if (args['done'] === true) return told({ done: true });
      throw new UrlElicitationRequiredError(
        ['files', 'calendar'].map((part) => ({
          mode: 'url' as const,
          message: `Allow access to your ${part}.`,
          elicitationId: `kitchen-${part}`,
          url: `https://accounts.example.com/allow/${part}`,
        })),
        'Two permissions are needed first',
      );
    },
  },
  {
    definition: {
      name: 'ask_schema',
      description: 'Asks with the schema it is given',
      inputSchema: { type: 'object', properties: { schema: { type: 'object' } } },
    },
    run: async ({ ask, args }) =>
      told(
        await ask('elicitation/create', {
          mode: 'form',
          message: 'What are the shards?',
          requestedSchema: args['schema'] ?? oneValue,
        }),
      ),
  },
  {
    definition: {
      name: 'nonsense_elicitation',
      description:
        'Asks with a schema outside the specification: nested objects, references, a type that does not exist',
      inputSchema: noArguments,
    },
    run: async ({ ask }) =>
      told(
        await ask('elicitation/create', {
          mode: 'form',
          message: 'Who owns this?',
          requestedSchema: {
            type: 'object',
            properties: {
              owner: {
                type: 'object',
                title: 'Owner',
                properties: {
                  name: { type: 'string' },
                  address: { type: 'object', properties: { city: { $ref: '#/x' } } },
                },
                required: ['name'],
              },
              matrix: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
              spell: { type: 'wizardry', default: 7 },
            },
            required: ['owner', 'missing_from_properties'],
          },
        }),
      ),
  },
];
