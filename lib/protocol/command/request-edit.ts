import { z } from 'zod';
import type { JsonObject } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

/** Other arguments for a held call: votes so far are void, and the rules are asked again (I6). */
export const requestEditCommand = z.strictObject({
  type: z.literal('request.edit'),
  requestId: idSchema('request'),
  revision: z.int().min(1),
  arguments: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});

export type RequestEditReply = HoldRequest;
