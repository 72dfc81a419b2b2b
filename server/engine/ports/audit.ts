import type { AuditDraft, AuditEntry, AuditPlace } from '@/lib/domain/audit';
import type { AuditBreak, AuditEnds, AuditLook, AuditSide } from '@/lib/domain/audit-look';

/**
 * The audit log, as those see it who do something that belongs there and is no event of a session; what events say is
 * taken from them in their own commit.
 */
export interface Audit {
  /** Resolved when it is on disk. Throws while the database is away: what was to be done is then not done, or not said. */
  record(draft: AuditDraft): Promise<void>;
}

/** A row of `hp_audit_due`. */
export interface AuditDueRow {
  readonly id: string;
  readonly body: string;
}

/**
 * For an act that changes something in a transaction of its own: the row goes into `hp_audit_due` in that transaction,
 * so that there is no change without its entry, and the chain takes it from there.
 */
export interface AuditDue {
  row(draft: AuditDraft): AuditDueRow;
  /** The same for an act that goes on: one entry, whatever is written of it until it is over. */
  gather(): AuditGathering;
  /** Takes what waits into the chain. Never throws: what is left is taken with the next, or at the next start. */
  settle(): Promise<void>;
}

/** An entry that grows with its act. It waits for `release`, or for the next start, whichever comes first. */
export interface AuditGathering {
  /** Always of the same id: it takes the place of what stands there. */
  row(draft: AuditDraft): AuditDueRow;
  /** Nothing is added any more; the next `settle` takes it. */
  release(): void;
}

/** A page of the log, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where to look on from on the same side, an entry's number; null when nothing is left there. */
  readonly next: number | null;
}

/** What one step of verifying found. */
export interface AuditStep {
  /** The first place of the chain: where it begins, or what was dropped ended. */
  readonly base: AuditPlace;
  readonly upTo: AuditPlace;
  readonly broken: AuditBreak | null;
  /** Nothing comes after it, and what was sealed as the end was there. */
  readonly isEnd: boolean;
  /** Entries among these that say that the end could not be checked, and was sealed anew. */
  readonly sealedAnew: readonly number[];
}

/** The whole log: to read, to verify, to hand out, and to drop the oldest of. Reads may throw while the database is away. */
export interface AuditTrail extends Audit, AuditDue {
  page(look: AuditLook, how: AuditSide & { readonly limit: number }): Promise<AuditPage>;
  /** Null while nothing is kept. */
  ends(): Promise<AuditEnds | null>;
  /** The end of the chain as it stands on disk. */
  last(): Promise<AuditPlace>;
  /** Checks what comes after a place, at most so many entries; null begins at the beginning. */
  check(after: AuditPlace | null, limit: number): Promise<AuditStep>;
  /** The numbers of the entries of a time, both included, null for none: entries are handed out without gaps. */
  span(time: { readonly fromAt: number | null; readonly toAt: number | null }): Promise<{
    readonly first: number;
    readonly last: number;
  } | null>;
  /** Lines of an export, each with its line end: entries after a number, at most so many, up to another. */
  lines(after: number, upTo: number, limit: number): Promise<readonly string[]>;
  /**
   * Drops entries from the beginning that are older than an instant, at most so many; what is left verifies from the
   * sealed place they leave. Returns how many went.
   */
  dropBefore(at: number, limit: number): Promise<number>;
}
