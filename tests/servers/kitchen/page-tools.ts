import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js';
import { numberArgument, textArgument, told } from '@/tests/servers/kitchen/tool';
import type { KitchenCall, KitchenTool } from '@/tests/servers/kitchen/tool';

const name = 'write_after_pages';

/** Tools that are not run before pages are visited. */
export const pageTools: readonly KitchenTool[] = [
  {
    definition: {
      name,
      description: 'Changes something; it names pages by -32042 as often as `rounds` says before it does',
      inputSchema: {
        type: 'object',
        properties: { key: { type: 'string' }, pages: { type: 'number' }, rounds: { type: 'number' } },
      },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
    },
    run: (call) => {
      const round = roundOf(call);
      if (round <= numberArgument(call.args, 'rounds', 1)) throw pagesFirst(call, round);
      return told({ written: call.records.executions(name).length });
    },
  },
];

function keyOf(args: KitchenCall['args']): string {
  return textArgument(args, 'key', 'one');
}

/** How often it was called with this key, this time included. */
function roundOf({ args, records }: KitchenCall): number {
  return records.executions(name).filter((run) => keyOf(run.args) === keyOf(args)).length;
}

/** `completeElicitation('one-1-2')` says of the second page of the first round that it was visited. */
function pagesFirst({ args, server, switchboard }: KitchenCall, round: number): UrlElicitationRequiredError {
  const ids = Array.from(
    { length: numberArgument(args, 'pages', 1) },
    (_none, at) => `${keyOf(args)}-${round}-${at + 1}`,
  );
  for (const elicitationId of ids)
    void switchboard.expectCompletion(elicitationId, server.createElicitationCompletionNotifier(elicitationId));
  return new UrlElicitationRequiredError(
    ids.map((elicitationId) => ({
      mode: 'url' as const,
      message: `Allow ${elicitationId}.`,
      elicitationId,
      url: `https://accounts.example.com/allow/${elicitationId}`,
    })),
    'Sign in first',
  );
}
