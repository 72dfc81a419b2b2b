import { z } from 'zod';
import type { Note } from '@/lib/domain/request-detail';
import { idSchema } from './ids';

const longestNote = 4_000;

/** Writes a note about a request, for whoever may see it. */
export const requestNoteCommand = z.strictObject({
  type: z.literal('request.note'),
  requestId: idSchema('request'),
  text: z.string().trim().min(1).max(longestNote),
  mentions: z.array(idSchema('person')).max(20),
});

export type RequestNoteReply = Note;
