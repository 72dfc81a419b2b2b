import type { Actor } from '../actor';
import type { EndStep } from '../end-step';
import type { SessionEnd, SessionEvent } from '../event';
import type { AgentId, SessionId } from '../ids';

export interface ProofStep {
  readonly seq: number;
  readonly at: number;
  readonly detail: EndStep;
}

/** The proof of an ending (I10): who, why, each step with its time, and the end. */
export interface Ending {
  readonly at: number;
  readonly by: Actor;
  readonly end: SessionEnd;
  readonly reason: string;
  readonly steps: readonly ProofStep[];
  readonly endedAt: number | null;
  readonly endedSeq: number | null;
}

/** The session's own beginning and end. */
export interface SessionLife {
  readonly sessionId: SessionId;
  readonly agent: { readonly id: AgentId; readonly name: string };
  readonly client: { readonly name: string; readonly version: string } | null;
  readonly scope: string | null;
  readonly startedAt: number;
  readonly ending: Ending | null;
}

export type SessionLifeStep = Extract<SessionEvent, { readonly type: `session.${string}` }>;

export function foldLife(life: SessionLife | null, event: SessionLifeStep): SessionLife | null {
  if (event.type === 'session.started') {
    const { sessionId, agent, client, scope, at } = event;
    return { sessionId, agent, client, scope, startedAt: at, ending: null };
  }
  if (life === null) return null;
  if (event.type === 'session.ending') {
    const { at, actor, end, reason } = event;
    return { ...life, ending: { at, by: actor, end, reason, steps: [], endedAt: null, endedSeq: null } };
  }
  if (life.ending === null) return life;
  if (event.type === 'session.step') {
    const step: ProofStep = { seq: event.seq, at: event.at, detail: event.detail };
    return { ...life, ending: { ...life.ending, steps: [...life.ending.steps, step] } };
  }
  return { ...life, ending: { ...life.ending, end: event.end, endedAt: event.at, endedSeq: event.seq } };
}
