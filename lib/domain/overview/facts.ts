import { type Call, isOpenCall } from '../call';
import type { SessionEvent } from '../event';
import { isPermit } from '../permit';
import { overAt } from '../queue';
import type { HoldRequest } from '../request';
import type { Session } from '../session';
import type { TallyFact, TallyWhat } from './tally';

/** What one decision wrote: its events, and the states they led to. */
export interface Decided {
  readonly events: readonly SessionEvent[];
  readonly requests: readonly HoldRequest[];
  readonly calls: readonly Call[];
  readonly session: Session | null;
}

/** What a decision adds to the overview: each end of a request, call or session once, with the event that ended it. */
export function factsOf({ events, requests, calls, session }: Decided): readonly TallyFact[] {
  return events.flatMap((event): readonly TallyFact[] => {
    switch (event.type) {
      case 'request.answered':
      case 'request.expired':
      case 'request.withdrawn': {
        const request = requests.find(({ requestId }) => requestId === event.requestId);
        // The same answer said again is no second one (I1).
        return request === undefined || overAt(request) !== event.at ? [] : requestFacts(request);
      }
      case 'answer.undelivered': {
        const request = requests.find(({ requestId }) => requestId === event.requestId);
        return request === undefined ? [] : [{ ...placeOf(request), at: event.at, what: 'undelivered', ms: 0 }];
      }
      case 'call.completed':
      case 'call.failed':
      case 'call.cancelled':
      case 'call.denied':
      case 'call.rejected':
      case 'call.expired':
      case 'call.indeterminate': {
        const call = calls.find(({ callId }) => callId === event.callId);
        return call === undefined ? [] : callFacts(call);
      }
      case 'session.ended':
        return session === null ? [] : sessionFacts(session);
      default:
        return [];
    }
  });
}

/** What became of a request that people were asked; nothing while it is open, or when a model or a choice answered. */
export function requestFacts(request: HoldRequest): readonly TallyFact[] {
  const what = becameOf(request);
  if (what === null) return [];
  const at = overAt(request);
  const fact = { ...placeOf(request), at, ms: Math.max(0, at - request.openedAt) };
  const stoodStill = request.callId !== null && !isPermit(request);
  return stoodStill
    ? [
        { ...fact, what },
        { ...fact, what: 'asked' },
      ]
    : [{ ...fact, what }];
}

/** How a call ended, and how long it ran, with people and all; it did not run when it was never sent. */
export function callFacts(call: Call): readonly TallyFact[] {
  if (isOpenCall(call)) return [];
  const { state, server, tool, endedAt, sent } = call;
  const ms = sent === null ? 0 : Math.max(0, endedAt - sent.sentAt);
  return [{ at: endedAt, what: `call.${state}`, team: '', server, tool, ms }];
}

export function sessionFacts(session: Session): readonly TallyFact[] {
  if (session.state !== 'ended') return [];
  const { end, endedAt, startedAt } = session;
  return [
    { at: endedAt, what: `session.${end}`, team: '', server: '', tool: '', ms: Math.max(0, endedAt - startedAt) },
  ];
}

function becameOf(request: HoldRequest): TallyWhat | null {
  switch (request.state) {
    case 'open':
      return null;
    case 'answered':
    case 'delivered':
    case 'undelivered': {
      const { by, action } = request.answer;
      if (by.kind !== 'person') return null;
      return action === 'accept' ? 'accepted' : action === 'decline' ? 'declined' : 'cancelled';
    }
    case 'expired':
    case 'withdrawn':
      return request.writer === 'person' ? request.state : null;
  }
}

function placeOf({ team, server, tool }: HoldRequest): Pick<TallyFact, 'team' | 'server' | 'tool'> {
  return { team: team?.id ?? '', server, tool: tool ?? '' };
}
