import { z } from 'zod';
import { idSchema } from './ids';

/** Ends `session.watch` and the raw view of it. */
export const sessionUnwatchCommand = z.strictObject({
  type: z.literal('session.unwatch'),
  sessionId: idSchema('session'),
});

export type SessionUnwatchReply = null;
