import type { AuditAct, AuditDraft, AuditSubject, Origin } from './audit';
import type { Call } from './call';
import type { EventOf, EventType, SessionEvent } from './event';
import type { JsonObject } from './json';
import type { HoldRequest } from './request';

/** What an event speaks of, as it is after it. */
export interface EventSubject {
  readonly request: HoldRequest | null;
  readonly call: Call | null;
  /** From where the person of the event acted; null when it is not known, or no person did. */
  readonly from: Origin | null;
}

type DecisionType = Extract<
  EventType,
  | 'request.answered'
  | 'request.voted'
  | 'request.edited'
  | 'request.assigned'
  | 'request.escalated'
  | 'request.expired'
  | 'request.withdrawn'
  | 'call.allowed'
  | 'call.urls_done'
  | 'call.denied'
  | 'call.cancelled'
  | 'call.cancel_ordered'
  | 'session.ending'
  | 'session.step'
>;
type Decided = EventOf<DecisionType>;

/** Which act of the audit log each event is that decides something; what merely happens is in the session's own log. */
const actOf: { readonly [T in DecisionType]: AuditAct } = {
  'request.answered': 'request.answered',
  'request.voted': 'request.voted',
  'request.edited': 'request.edited',
  'request.assigned': 'request.assigned',
  'request.escalated': 'request.escalated',
  'request.expired': 'request.expired',
  'request.withdrawn': 'request.withdrawn',
  'call.allowed': 'call.allowed',
  // It goes again, by the word of who visited the last page, or of its server.
  'call.urls_done': 'call.allowed',
  'call.denied': 'call.denied',
  'call.cancelled': 'call.cancelled',
  'call.cancel_ordered': 'call.cancelled',
  // The decision; that it was carried out, step by step, is the session's proof (I10).
  'session.ending': 'session.ended',
  // Of the steps only the one that somebody decides.
  'session.step': 'session.forced',
};

/** The audit entry an event makes, without its place in the chain; null for one that decides nothing. */
export function auditOf(event: SessionEvent, subject: EventSubject): AuditDraft | null {
  if (!isDecision(event)) return null;
  const { at, actor, sessionId } = event;
  const { request, call, from } = subject;
  const callId = 'callId' in event ? event.callId : (request?.callId ?? null);
  return {
    at,
    act: actOf[event.type],
    actor,
    from: actor.kind === 'person' ? from : null,
    about: aboutOf(event, { request, call }),
    why: whyOf(event),
    facts: {
      session: sessionId,
      event: event.seq,
      ...(callId === null ? {} : { call: callId }),
      ...factsOf(event, subject),
    },
  };
}

function isDecision(event: SessionEvent): event is Decided {
  // A person's cancel is its order, in the same commit, however the call then ends.
  if (event.type === 'call.cancelled' && event.by === 'person') return false;
  if (event.type === 'session.step') return event.detail.step === 'forced';
  return event.type in actOf;
}

function aboutOf(event: Decided, { request, call }: Pick<EventSubject, 'request' | 'call'>): AuditSubject {
  if ('requestId' in event) return { kind: 'request', id: event.requestId, name: nameOf(request) };
  if ('callId' in event) return { kind: 'call', id: event.callId, name: nameOf(call) };
  return { kind: 'session', id: event.sessionId, name: null };
}

/** Server and tool only: a title may hold what was asked (I14). */
function nameOf(thing: { readonly server: string; readonly tool: string | null } | null): string | null {
  if (thing === null) return null;
  return thing.tool === null ? thing.server : `${thing.server} · ${thing.tool}`;
}

function whyOf(event: Decided): string | null {
  switch (event.type) {
    case 'request.answered':
    case 'request.voted':
    case 'call.cancelled':
    case 'call.cancel_ordered':
    case 'session.ending':
      return event.reason;
    case 'request.escalated':
    case 'request.withdrawn':
      return event.why;
    case 'request.edited':
    case 'call.allowed':
    case 'call.denied':
      return event.rule.words;
    case 'call.urls_done':
      return 'Every page its server named is done.';
    case 'request.assigned':
    case 'request.expired':
    case 'session.step':
      return null;
  }
}

function factsOf(event: Decided, { request, call }: Pick<EventSubject, 'request' | 'call'>): JsonObject {
  const asked: JsonObject = request === null ? {} : { kind: request.kind, digest: request.digest };
  switch (event.type) {
    case 'request.answered': {
      const { action, operationId, as, tookMs, remember, usage } = event;
      return {
        ...asked,
        action,
        operation: operationId,
        ...(as === null ? {} : { as: { role: as.role, teams: as.teams } }),
        ...(tookMs === null ? {} : { tookMs }),
        ...(remember === null ? {} : { remembered: true }),
        ...(usage === null ? {} : { model: usage.model }),
        ...(request === null || request.votes.length === 0 ? {} : { votes: request.votes.length }),
      };
    }
    case 'request.voted': {
      const { vote, operationId, as, tookMs } = event;
      const standing = { role: as.role, teams: as.teams };
      return { ...asked, vote, operation: operationId, as: standing, ...(tookMs === null ? {} : { tookMs }) };
    }
    case 'request.edited':
      return { digest: event.digest, changed: event.changed, rule: event.rule.id };
    case 'request.assigned':
      return event.to === null ? { to: null } : { to: event.to.id, toName: event.to.name };
    case 'request.escalated':
      return { team: event.team.id };
    case 'request.expired':
      return request === null ? {} : { ...asked, deadline: request.deadline.at };
    case 'request.withdrawn':
      return asked;
    case 'call.allowed':
    case 'call.denied':
      return { rule: event.rule.id };
    case 'call.urls_done':
      return call?.rule == null ? { again: true } : { rule: call.rule.id, again: true };
    case 'call.cancelled':
      return { by: event.by };
    case 'call.cancel_ordered':
      return { by: 'person', state: call?.state ?? null };
    case 'session.ending':
      return { end: event.end };
    case 'session.step':
      return {};
  }
}
