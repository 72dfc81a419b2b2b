import { type Advance, next } from './advance';
import type { EventOf, SessionEnd, SessionEvent } from './event';
import type { AgentId, SessionId } from './ids';
import { refuse } from './refusal';

export interface SessionFacts {
  readonly sessionId: SessionId;
  readonly agent: { readonly id: AgentId; readonly name: string };
  readonly client: { readonly name: string; readonly version: string } | null;
  readonly scope: string | null;
  readonly protocolVersion: string;
  readonly startedAt: number;
}

/** One agent's run, from its first contact to its end. */
export type Session = SessionFacts &
  (
    | { readonly state: 'active' }
    | { readonly state: 'ending'; readonly end: SessionEnd; readonly reason: string; readonly endingAt: number }
    | { readonly state: 'ended'; readonly end: SessionEnd; readonly reason: string; readonly endedAt: number }
  );
export type SessionLifeEvent = Extract<SessionEvent, { readonly type: `session.${string}` }>;
export type SessionEffect = { readonly effect: 'end_session'; readonly sessionId: SessionId };
type Step = Advance<Session, SessionEffect>;

export function startSession(event: EventOf<'session.started'>): Session {
  const { sessionId, agent, client, scope, protocolVersion, at } = event;
  return { sessionId, agent, client, scope, protocolVersion, startedAt: at, state: 'active' };
}

/** The session lifecycle of DESIGN.md; its whole table is `tests/domain/session.test.ts`. */
export function advanceSession(session: Session, event: SessionLifeEvent): Step {
  const { sessionId, agent, client, scope, protocolVersion, startedAt } = session;
  const facts: SessionFacts = { sessionId, agent, client, scope, protocolVersion, startedAt };
  switch (session.state) {
    case 'active':
      if (event.type !== 'session.ending') return no(session, event);
      return next<Session, SessionEffect>(
        { ...facts, state: 'ending', end: event.end, reason: event.reason, endingAt: event.at },
        { effect: 'end_session', sessionId },
      );
    case 'ending':
      if (event.type === 'session.step') return next(session);
      if (event.type !== 'session.ended') return no(session, event);
      return next({ ...facts, state: 'ended', end: event.end, reason: event.reason, endedAt: event.at });
    case 'ended':
      return no(session, event);
  }
}

function no(session: Session, event: SessionLifeEvent): Step {
  return refuse(
    session.state === 'active' ? 'not_allowed_now' : 'session_ended',
    `A session that is ${session.state} does not take ${event.type}.`,
  );
}
