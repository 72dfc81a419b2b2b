import type { PresenceEntry } from '../command/queue-watch';

/** Who looks at a request now; empty when nobody. The whole of it, so the last one told is right. */
export interface PresenceChangedPush {
  readonly type: 'presence.changed';
  readonly entry: PresenceEntry;
}
