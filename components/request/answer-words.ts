import type { RequestKind } from '@/lib/domain/event';
import type { Risk } from '@/lib/domain/tool';
import type { AskedAs } from './asked-as';

export const acceptWords: { readonly [K in RequestKind]: string } = {
  form: 'Accept and send',
  url: 'I have finished',
  approval: 'Accept',
  sampling: 'Accept reply',
  recovery: 'Decide',
};

export interface Asker {
  readonly server: string;
  readonly agent: string;
}

export interface Consequences {
  readonly accept: string;
  readonly decline: string;
}

/** What each answer leads to. */
export function consequences(kind: AskedAs, { server, agent }: Asker, risk: Risk): Consequences {
  switch (kind) {
    case 'form':
      return {
        accept: `Your answer goes to ${server}; the tool goes on.`,
        decline: `${server} is told that you declined, with your reason, and decides how to go on.`,
      };
    case 'url':
      return {
        accept: `${server} is told that you went there; the tool goes on.`,
        decline: `${server} is told that you declined, with your reason. Nothing is opened.`,
      };
    case 'page_first':
      return {
        accept: `Once every page it waits for is done, the call is sent to ${server} again.`,
        decline: `The call ends. ${agent} gets ${server}’s error, with your reason. Nothing is opened.`,
      };
    case 'page_again':
      return {
        accept: `Once every page it waits for is done, the call is sent to ${server} again.`,
        decline: `The call ends. ${agent} hears that its outcome is unknown, with your reason. Nothing is opened.`,
      };
    case 'sampling':
      return {
        accept: `Your text goes to ${server} as the model’s reply.`,
        decline: `${server} is told that no reply will come, with your reason.`,
      };
    case 'approval':
      return {
        accept:
          risk === 'destructive'
            ? 'The call is sent at once. It may not be possible to undo it.'
            : 'The call is sent to the server at once.',
        decline: `Nothing is sent. ${agent} gets your reason.`,
      };
    case 'recovery':
      return {
        accept: 'The call is sent again, or settled with your note.',
        decline: `Nothing is sent again. ${agent} hears that the outcome is unknown.`,
      };
  }
}

/** Who will read the reason of a decline. */
export function reasonReaders(kind: AskedAs, { server, agent }: Asker): string {
  switch (kind) {
    case 'approval':
    case 'recovery':
    case 'page_first':
    case 'page_again':
      return `${agent} gets this text. It may try again.`;
    case 'sampling':
    case 'form':
    case 'url':
      return `${server} gets this text with the refusal.`;
  }
}

const noPage = ['I do not trust this address', 'Wrong person', 'Not now'];

export const quickReasons: { readonly [K in AskedAs]: readonly string[] } = {
  form: ['I do not know', 'Not for this case', 'Ask me first'],
  url: noPage,
  page_first: noPage,
  page_again: noPage,
  approval: ['Wrong target', 'Too risky now', 'Ask me first'],
  sampling: ['Not enough facts', 'Should not be answered', 'Use another way'],
  recovery: ['Cannot be checked', 'Not needed any more', 'Ask me first'],
};
