import { z } from 'zod';
import type { SessionPage } from '@/lib/domain/session-page';
import { idSchema } from './ids';

/** A stretch of a session's events: before one, around one, or around an instant. */
export const sessionPageCommand = z.strictObject({
  type: z.literal('session.page'),
  sessionId: idSchema('session'),
  place: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('before'), seq: z.int().min(1) }),
    z.strictObject({ is: z.literal('around'), seq: z.int().min(1) }),
    z.strictObject({ is: z.literal('at'), at: z.int().min(0) }),
  ]),
});

export type SessionPageReply = SessionPage;
