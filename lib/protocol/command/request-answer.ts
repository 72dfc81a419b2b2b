import { z } from 'zod';
import type { JsonObject } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

const maxReasonCharacters = 2_000;

/** A person's answer. Sent again with the same `operationId` it is the same answer (I1). */
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
});

/** Committed: the receipt's first stage. The rest follows as `request.changed`. */
export type RequestAnswerReply = HoldRequest;
