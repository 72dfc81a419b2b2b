import { z } from 'zod';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionSummary } from '@/lib/domain/summary';
import { idSchema } from './ids';

/**
 * Subscribes to one session's events after `afterSeq`; null for the newest ones. `more`: ask again from the last one
 * got, or with `session.page` for those before the first.
 */
export const sessionWatchCommand = z.strictObject({
  type: z.literal('session.watch'),
  sessionId: idSchema('session'),
  afterSeq: z.int().min(0).nullable(),
});

export interface SessionWatchReply {
  readonly summary: SessionSummary;
  readonly events: readonly SessionEvent[];
  /** Earlier events that say what these are of; only beside the newest ones. */
  readonly origins: readonly SessionEvent[];
  /** From which event on none is missing before the last of them. */
  readonly fromSeq: number;
  readonly more: boolean;
}
