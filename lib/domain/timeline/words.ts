import { actorName } from '../actor';
import type { AnswerAction, RequestKind, SessionEvent } from '../event';
import { plainLine } from '../form/plain-text';
import { callTroubleWords, callWords, outcomeWords } from './call-words';
import { endStepWords, sessionEndWords } from './end-step-words';
import type { Names } from './names';
import { type DeskEvent, deskWords } from './desk-words';
import { because, followed } from './phrases';
import { clockTime, spanWords } from './time-words';

export type RowGroup = 'calls' | 'people' | 'progress' | 'logs' | 'connections' | 'session';
export type Tone = 'person' | 'ok' | 'danger' | 'work' | 'model' | 'quiet';
export type EventIcon =
  | 'play'
  | 'bolt'
  | 'check'
  | 'cross'
  | 'ban'
  | 'unknown'
  | 'clock'
  | 'form'
  | 'link'
  | 'approval'
  | 'spark'
  | 'recover'
  | 'hand'
  | 'user'
  | 'send'
  | 'text'
  | 'alert'
  | 'plug'
  | 'unplug'
  | 'stop'
  | 'agent'
  | 'inbox'
  | 'minus';

export interface EventWords {
  readonly words: string;
  readonly icon: EventIcon;
  readonly tone: Tone;
  readonly group: RowGroup;
}

/** The one place that puts an event into words. Words of servers and agents are made one visible line. */
export function wordsOf(event: SessionEvent, names: Names): EventWords {
  switch (event.type) {
    case 'session.started':
    case 'session.ending':
    case 'session.step':
    case 'session.ended':
      return sessionWords(event);
    case 'connection.opening':
    case 'connection.ready':
    case 'connection.reattaching':
    case 'connection.lost':
    case 'connection.closed':
      return connectionWords(event, names);
    case 'call.received':
    case 'call.held':
    case 'call.allowed':
    case 'call.denied':
    case 'call.sent':
    case 'call.progress':
    case 'call.log':
      return callWords(event, names);
    case 'call.cancel_ordered':
    case 'call.cancel_sent':
    case 'call.interrupted':
    case 'call.result_lost':
    case 'call.turned_back':
    case 'call.urls_done':
    case 'call.agent_left':
    case 'call.agent_back':
      return callTroubleWords(event);
    case 'call.completed':
    case 'call.failed':
    case 'call.cancelled':
    case 'call.rejected':
    case 'call.expired':
    case 'call.indeterminate':
    case 'call.delivered':
      return outcomeWords(event);
    case 'request.opened':
    case 'request.claimed':
    case 'request.released':
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
      return requestWords(event, names);
    case 'request.voted':
    case 'request.edited':
    case 'request.assigned':
    case 'request.escalated':
    case 'request.noted':
    case 'request.drafted':
    case 'request.to_person':
      return deskWords(event);
    case 'answer.sent':
    case 'answer.accepted':
    case 'answer.moved_on':
    case 'answer.undelivered':
      return answerWords(event);
  }
}

type Of<P extends string> = Extract<SessionEvent, { readonly type: `${P}.${string}` }>;

function sessionWords(event: Of<'session'>): EventWords {
  switch (event.type) {
    case 'session.started': {
      const client = event.client === null ? '' : ` with ${plainLine(`${event.client.name} ${event.client.version}`)}`;
      const scope = event.scope === null ? '' : `, on ${event.scope} only`;
      return {
        words: `Session started by ${plainLine(event.agent.name)}${client}${scope}`,
        icon: 'agent',
        tone: 'quiet',
        group: 'session',
      };
    }
    case 'session.ending': {
      const who =
        event.actor.kind === 'person'
          ? `Ending, by ${plainLine(event.actor.name)}`
          : `Ending, ${sessionEndWords[event.end]}`;
      return {
        words: `${who}${because(event.reason)}`,
        icon: 'stop',
        tone: event.end === 'terminated' ? 'danger' : 'quiet',
        group: 'session',
      };
    }
    case 'session.step': {
      const { title, detail, went } = endStepWords(event.detail);
      return {
        words: `${title}: ${detail}`,
        icon: went === 'well' ? 'check' : 'alert',
        tone: went === 'well' ? 'quiet' : 'danger',
        group: 'session',
      };
    }
    case 'session.ended':
      return { words: `Session ended, ${sessionEndWords[event.end]}`, icon: 'stop', tone: 'quiet', group: 'session' };
  }
}

