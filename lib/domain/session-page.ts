import type { SessionEvent } from './event';

/** A stretch of a session's events: all from `fromSeq` to `throughSeq`. Empty where the second is below the first. */
export interface SessionPage {
  readonly events: readonly SessionEvent[];
  /** Earlier events that say what those of the page are of: how their calls, requests and connections began. */
  readonly origins: readonly SessionEvent[];
  readonly fromSeq: number;
  readonly throughSeq: number;
}

/** Which stretch: the newest, the one before an event, or the one about an event or an instant. */
export type SessionPlace =
  | { readonly is: 'newest' }
  | { readonly is: 'before'; readonly seq: number }
  | { readonly is: 'around'; readonly seq: number }
  | { readonly is: 'at'; readonly at: number };

/** What a search through all events of a session found. */
export interface SessionFound {
  /** The newest that match, in their order. */
  readonly events: readonly SessionEvent[];
  readonly origins: readonly SessionEvent[];
  /** How many match, those left out included. */
  readonly total: number;
}
