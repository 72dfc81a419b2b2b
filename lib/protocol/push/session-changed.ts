import type { SessionSummary } from '@/lib/domain/summary';

/** A session's summary; of two, the higher `seq` is newer (I12). */
export interface SessionChangedPush {
  readonly type: 'session.changed';
  readonly summary: SessionSummary;
}
