import type { EventOf, SessionEvent } from '../event';
import type { RequestId } from '../ids';
import { unknownPace } from '../pace';
import { type Draft, patchAt } from './draft';
import type { SegmentPerson, SegmentRequest, Segment, Tick, LaneBreak, OutcomeMark, Lane } from './lane-model';

export type DraftLane = Draft<Lane>;

export function callLane(event: EventOf<'call.received'>): DraftLane {
  const { seq, callId, server, tool, risk, at } = event;
  const held: Segment = { seq, kind: 'held', from: at, to: null, request: null };
  return {
    ...emptyLane,
    id: callId,
    seq,
    callId,
    server,
    tool,
    risk,
    from: at,
    lastSignAt: at,
    segments: [held],
    sends: [],
    ticks: [],
    stages: [],
    logs: [],
    breaks: [],
  };
}

export function questionLane(event: EventOf<'request.opened'>): DraftLane {
  const { seq, requestId, server, risk, at } = event;
  const tool = event.tool ?? 'question outside a call';
  return {
    ...emptyLane,
    id: requestId,
    seq,
    callId: null,
    server,
    tool,
    risk,
    from: at,
    lastSignAt: at,
    segments: [],
    sends: [],
    ticks: [],
    stages: [],
    logs: [],
    breaks: [],
  };
}

const emptyLane = {
  to: null,
  sentAt: null,
  runs: 0,
  agentLeft: null,
  deliveredAt: null,
  rule: null,
  pace: unknownPace,
  state: 'held',
  outcome: null,
  furthest: 0,
} as const;

export type LaneEvent = Extract<
  SessionEvent,
  { readonly type: `call.${string}` | `request.${string}` | `answer.${string}` }
>;

/** Draws one event on its lane. */
export function foldLane(lane: DraftLane, event: LaneEvent): void {
  if (event.type.startsWith('request.') || event.type.startsWith('answer.')) return foldRequest(lane, event);
  return foldCall(lane, event);
}

function foldCall(lane: DraftLane, event: LaneEvent): void {
  switch (event.type) {
    case 'call.held':
    case 'call.allowed':
      lane.rule = event.rule;
      return;
    case 'call.denied':
      lane.rule = event.rule;
      return end(lane, { seq: event.seq, at: event.at, state: 'rejected', isError: false, cause: event.rule.words });
    case 'call.sent':
      lane.sentAt = event.at;
      lane.pace = event.pace;
      lane.runs += 1;
      lane.sends.push(event.seq);
      lane.lastSignAt = event.at;
      if (waitingBreak(lane) !== null) patchAt(lane.breaks, lane.breaks.length - 1, { againAt: event.at });
      closeMachine(lane, event.at);
      return resume(lane, event);
    case 'call.interrupted':
      return interrupt(lane, event);
    case 'call.turned_back': {
      const { seq, at, message: why } = event;
      return breakOff(lane, { seq, at, why, next: 'urls' });
    }
    case 'call.result_lost': {
      const { seq, at, why } = event;
      lane.breaks.push({ seq, at, why, next: 'result_lost', againAt: null });
      return;
    }
    case 'call.agent_left':
      lane.agentLeft = event.how;
      return;
    case 'call.agent_back':
      lane.agentLeft = null;
      return;
    case 'call.progress': {
      const { seq, at, progress, total, message } = event;
      const tick: Tick = { seq, at, progress, total, message };
      lane.ticks.push(tick);
      lane.furthest = Math.max(lane.furthest, total ?? progress);
      if (message !== null && message !== '' && message !== lane.stages.at(-1)?.message) lane.stages.push(tick);
      lane.lastSignAt = at;
      return;
    }
    case 'call.log':
      lane.logs.push({ seq: event.seq, at: event.at, level: event.level, text: event.text });
      if (lane.sentAt !== null && lane.outcome === null) lane.lastSignAt = event.at;
      return;
    case 'call.delivered':
      lane.deliveredAt = event.at;
      return;
    default: {
      const outcome = outcomeOf(event);
      if (outcome !== null) end(lane, outcome);
    }
  }
}

