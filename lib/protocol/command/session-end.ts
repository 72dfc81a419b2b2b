import { z } from 'zod';
import type { SessionSummary } from '@/lib/domain/summary';
import { idSchema } from './ids';

/** Ends a session; the steps follow as its events (I10). */
export const sessionEndCommand = z.strictObject({
  type: z.literal('session.end'),
  sessionId: idSchema('session'),
  reason: z.string().trim().min(1).max(500),
});

export type SessionEndReply = SessionSummary;
