import { z } from 'zod';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionSummary } from '@/lib/domain/summary';
import { idSchema } from './ids';

/** Subscribes to one session's events after `afterSeq`. `more`: ask again from the last one got. */
export const sessionWatchCommand = z.strictObject({
  type: z.literal('session.watch'),
  sessionId: idSchema('session'),
  afterSeq: z.int().min(0),
});

export interface SessionWatchReply {
  readonly summary: SessionSummary;
  readonly events: readonly SessionEvent[];
  readonly more: boolean;
}
