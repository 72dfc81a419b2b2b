import type { MaskingPreview, MaskingProblem, MaskingRule, MaskingVersion } from '@/lib/domain/masking/rule';
import type { Result } from '@/lib/domain/refusal';
import type { PurgeCount, Retention, RetentionVersion } from '@/lib/domain/retention';

export interface KeepingView {
  readonly masking: MaskingVersion;
  readonly retention: RetentionVersion;
  readonly lastPurge: { readonly at: number; readonly counts: readonly PurgeCount[] } | null;
}

/** What admins may do here; every refusal has words for them. */
export interface KeepingDesk {
  readonly saveMasking: (base: number, rules: readonly MaskingRule[]) => Promise<Result<MaskingVersion>>;
  readonly previewMasking: (
    rules: readonly MaskingRule[],
  ) => Promise<Result<{ readonly preview: MaskingPreview | null; readonly problems: readonly MaskingProblem[] }>>;
  readonly saveRetention: (base: number, retention: Retention) => Promise<Result<RetentionVersion>>;
  readonly previewPurge: (
    retention: Retention,
  ) => Promise<Result<{ readonly counts: readonly PurgeCount[]; readonly problem: string | null }>>;
}
