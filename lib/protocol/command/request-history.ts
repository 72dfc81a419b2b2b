import { z } from 'zod';
import type { SessionEvent } from '@/lib/domain/event';
import { idSchema } from './ids';

/** Everything that happened to a request, in order. */
export const requestHistoryCommand = z.strictObject({
  type: z.literal('request.history'),
  requestId: idSchema('request'),
});

export interface RequestHistoryReply {
  readonly events: readonly SessionEvent[];
}