/** The run ends here; the gap until it is sent again is one with a person or of ours. */
function interrupt(lane: DraftLane, event: EventOf<'call.interrupted'>): void {
  const { seq, at, why, next } = event;
  const last = lane.breaks.length - 1;
  // It was to be repeated by itself and could not be: the same gap, and now a person decides.
  if (waitingBreak(lane) !== null) return patchAt(lane.breaks, last, { next, why });
  breakOff(lane, { seq, at, why, next });
}

function breakOff(lane: DraftLane, cut: Omit<LaneBreak, 'againAt'>): void {
  lane.breaks.push({ ...cut, againAt: null });
  lane.sentAt = null;
  closeMachine(lane, cut.at);
  resume(lane, cut);
}

/** The interruption after which a call was not sent again yet; null when there is none. */
export function waitingBreak(lane: Pick<Lane, 'breaks'>): LaneBreak | null {
  const last = lane.breaks[lane.breaks.length - 1];
  return last === undefined || last.next === 'result_lost' || last.againAt !== null ? null : last;
}

function outcomeOf(event: LaneEvent): OutcomeMark | null {
  const { seq, at } = event;
  switch (event.type) {
    case 'call.completed':
      return { seq, at, state: 'completed', isError: event.isError, cause: event.isError ? event.summary : null };
    case 'call.failed':
      return { seq, at, state: 'failed', isError: false, cause: event.error.message };
    case 'call.cancelled':
      return { seq, at, state: 'cancelled', isError: false, cause: event.reason };
    case 'call.rejected':
      return { seq, at, state: 'rejected', isError: false, cause: event.reason };
    case 'call.expired':
      return { seq, at, state: 'expired', isError: false, cause: 'no one answered' };
    case 'call.indeterminate':
      return { seq, at, state: 'indeterminate', isError: false, cause: event.why };
    default:
      return null;
  }
}

function foldRequest(lane: DraftLane, event: LaneEvent): void {
  switch (event.type) {
    case 'request.opened':
      return openQuestion(lane, event);
    case 'request.claimed': {
      if (event.actor.kind !== 'person') return;
      const by = { id: event.actor.id, name: event.actor.name };
      return patchRequest(lane, event.requestId, { by, claimedUntilAt: event.untilAt });
    }
    case 'request.released':
      if (requestOf(lane, event.requestId)?.outcome === null)
        patchRequest(lane, event.requestId, { by: null, claimedUntilAt: null });
      return;
    case 'request.answered': {
      const by = event.actor.kind === 'person' ? { id: event.actor.id, name: event.actor.name } : null;
      patchRequest(lane, event.requestId, { by, claimedUntilAt: null, outcome: event.action });
      return closeQuestion(lane, event);
    }
    case 'request.expired':
    case 'request.withdrawn': {
      const outcome = event.type === 'request.expired' ? 'expired' : 'withdrawn';
      patchRequest(lane, event.requestId, { by: null, claimedUntilAt: null, outcome });
      return closeQuestion(lane, event);
    }
    case 'answer.sent':
      return patchRequest(lane, event.requestId, { delivery: 'sent' });
    case 'answer.accepted':
      return patchRequest(lane, event.requestId, { delivery: 'accepted' });
    case 'answer.moved_on':
      lane.lastSignAt = event.at;
      return patchRequest(lane, event.requestId, { delivery: 'moved_on' });
    case 'answer.undelivered':
      return patchRequest(lane, event.requestId, { delivery: 'undelivered' });
    default:
  }
}

