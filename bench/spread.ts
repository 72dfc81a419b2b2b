/** How parked calls are spread over sessions; each session has its own connection to the server. */
export interface Spread {
  /** Part of the figures' names. */
  readonly name: string;
  readonly words: string;
  readonly sessions: number;
  readonly callsEach: number;
}

const fewSessions = 20;

/** Both ways to spread `calls`: over few sessions, and in one of its own each. */
export function spreadsOf(calls: number): readonly Spread[] {
  const few = Math.min(fewSessions, calls);
  const callsEach = Math.floor(calls / few);
  return [
    { name: 'few_sessions', words: `${few} sessions × ${callsEach} calls`, sessions: few, callsEach },
    { name: 'session_each', words: `${calls} sessions × 1 call`, sessions: calls, callsEach: 1 },
  ];
}

export function callsIn({ sessions, callsEach }: Spread): number {
  return sessions * callsEach;
}
