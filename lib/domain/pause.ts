import type { PersonRef } from './event';
import type { AgentId, PauseId } from './ids';

/** What is paused: nothing new is sent to a server, for an agent, or at all. */
export type PauseTarget =
  | { readonly kind: 'everything' }
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'agent'; readonly agentId: AgentId; readonly agent: string };

/** New calls are refused while it lasts; running calls, open requests, sessions and lists go on. */
export interface Pause {
  readonly pauseId: PauseId;
  readonly target: PauseTarget;
  /** Told to agents as well. */
  readonly reason: string;
  readonly by: PersonRef;
  readonly at: number;
  /** Epoch milliseconds; null until it is lifted by hand. */
  readonly untilAt: number | null;
}

/** A pause as it is kept: `lifted` once it is over, by nobody when its time ran out. */
export interface PauseRecord extends Pause {
  readonly lifted: { readonly at: number; readonly by: PersonRef | null } | null;
}

/** Every pause there is; of two, the one with the higher `seq` is newer (I12). */
export interface PauseList {
  readonly seq: number;
  readonly pauses: readonly Pause[];
}

export const noPauses: PauseList = { seq: 0, pauses: [] };

/** A call, as far as pauses look at it. */
export interface Pausable {
  readonly server: string;
  readonly agentId: AgentId;
}

/** The pause that keeps a call from being sent at `now`, the widest first; null when none does. */
export function pauseOf(pauses: readonly Pause[], call: Pausable, now: number): Pause | null {
  const there = pauses.filter((pause) => isOn(pause, now) && concerns(pause.target, call));
  return there.toSorted((a, b) => widths[a.target.kind] - widths[b.target.kind])[0] ?? null;
}

/** The pauses of a session's agent and of servers it uses, in force at `now`; what pauses everything is no mark of one. */
export function pausesOfSession(
  pauses: readonly Pause[],
  session: { readonly agentId: AgentId; readonly servers: readonly string[] },
  now: number,
): readonly Pause[] {
  const { agentId, servers } = session;
  return pauses.filter(
    (pause) =>
      isOn(pause, now) &&
      ((pause.target.kind === 'agent' && pause.target.agentId === agentId) ||
        (pause.target.kind === 'server' && servers.includes(pause.target.server))),
  );
}

/** Past its time it holds nothing up, whenever somebody gets to writing that down. */
export function isOn({ untilAt }: Pause, now: number): boolean {
  return untilAt === null || untilAt > now;
}

export function isSameTarget(a: PauseTarget, b: PauseTarget): boolean {
  return targetKey(a) === targetKey(b);
}

const widths: { readonly [K in PauseTarget['kind']]: number } = { everything: 0, server: 1, agent: 2 };

function concerns(target: PauseTarget, call: Pausable): boolean {
  switch (target.kind) {
    case 'everything':
      return true;
    case 'server':
      return target.server === call.server;
    case 'agent':
      return target.agentId === call.agentId;
  }
}

function targetKey(target: PauseTarget): string {
  switch (target.kind) {
    case 'everything':
      return target.kind;
    case 'server':
      return `${target.kind} ${target.server}`;
    case 'agent':
      return `${target.kind} ${target.agentId}`;
  }
}
