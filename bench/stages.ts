import type { SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { Trip } from './rounds';
import { mean } from './statistics';

/** One part of a round trip's time; together they are the whole of it, except `receipt`, which runs beside. */
export interface Stage {
  readonly stage: string;
  readonly words: string;
  readonly meanMs: number;
}

interface Marks {
  readonly started: number;
  readonly received: number;
  readonly sent: number;
  readonly opened: number;
  readonly seen: number;
  readonly answered: number;
  readonly accepted: number;
  readonly completed: number;
  readonly ended: number;
}

const parts: readonly {
  readonly stage: string;
  readonly words: string;
  readonly from: keyof Marks;
  readonly to: keyof Marks;
}[] = [
  { stage: 'arrive', words: "the agent's call arrives and is decided", from: 'started', to: 'received' },
  { stage: 'intent', words: 'received → sent', from: 'received', to: 'sent' },
  { stage: 'ask', words: 'sent → opened: that is saved, the server runs and asks', from: 'sent', to: 'opened' },
  { stage: 'show', words: 'opened → shown: saved and pushed to the browser', from: 'opened', to: 'seen' },
  { stage: 'answer', words: 'shown → answered: comes over the socket and is checked', from: 'seen', to: 'answered' },
  {
    stage: 'finish',
    words: 'answered → completed: saved, sent, the server finishes',
    from: 'answered',
    to: 'completed',
  },
  { stage: 'return', words: 'completed → the agent has it: saved and written', from: 'completed', to: 'ended' },
  { stage: 'receipt', words: '(beside: answered → accepted, as the person sees it)', from: 'answered', to: 'accepted' },
];

interface Found {
  call: Partial<Record<'received' | 'sent' | 'opened' | 'answered' | 'accepted' | 'completed', number>>;
  trip: number;
  requestId: RequestId | null;
}

/** Mean durations of the stages over the trips whose events are all there. */
export function stagesOf(
  trips: readonly Trip[],
  events: readonly SessionEvent[],
  seenAt: ReadonlyMap<RequestId, number>,
): readonly Stage[] {
  const marks = marksOf(trips, events, seenAt);
  return parts.map(({ stage, words, from, to }) => ({
    stage,
    words,
    meanMs: mean(marks.map((each) => each[to] - each[from])),
  }));
}

function marksOf(
  trips: readonly Trip[],
  events: readonly SessionEvent[],
  seenAt: ReadonlyMap<RequestId, number>,
): readonly Marks[] {
  const calls = callsOf(events);
  const byTrip = new Map(calls.map((call) => [call.trip, call]));
  return trips.flatMap((trip): readonly Marks[] => {
    const found = byTrip.get(trip.trip);
    const seen = found?.requestId === undefined || found.requestId === null ? undefined : seenAt.get(found.requestId);
    if (found === undefined || seen === undefined) return [];
    const { received, sent, opened, answered, accepted, completed } = found.call;
    if (received === undefined || sent === undefined || opened === undefined || answered === undefined) return [];
    if (accepted === undefined || completed === undefined) return [];
    return [
      { started: trip.startedAt, received, sent, opened, seen, answered, accepted, completed, ended: trip.endedAt },
    ];
  });
}

function callsOf(events: readonly SessionEvent[]): readonly Found[] {
  const calls = new Map<CallId, Found>();
  const requests = new Map<RequestId, Found>();
  for (const event of events) {
    if (event.type === 'call.received')
      calls.set(event.callId, { trip: tripIn(event.title), requestId: null, call: { received: event.at } });
    if (event.type === 'call.sent') mark(calls.get(event.callId), 'sent', event.at);
    if (event.type === 'call.completed') mark(calls.get(event.callId), 'completed', event.at);
    if (event.type === 'request.opened') {
      const found = event.callId === null ? undefined : calls.get(event.callId);
      if (found === undefined) continue;
      found.requestId = event.requestId;
      requests.set(event.requestId, found);
      mark(found, 'opened', event.at);
    }
    if (event.type === 'request.answered') mark(requests.get(event.requestId), 'answered', event.at);
    // A tool that moved on has accepted, though its result may overtake the word of it.
    if (event.type === 'answer.accepted' || event.type === 'answer.moved_on')
      mark(requests.get(event.requestId), 'accepted', event.at);
  }
  return [...calls.values()];
}

function mark(found: Found | undefined, name: keyof Found['call'], at: number): void {
  if (found !== undefined) found.call[name] ??= at;
}

/** The title of a call names its first plain argument, which is the trip's number. */
function tripIn(title: string): number {
  return Number(/: (\d+)$/.exec(title)?.[1] ?? Number.NaN);
}
