import type { EventType, SessionEvent } from '@/lib/domain/event';
import { type Alarm, alarmKey } from '@/lib/domain/alarm';
import type { CallId, ConnectionId, PersonId, RequestId } from '@/lib/domain/ids';
import type { NoticeCause } from '@/lib/domain/notice/recipients';
import type { Routed } from '@/lib/domain/permission';

/** Something people may be told of. */
export type Occasion = RequestOccasion | CallOccasion;

/** Of a call: what is told of it follows from the alarm alone, so the same in another life is nothing new. */
export interface CallOccasion {
  readonly about: CallId | ConnectionId;
  readonly occurrence: string;
  readonly alarm: Alarm;
}

export function occasionOfAlarm(alarm: Alarm): CallOccasion {
  const isOfConnection = alarm.kind === 'session_expiring' && alarm.limit.cause === 'server_lifetime';
  return { about: isOfConnection ? alarm.connectionId : alarm.callId, occurrence: alarmKey(alarm), alarm };
}

export interface RequestOccasion {
  readonly requestId: RequestId;
  /** Tells it from others of its kind and request; the same when it is met again. */
  readonly occurrence: string;
  /** Whether it is nothing new once this was told, or once anything of its kind and request was. */
  readonly unless: 'told-this' | 'told-any';
  /** `undelivered` gets who answered from the request itself. */
  readonly cause: NoticeCause;
  readonly by: { readonly id: PersonId; readonly name: string } | null;
  /** Of the event; null when it comes from none. */
  readonly at: number | null;
}

/** The events that are looked at: what `eventsSince` has to find. */
export const noticeEventTypes = [
  'request.opened',
  'request.to_person',
  'request.edited',
  'request.escalated',
  'request.assigned',
  'request.noted',
  'request.expired',
  'answer.undelivered',
] as const satisfies readonly EventType[];

/** What an event is to people; null when it is nothing they are told of. */
export function occasionOf(event: SessionEvent): RequestOccasion | null {
  const { actor, at } = event;
  const by = actor.kind === 'person' ? { id: actor.id, name: actor.name } : null;
  const its = (requestId: RequestId, occurrence: string, cause: NoticeCause): RequestOccasion => ({
    requestId,
    occurrence,
    unless: 'told-this',
    cause,
    by,
    at,
  });
  switch (event.type) {
    case 'request.opened':
      return event.writer === 'model'
        ? null
        : { ...its(event.requestId, routeKey(event), { kind: 'opened' }), unless: 'told-any' };
    case 'request.to_person':
      return { ...its(event.requestId, 'to:person', { kind: 'opened' }), unless: 'told-any' };
    case 'request.edited':
      // Told again only where the rules sent it elsewhere.
      return its(event.requestId, routeKey(event), { kind: 'opened' });
    case 'request.escalated':
      return its(event.requestId, String(event.seq), { kind: 'escalated', team: event.team });
    case 'request.assigned':
      return event.to === null ? null : its(event.requestId, String(event.seq), { kind: 'assigned', to: event.to });
    case 'request.noted':
      return event.mentions.length === 0
        ? null
        : its(event.requestId, event.noteId, { kind: 'mentioned', mentions: event.mentions });
    case 'request.expired':
      return its(event.requestId, 'once', { kind: 'expired' });
    case 'answer.undelivered':
      return its(event.requestId, String(event.seq), { kind: 'undelivered', answeredBy: [] });
    default:
      return null;
  }
}

export function routeKey({ team, alsoTeams }: Pick<Routed, 'team' | 'alsoTeams'>): string {
  if (team === null) return 'to:all';
  return `to:${[team, ...alsoTeams]
    .map(({ id }) => id)
    .sort()
    .join(',')}`;
}