function connectionWords(event: Of<'connection'>, names: Names): EventWords {
  const group = 'connections';
  switch (event.type) {
    case 'connection.opening':
      return {
        words: `Connecting to ${event.server} over ${event.transport === 'http' ? 'HTTP' : 'stdio'}`,
        icon: 'plug',
        tone: 'quiet',
        group,
      };
    case 'connection.ready': {
      const { serverInfo, protocolVersion } = event;
      const again = (names.connections.get(event.connectionId)?.times ?? 1) > 1;
      const server = plainLine(`${serverInfo.name} ${serverInfo.version}`);
      const held = event.hasSession ? ', with a session of its own' : '';
      return {
        words: again
          ? `Reattached to ${server}, its session lives on`
          : `Connected to ${server}, MCP ${protocolVersion}${held}`,
        icon: 'plug',
        tone: 'ok',
        group,
      };
    }
    case 'connection.reattaching':
      return { words: `Connection dropped, reattaching${because(event.why)}`, icon: 'unplug', tone: 'danger', group };
    case 'connection.lost':
      return { words: `Connection lost${because(event.why)}`, icon: 'unplug', tone: 'danger', group };
    case 'connection.closed': {
      const status = event.deleteStatus === null ? '' : `, DELETE answered ${event.deleteStatus}`;
      return { words: `Connection closed${status}`, icon: 'unplug', tone: 'quiet', group };
    }
  }
}

export const askedWords: { readonly [K in RequestKind]: string } = {
  form: 'Question opened',
  url: 'Page to visit asked',
  approval: 'Approval asked',
  sampling: 'Model reply asked',
  recovery: 'Asked whether to run it again',
};

const askedIcon: { readonly [K in RequestKind]: EventIcon } = {
  form: 'form',
  url: 'link',
  approval: 'approval',
  sampling: 'spark',
  recovery: 'recover',
};

function requestWords(event: Exclude<Of<'request'>, DeskEvent>, names: Names): EventWords {
  const group = 'people';
  const who = plainLine(actorName(event.actor));
  switch (event.type) {
    case 'request.opened': {
      const { at, reason } = event.deadline;
      const asked = event.earlier === null ? askedWords[event.kind] : `${askedWords[event.kind]} again`;
      // What a model is to write is named so in a list of requests; here that is said already.
      const title = event.title.replace(/^Model reply: /, '');
      const words = followed(`${asked}${because(title)}`, `Ends ${clockTime(at)}, ${plainLine(reason)}`);
      return { words, icon: askedIcon[event.kind], tone: event.kind === 'sampling' ? 'model' : 'person', group };
    }
    case 'request.claimed':
      return {
        words: `Claimed by ${who} for ${spanWords(event.untilAt - event.at)}`,
        icon: 'hand',
        tone: 'person',
        group,
      };
    case 'request.released':
      return {
        words: event.actor.kind === 'person' ? `Released by ${who}` : 'Claim lapsed',
        icon: 'hand',
        tone: 'quiet',
        group,
      };
    case 'request.answered': {
      const isRecovery = names.requests.get(event.requestId)?.kind === 'recovery';
      const verb = (isRecovery ? recoveryVerbs : answerVerbs)[event.action];
      const words = `${verb} by ${who}${event.reason === null ? '' : `, “${plainLine(event.reason)}”`}`;
      return {
        words,
        icon: event.action === 'accept' ? 'check' : 'cross',
        tone: event.action === 'accept' ? 'ok' : 'person',
        group,
      };
    }
    case 'request.expired': {
      const title = names.requests.get(event.requestId)?.title;
      return { words: `No one answered in time${because(title ?? null)}`, icon: 'clock', tone: 'person', group };
    }
    case 'request.withdrawn':
      return { words: `Request withdrawn${because(event.why)}`, icon: 'minus', tone: 'quiet', group };
  }
}

const answerVerbs: { readonly [A in AnswerAction]: string } = {
  accept: 'Accepted',
  decline: 'Declined',
  cancel: 'Dismissed',
};
const recoveryVerbs: { readonly [A in AnswerAction]: string } = {
  accept: 'Decided',
  decline: 'Given up',
  cancel: 'Dismissed',
};

function answerWords(event: Of<'answer'>): EventWords {
  const group = 'people';
  switch (event.type) {
    case 'answer.sent':
      return { words: `Answer sent to the ${event.to}`, icon: 'send', tone: 'quiet', group };
    case 'answer.accepted':
      return {
        words: `Answer accepted${event.status === null ? '' : ` with ${event.status}`}`,
        icon: 'send',
        tone: 'ok',
        group,
      };
    case 'answer.moved_on':
      return { words: 'The tool moved on', icon: 'bolt', tone: 'work', group };
    case 'answer.undelivered':
      return { words: `Answer not delivered${because(event.why)}`, icon: 'unplug', tone: 'danger', group };
  }
}
