import type { EventType, SessionEvent } from '@/lib/domain/event';
import type { RequestId } from '@/lib/domain/ids';
import type { Timeline } from '@/lib/domain/timeline';
import { concernOf } from '@/lib/domain/timeline/row';

/** An event that another one belongs with. */
export interface Related {
  readonly words: string;
  readonly seq: number;
}

/** What an event repeats, ends or answers, and what came of it; as far as that is known. */
export function relatedTo(timeline: Timeline, event: SessionEvent): readonly Related[] {
  const beside = eventsBeside(timeline, event);
  const before = beside.filter(({ seq }) => seq < event.seq);
  const after = beside.filter(({ seq }) => seq > event.seq);
  return partsOf(event).flatMap(({ words, when, is }) => {
    const found = when === 'before' ? before.findLast(is) : after.find(is);
    return found === undefined ? [] : [{ words, seq: found.seq }];
  });
}

interface Part {
  readonly words: string;
  readonly when: 'before' | 'after';
  readonly is: (other: SessionEvent) => boolean;
}

function isWhyAgain({ type }: SessionEvent): boolean {
  return type === 'call.interrupted' || type === 'call.urls_done';
}

function ofType(words: string, when: Part['when'], type: EventType): Part {
  return { words, when, is: (other) => other.type === type };
}

function partsOf(event: SessionEvent): readonly Part[] {
  switch (event.type) {
    case 'call.sent':
      return [
        ofType('What it repeats', 'before', 'call.sent'),
        { words: 'Why it is sent again', when: 'before', is: isWhyAgain },
      ];
    case 'call.interrupted':
      return [ofType('What was cut off', 'before', 'call.sent'), ofType('Sent again', 'after', 'call.sent')];
    case 'call.turned_back':
      return [ofType('What was turned back', 'before', 'call.sent'), ofType('Sent again', 'after', 'call.sent')];
    case 'call.urls_done':
      return [ofType('Why it was not run', 'before', 'call.turned_back'), ofType('Sent again', 'after', 'call.sent')];
    case 'connection.ready':
      return [ofType('What it takes up again', 'before', 'connection.reattaching')];
    case 'connection.reattaching':
      return [ofType('Taken up again', 'after', 'connection.ready'), ofType('Lost', 'after', 'connection.lost')];
    case 'request.opened': {
      const answered = ofRequest('Answered', 'after', { type: 'request.answered', requestId: event.requestId });
      return event.earlier === null ? [answered] : [ofType('Asked before', 'before', 'request.opened'), answered];
    }
    case 'request.answered':
    case 'request.expired':
    case 'request.withdrawn':
    case 'answer.sent':
    case 'answer.accepted':
    case 'answer.moved_on':
    case 'answer.undelivered':
      return [ofRequest('The request', 'before', { type: 'request.opened', requestId: event.requestId })];
    case 'call.completed':
    case 'call.failed':
    case 'call.cancelled':
    case 'call.indeterminate':
      return [ofType('The sending', 'before', 'call.sent')];
    default:
      return [];
  }
}

function ofRequest(
  words: string,
  when: Part['when'],
  { type, requestId }: { readonly type: EventType; readonly requestId: RequestId },
): Part {
  return {
    words,
    when,
    is: (other) => other.type === type && 'requestId' in other && other.requestId === requestId,
  };
}

/** The events of the same call, question or connection. */
function eventsBeside(timeline: Timeline, event: SessionEvent): readonly SessionEvent[] {
  const { callId, requestId } = concernOf(timeline, event);
  const id = callId ?? requestId;
  if (id !== null) return [...(timeline.drawnFrom.tracks.get(id)?.events ?? [])];
  return 'connectionId' in event && event.type.startsWith('connection.')
    ? (timeline.drawnFrom.rails.get(event.connectionId) ?? [])
    : [];
}
