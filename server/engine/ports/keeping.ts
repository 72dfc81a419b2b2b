import type { SessionId } from '@/lib/domain/ids';
import type { Purge } from '@/lib/domain/retention';
import { type Masking, noMaskingRules } from './masking';

/** What is shown masked, and what is not kept any more. */
export interface Keeping {
  readonly masking: Masking;
  /** What was purged of a session. May throw while the database is away. */
  purged(id: SessionId): Promise<readonly Purge[]>;
}

/** Everything is kept, and no rule masks anything. */
export const plainKeeping: Keeping = { masking: noMaskingRules, purged: async () => [] };
