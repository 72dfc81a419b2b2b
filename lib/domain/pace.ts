/** What is usual for a tool: how often a call of it is heard from, or for one that is not, how long its server takes. */
export interface Usual {
  readonly by: 'gap' | 'duration';
  /** Typical, rounded. */
  readonly ms: number;
}

/** From when on a quiet call counts as slow, and as stalled; fixed when it is sent, so that all who look agree. */
export interface Pace {
  /** Null while too little is known of the tool. */
  readonly usual: Usual | null;
  readonly slowAfterMs: number;
  /** Never less than `slowAfterMs`. */
  readonly stalledAfterMs: number;
}

export type ServerPace = 'busy' | 'slow' | 'stalled';

/** Of a tool of which nothing is known, nor configured. */
export const unknownPace: Pace = { usual: null, slowAfterMs: 60_000, stalledAfterMs: 600_000 };

/** How a server that was last heard from at `lastSignAt` behaves at `now`. */
export function paceAt(pace: Pace, lastSignAt: number, now: number): ServerPace {
  const quietMs = now - lastSignAt;
  if (quietMs >= pace.stalledAfterMs) return 'stalled';
  return quietMs >= pace.slowAfterMs ? 'slow' : 'busy';
}
