import type { PresenceEntry } from '@/lib/protocol/command/queue-watch';

/** Who looks at what, by request id. Each entry is the whole of it, so the last one told is right. */
export type PresenceState = ReadonlyMap<string, PresenceEntry['people']>;

export const nobodyPresent: PresenceState = new Map();

export function presenceSnapshot(entries: readonly PresenceEntry[]): PresenceState {
  return new Map(entries.filter(({ people }) => people.length > 0).map(({ requestId, people }) => [requestId, people]));
}

export function presenceTold(state: PresenceState, entries: readonly PresenceEntry[]): PresenceState {
  if (entries.length === 0) return state;
  const next = new Map(state);
  for (const { requestId, people } of entries) {
    if (people.length === 0) next.delete(requestId);
    else next.set(requestId, people);
  }
  return next;
}
