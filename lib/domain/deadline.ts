/** Whose limit set a deadline; shown to the person (I8). */
export type DeadlineCause =
  | 'rule'
  | 'agent'
  | 'server_request'
  | 'server_stream'
  | 'server_idle'
  | 'server_lifetime'
  | 'default';

export interface Deadline {
  readonly at: number;
  readonly cause: DeadlineCause;
  /** The reason in words, for example "sandbox-accounts keeps a question 10 minutes". */
  readonly reason: string;
  /** What happens then. Denying is the default (I7); a rule may allow. */
  readonly onExpiry: 'deny' | 'allow';
}

/** When someone gives a call up that is under way, whoever is asked meanwhile. */
export type CallLimit = Pick<Deadline, 'at' | 'cause' | 'reason'>;

/** The earliest of several limits wins (I8). */
export function earliestDeadline(first: Deadline, ...rest: readonly Deadline[]): Deadline {
  return rest.reduce((best, next) => (next.at < best.at ? next : best), first);
}

export type Urgency = 'calm' | 'soon' | 'now' | 'over';

/** Under 5 minutes is soon, under 2 is now. */
export function urgencyAt(deadlineAt: number, now: number): Urgency {
  const leftMs = deadlineAt - now;
  if (leftMs <= 0) return 'over';
  if (leftMs < 120_000) return 'now';
  return leftMs < 300_000 ? 'soon' : 'calm';
}
