import type { AgentLeft, EventOf } from '../event';
import { plainLine } from '../form/plain-text';
import type { Names } from './names';
import { amount, because, followed } from './phrases';
import { sizeWords } from './time-words';
import type { EventWords } from './words';

type CallStep = EventOf<
  'call.received' | 'call.held' | 'call.allowed' | 'call.denied' | 'call.sent' | 'call.progress' | 'call.log'
>;

/** How a call comes in and is sent. */
export function callWords(event: CallStep, names: Names): EventWords {
  switch (event.type) {
    case 'call.received':
      return {
        words: `Call received, arguments ${sizeWords(event.argumentsBytes)}`,
        icon: 'inbox',
        tone: 'quiet',
        group: 'calls',
      };
    case 'call.held':
      return {
        words: decidedWords('Held', event.rule.words),
        icon: 'approval',
        tone: 'person',
        group: 'calls',
      };
    case 'call.allowed':
      return { words: decidedWords('Allowed', event.rule.words), icon: 'approval', tone: 'quiet', group: 'calls' };
    case 'call.denied':
      return { words: decidedWords('Denied', event.rule.words), icon: 'ban', tone: 'danger', group: 'calls' };
    case 'call.sent': {
      const runs = names.calls.get(event.callId)?.runs ?? 1;
      const words = runs > 1 ? `Call sent again, run ${runs}` : 'Call sent';
      return { words, icon: runs > 1 ? 'recover' : 'play', tone: 'work', group: 'calls' };
    }
    case 'call.progress': {
      const of = event.total === null ? '' : ` of ${amount(event.total)}`;
      return {
        words: `Progress ${amount(event.progress)}${of}${because(event.message)}`,
        icon: 'bolt',
        tone: 'work',
        group: 'progress',
      };
    }
    case 'call.log': {
      const bad = event.level !== 'debug' && event.level !== 'info' && event.level !== 'notice';
      const logger = event.logger === null ? '' : ` ${plainLine(event.logger)}`;
      return {
        words: `Log ${event.level}${logger}${because(event.text)}`,
        icon: bad ? 'alert' : 'text',
        tone: bad ? 'danger' : 'quiet',
        group: 'logs',
      };
    }
  }
}

/** A rule's own words often begin with the decision already. */
function decidedWords(decision: 'Held' | 'Allowed' | 'Denied', words: string): string {
  const line = plainLine(words);
  if (line.toLowerCase().startsWith(decision.toLowerCase())) return line;
  return `${decision === 'Held' ? 'Held for a person' : decision}${because(line)}`;
}

export const agentLeftWords: { readonly [L in AgentLeft]: string } = {
  ticket: 'The agent has a ticket; the result is kept for it',
  task: 'The agent has a task; the result is kept for it',
  disconnected: 'The agent’s line broke; the call goes on without it',
};

type CallTrouble = EventOf<
  | 'call.cancel_ordered'
  | 'call.cancel_sent'
  | 'call.interrupted'
  | 'call.result_lost'
  | 'call.turned_back'
  | 'call.urls_done'
  | 'call.agent_left'
  | 'call.agent_back'
>;

/** What comes between a call and the agent that made it. */
export function callTroubleWords(event: CallTrouble): EventWords {
  const group = 'calls';
  switch (event.type) {
    case 'call.interrupted': {
      const next = {
        repeat: 'Safe to repeat: it is sent again',
        ask: 'A person decides whether to run it again',
      }[event.next];
      return {
        words: followed(`Interrupted${because(event.why)}`, next),
        icon: 'unplug',
        tone: 'danger',
        group,
      };
    }
    case 'call.cancel_ordered':
      return { words: `Cancelled by an admin${because(event.reason)}`, icon: 'minus', tone: 'danger', group };
    case 'call.cancel_sent':
      return event.why === null
        ? {
            words: `Cancel sent${event.status === null ? '' : `, the server said ${event.status}`}`,
            icon: 'send',
            tone: 'quiet',
            group,
          }
        : { words: `Cancel not sent${because(event.why)}`, icon: 'cross', tone: 'danger', group };
    case 'call.result_lost':
      return { words: `Its result cannot come back${because(event.why)}`, icon: 'unplug', tone: 'danger', group };
    case 'call.turned_back': {
      const pages = event.requestIds.length === 1 ? 'a page has' : `${event.requestIds.length} pages have`;
      const words = `Not run: ${pages} to be visited first${because(event.message)}`;
      return { words, icon: 'link', tone: 'person', group };
    }
    case 'call.urls_done':
      return { words: 'Every page is done: it is sent again', icon: 'check', tone: 'ok', group };
    case 'call.agent_left':
      return {
        words: agentLeftWords[event.how],
        icon: event.how === 'disconnected' ? 'unplug' : 'agent',
        tone: 'quiet',
        group,
      };
    case 'call.agent_back':
      return { words: 'The agent is back and waits', icon: 'agent', tone: 'quiet', group };
  }
}

type CallEnd = EventOf<
  | 'call.completed'
  | 'call.failed'
  | 'call.cancelled'
  | 'call.rejected'
  | 'call.expired'
  | 'call.indeterminate'
  | 'call.delivered'
>;

const cancelledBy = {
  agent: 'the agent',
  ending: 'the end of the session',
  server: 'the server',
  person: 'an admin',
} as const;

function failedWords({ error, unasked }: EventOf<'call.failed'>): string {
  const failed = `Failed${because(error.message)} (${error.code})`;
  return unasked === undefined ? failed : followed(failed, `Nobody was asked to visit a page${because(unasked)}`);
}

/** How a call ends. */
export function outcomeWords(event: CallEnd): EventWords {
  const group = 'calls';
  switch (event.type) {
    case 'call.completed': {
      const size = sizeWords(event.resultBytes);
      if (event.isError)
        return {
          words: followed(`The tool reports an error${because(event.summary)}`, `Result ${size}`),
          icon: 'cross',
          tone: 'danger',
          group,
        };
      return { words: `Completed, result ${size}`, icon: 'check', tone: 'ok', group };
    }
    case 'call.failed':
      return {
        words: failedWords(event),
        icon: 'cross',
        tone: 'danger',
        group,
      };
    case 'call.cancelled':
      return {
        words: `Cancelled by ${cancelledBy[event.by]}${because(event.reason)}`,
        icon: 'minus',
        tone: 'quiet',
        group,
      };
    case 'call.rejected':
      return { words: `Rejected, never sent${because(event.reason)}`, icon: 'ban', tone: 'danger', group };
    case 'call.expired':
      return { words: 'Expired: no one answered', icon: 'clock', tone: 'quiet', group };
    case 'call.indeterminate':
      return { words: `Outcome unknown${because(event.why)}`, icon: 'unknown', tone: 'danger', group };
    case 'call.delivered':
      return { words: 'Outcome delivered to the agent', icon: 'send', tone: 'quiet', group };
  }
}
