import type { AuditDraft } from '@/lib/domain/audit';

/**
 * The audit log, as those see it who do something that belongs there and is no event of a session; what events say is
 * taken from them in their own commit.
 */
export interface Audit {
  /** Resolved when it is on disk. Throws while the database is away: what was to be done is then not done, or not said. */
  record(draft: AuditDraft): Promise<void>;
}
