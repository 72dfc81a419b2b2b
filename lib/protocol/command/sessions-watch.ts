import { z } from 'zod';
import type { SessionSummary } from '@/lib/domain/summary';
import { idSchema } from './ids';

/** A page of sessions, newest first; the first page (no `before`) also subscribes to changes. */
export const sessionsWatchCommand = z.strictObject({
  type: z.literal('sessions.watch'),
  live: z.boolean().nullable(),
  search: z.string().max(200).nullable(),
  before: z.strictObject({ startedAt: z.number(), sessionId: idSchema('session') }).nullable(),
});

export interface SessionsWatchReply {
  readonly sessions: readonly SessionSummary[];
  readonly more: boolean;
}
