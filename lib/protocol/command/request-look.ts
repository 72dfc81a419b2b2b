import { z } from 'zod';
import { idSchema } from './ids';

/** Presence: which request this page shows, and whether its person types. Null when none. */
export const requestLookCommand = z.strictObject({
  type: z.literal('request.look'),
  requestId: idSchema('request').nullable(),
  typing: z.boolean(),
});

export type RequestLookReply = null;
