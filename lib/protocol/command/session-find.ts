import { z } from 'zod';
import type { SessionFound } from '@/lib/domain/session-page';
import { rowGroups } from '@/lib/domain/timeline/find';
import { idSchema } from './ids';

/** Searches all events of a session, those a page has not read included. */
export const sessionFindCommand = z.strictObject({
  type: z.literal('session.find'),
  sessionId: idSchema('session'),
  search: z.string().max(200),
  group: z.enum(['all', ...rowGroups]),
});

export type SessionFindReply = SessionFound;
