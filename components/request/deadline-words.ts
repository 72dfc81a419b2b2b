import type { DeadlineCause } from '@/lib/domain/deadline';
import type { Asker } from './answer-words';
import type { AskedAs } from './asked-as';

/** Whose limit a deadline is (I8). The reason itself stands beside it. */
export const limitWords: { readonly [C in DeadlineCause]: string } = {
  rule: 'the rule that holds this call',
  agent: 'the agent, which waits no longer',
  server_request: 'the server, for one request',
  server_stream: 'the server, for one stream',
  server_idle: 'the server, for a session that is quiet',
  server_lifetime: 'the server, for a whole session',
  default: 'Holdpoint’s setting for all questions',
};

export interface Heard {
  readonly who: 'The server' | 'The agent' | 'The call';
  readonly words: string;
}

/** What becomes known to whom when no one answers (I7): never a refusal. */
export function unansweredWords(kind: AskedAs, { server, agent }: Asker): readonly Heard[] {
  switch (kind) {
    case 'approval':
      return [
        { who: 'The server', words: `${server} heard nothing: the call was never sent` },
        { who: 'The agent', words: `${agent} hears “no one answered in time”, not a refusal` },
      ];
    case 'recovery':
      return [
        { who: 'The server', words: `${server} heard nothing more: the call was not sent again` },
        { who: 'The agent', words: `${agent} hears that the outcome is unknown and that no one decided in time` },
      ];
    case 'page_first':
      return [
        { who: 'The server', words: `${server} heard nothing more: the call was not sent again` },
        { who: 'The agent', words: `${agent} hears “no one answered in time”, not a refusal` },
      ];
    case 'page_again':
      return [
        { who: 'The server', words: `${server} heard nothing more: the call was not sent again` },
        { who: 'The agent', words: `${agent} hears that the outcome is unknown and that no one visited in time` },
      ];
    case 'form':
    case 'url':
      return [
        { who: 'The server', words: `${server} hears “cancel”, MCP’s word for no decision. It is not told “declined”` },
        { who: 'The agent', words: `${agent} hears “no one answered in time”, beside what the tool then says` },
      ];
    case 'sampling':
      return [
        { who: 'The server', words: `${server} hears an error that says no one answered in time` },
        { who: 'The agent', words: `${agent} hears “no one answered in time”, beside what the tool then says` },
      ];
  }
}
