import { z } from 'zod';
import type { JsonObject } from '@/lib/domain/json';
import { rememberFors } from '@/lib/domain/policy/choice';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

const maxReasonCharacters = 2_000;
const longestPointer = 1_000;
const longestTookMs = 365 * 24 * 3_600_000;

/** A person's answer, or their vote on an approval. Sent again with the same `operationId` it is the same (I1). */
export const requestAnswerCommand = z.strictObject({
  type: z.literal('request.answer'),
  requestId: idSchema('request'),
  operationId: idSchema('operation'),
  revision: z.int().min(1),
  action: z.enum(['accept', 'decline', 'cancel']),
  reason: z.string().trim().max(maxReasonCharacters).nullable(),
  content: z
    .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .nullable(),
  tookMs: z.int().min(0).max(longestTookMs).nullable(),
  remember: z
    .strictObject({ for: z.enum(rememberFors), fields: z.array(z.string().max(longestPointer)).max(20) })
    .nullable(),
});

/** Committed: the receipt's first stage, or one more vote. The rest follows as `request.changed`. */
export type RequestAnswerReply = HoldRequest;
