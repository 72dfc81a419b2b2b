import type { CallId } from '@/lib/domain/ids';
import { sentence } from '@/lib/domain/sentence';
import type { Reply } from './outcome';
import { awaitTool, cancelTool } from './own-tools';

export interface Ticket {
  readonly callId: CallId;
  /** As the agent named it; null when it asked with a ticket already. */
  readonly tool: string | null;
  /** Where the call stands, in words. */
  readonly words: string;
  /** Whether the tool promises structured content, which a ticket cannot give. */
  readonly promisesStructure: boolean;
}

/** What an agent gets before its patience ends, while its call goes on: words for its model, facts for its program. */
export function ticketReply(ticket: Ticket): Reply {
  const { callId, tool, promisesStructure } = ticket;
  return {
    result: {
      content: [{ type: 'text', text: tool === null ? wordsAgain(ticket) : words(tool, ticket) }],
      // A client of a tool with an output schema throws on any result without structured content, and on structured
      // content that does not fit the schema; only a result marked as an error is exempt. Its words say that it is none.
      ...(promisesStructure ? { isError: true } : {}),
      _meta: { 'holdpoint/ticket': callId, 'holdpoint/outcome': 'waiting' },
    },
  };
}

function words(tool: string, { callId, words: standing }: Ticket): string {
  return [
    `There is no result of ${tool} yet. ${sentence(standing)}`,
    'This is not a refusal and not an error, and nothing has to be repeated: the call goes on by itself.',
    `To get its result, call ${awaitTool} with {"ticket": "${callId}"}. Do not call ${tool} again.`,
    `If the result is no longer needed, call ${cancelTool} with the same ticket.`,
  ].join('\n');
}

function wordsAgain({ callId, words: standing }: Ticket): string {
  return [
    `There is still no result. ${sentence(standing)}`,
    `This is not a refusal and not an error. Call ${awaitTool} again with {"ticket": "${callId}"}, now or later; do not repeat the call itself.`,
  ].join('\n');
}