function openQuestion(lane: DraftLane, event: EventOf<'request.opened'>): void {
  const { seq, requestId, kind, title, deadline, at } = event;
  closeMachine(lane, at);
  const open = { by: null, claimedUntilAt: null, outcome: null, delivery: null };
  const request: SegmentRequest = {
    requestId,
    kind,
    title,
    deadlineAt: deadline.at,
    deadlineReason: deadline.reason,
    ...open,
  };
  lane.segments.push({ seq, kind: 'people', from: at, to: null, request });
  lane.lastSignAt = at;
  if (lane.sentAt !== null || lane.callId === null) lane.state = 'input_required';
}

function closeQuestion(
  lane: DraftLane,
  event: EventOf<'request.answered' | 'request.expired' | 'request.withdrawn'>,
): void {
  const index = indexOf(lane, event.requestId);
  const segment = lane.segments[index];
  if (segment === undefined || segment.to !== null) return;
  const byModel =
    event.type === 'request.answered' && event.actor.kind !== 'person' && segment.request?.kind === 'sampling';
  patchAt(lane.segments, index, { to: event.at, kind: byModel ? 'model' : 'people' });
  if (lane.callId === null) return end(lane, questionOutcome(event));
  resume(lane, event);
}

function questionOutcome(event: EventOf<'request.answered' | 'request.expired' | 'request.withdrawn'>): OutcomeMark {
  const { seq, at } = event;
  if (event.type === 'request.expired') return { seq, at, state: 'expired', isError: false, cause: 'no one answered' };
  if (event.type === 'request.withdrawn') return { seq, at, state: 'cancelled', isError: false, cause: event.why };
  if (event.action === 'accept') return { seq, at, state: 'completed', isError: false, cause: null };
  return { seq, at, state: 'rejected', isError: false, cause: event.reason };
}

/** After a question is settled, or at sending: the machine goes on, unless another question is open. */
function resume(lane: DraftLane, { seq, at }: Pick<SessionEvent, 'seq' | 'at'>): void {
  if (lane.outcome !== null || lane.segments.some((segment) => segment.kind === 'people' && segment.to === null))
    return;
  lane.state = lane.sentAt === null ? 'held' : 'working';
  lane.segments.push({ seq, kind: lane.sentAt === null ? 'held' : 'work', from: at, to: null, request: null });
  lane.lastSignAt = at;
}

function closeMachine(lane: DraftLane, at: number): void {
  const last = lane.segments.length - 1;
  const segment = lane.segments[last];
  if (segment === undefined || segment.to !== null || segment.kind === 'people') return;
  if (segment.from === at) lane.segments.pop();
  else patchAt(lane.segments, last, { to: at });
}

function end(lane: DraftLane, outcome: OutcomeMark): void {
  closeMachine(lane, outcome.at);
  closeAll(lane, outcome.at);
  lane.to = outcome.at;
  lane.state = outcome.state;
  lane.outcome = outcome;
}

/** Nothing of an ended session lasts, whatever its log left open. */
export function closeAll(lane: DraftLane, at: number): void {
  lane.segments.forEach((segment, index) => {
    if (segment.to === null) patchAt(lane.segments, index, { to: at });
  });
  lane.to ??= at;
}

function indexOf(lane: DraftLane, requestId: RequestId): number {
  return lane.segments.findLastIndex((segment) => segment.request?.requestId === requestId);
}

function requestOf(lane: DraftLane, requestId: RequestId): SegmentRequest | null {
  return lane.segments[indexOf(lane, requestId)]?.request ?? null;
}

function patchRequest(lane: DraftLane, requestId: RequestId, patch: Partial<SegmentRequest>): void {
  const index = indexOf(lane, requestId);
  const request = lane.segments[index]?.request;
  if (request != null) patchAt(lane.segments, index, { request: { ...request, ...patch } });
}

/** Who holds the segment's request at `now`: who answered, or whose claim still stands. */
export function personAt(segment: Segment, now: number): SegmentPerson | null {
  const request = segment.request;
  if (request === null || request.by === null) return null;
  if (request.outcome !== null) return request.by;
  return request.claimedUntilAt !== null && request.claimedUntilAt > now ? request.by : null;
}
