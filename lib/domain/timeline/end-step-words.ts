import type { EndStep } from '../end-step';
import type { SessionEnd } from '../event';
import { plainLine } from '../form/plain-text';
import { clockTime, spanWords } from './time-words';

export interface StepWords {
  readonly title: string;
  readonly detail: string;
  readonly went: 'well' | 'badly';
}

/** Each step of ending a session (I10) in words, for the event list and the proof alike. */
export function endStepWords(step: EndStep): StepWords {
  switch (step.step) {
    case 'call_rejected':
      return {
        title: 'Held call rejected',
        detail: step.runs === undefined ? `${step.tool} was never sent` : `${step.tool} is not sent again`,
        went: 'well',
      };
    case 'cancel_sent':
      return { title: 'Cancel sent', detail: `${step.tool}${statusWords(step.status)}`, went: 'well' };
    case 'cancel_failed':
      return { title: 'Cancel not sent', detail: `${step.tool}: ${plainLine(step.why)}`, went: 'badly' };
    case 'request_withdrawn':
      return { title: 'Request withdrawn', detail: plainLine(step.title), went: 'well' };
    case 'agent_told':
      return {
        title: 'Agent told',
        detail:
          step.calls === 0
            ? 'No call was waiting'
            : `${countOf(step.calls, 'waiting call')} got: “${plainLine(step.message)}”`,
        went: 'well',
      };
    case 'grace':
      return {
        title: 'Servers asked to stop',
        detail: `forced after ${spanWords(step.graceMs)}, at ${clockTime(step.untilAt)}`,
        went: 'well',
      };
    case 'forced':
      return { title: 'Forced', detail: 'the rest of the time was not waited for', went: 'well' };
    case 'close_failed':
      return { title: 'Connection not closed', detail: `${step.server}: ${plainLine(step.why)}`, went: 'badly' };
    case 'delete_sent':
      return deleteWords(step);
    case 'process_ended':
      return { title: 'Process ended', detail: `${step.server}, pid ${step.pid}, ${howEnded[step.how]}`, went: 'well' };
  }
}

const howEnded = {
  closed: 'left by itself when its input closed',
  terminated: 'left when asked to',
  killed: 'had to be killed',
} as const;

function deleteWords(step: Extract<EndStep, { readonly step: 'delete_sent' }>): StepWords {
  const why = step.why === null ? '' : `: ${plainLine(step.why)}`;
  if (step.status === null)
    return { title: 'DELETE failed', detail: `${step.server} did not answer${why}`, went: 'badly' };
  if (step.status === 405)
    return {
      title: 'DELETE sent',
      detail: `${step.server} said 405: it does not end sessions on request`,
      went: 'well',
    };
  if (step.status === 404)
    return { title: 'DELETE sent', detail: `${step.server} said 404: its session was already gone`, went: 'well' };
  const went = step.status >= 200 && step.status < 300 ? 'well' : 'badly';
  return { title: 'DELETE sent', detail: `${step.server} said ${step.status}${why}`, went };
}

function statusWords(status: number | null): string {
  return status === null ? '' : `, the server said ${status}`;
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export const sessionEndWords: { readonly [E in SessionEnd]: string } = {
  closed: 'closed by the agent',
  idle: 'idle for too long',
  terminated: 'ended by an admin',
  lost: 'lost',
};
