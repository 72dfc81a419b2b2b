import type { Refusal } from './refusal';

/**
 * What a lifecycle answers to an event: the next state with effects as data, or a refusal.
 * Pure: no clock, no randomness, no I/O; time is the event's own `at`.
 */
export type Advance<State, Effect> =
  | { readonly ok: true; readonly state: State; readonly effects: readonly Effect[] }
  | Refusal;

export function next<State, Effect = never>(state: State, ...effects: readonly Effect[]): Advance<State, Effect> {
  return { ok: true, state, effects };
}
