import { z } from 'zod';
import type { EndPreview } from '@/lib/domain/end-preview';
import { idSchema } from './ids';

/** What ending a session would do. */
export const sessionPreviewEndCommand = z.strictObject({
  type: z.literal('session.preview_end'),
  sessionId: idSchema('session'),
});

export type SessionPreviewEndReply = EndPreview;
