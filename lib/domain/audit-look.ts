import type { AuditAct } from './audit';

/** Which entries a person looks for; null leaves it open. */
export interface AuditLook {
  readonly act: AuditAct | null;
  /** Who did it: an id of a person or agent. */
  readonly who: string | null;
  /** What it is about, or the session it belongs to: an id. */
  readonly about: string | null;
  /** Epoch milliseconds, inclusive. */
  readonly fromAt: number | null;
  /** Epoch milliseconds, exclusive. */
  readonly toAt: number | null;
  readonly text: string | null;
}

export const wholeAudit: AuditLook = { act: null, who: null, about: null, fromAt: null, toAt: null, text: null };

/** Which side of an entry's number a page lies on; before null is the newest page. */
export type AuditSide = { readonly before: number | null } | { readonly after: number };

/** The numbers of the first and the last entry that are kept. */
export interface AuditEnds {
  readonly first: number;
  readonly last: number;
}

/** The first entry that is not as it was written, and what is wrong with it. */
export interface AuditBreak {
  readonly seq: number;
  readonly why: string;
}

/** What is known of whether the log is whole. */
export type AuditHealth =
  | { readonly state: 'unverified' }
  | {
      readonly state: 'whole';
      /** The last entry that was checked, and when. */
      readonly upTo: number;
      readonly at: number;
      /** The first entry that is kept. */
      readonly first: number;
      readonly head: string;
      /** Entries at which the end had to be sealed anew. */
      readonly sealedAnew: readonly number[];
    }
  | { readonly state: 'broken'; readonly at: number; readonly broken: AuditBreak };
