import { z } from 'zod';
import type { JsonObject } from '@/lib/domain/json';
import type { ModelUsage } from '@/lib/domain/model-usage';
import { idSchema } from './ids';

const longestText = 500_000;

/** Has the model write a draft of a sampling reply from the prompt as the person left it. Nothing is sent. */
export const requestDraftCommand = z.strictObject({
  type: z.literal('request.draft'),
  requestId: idSchema('request'),
  model: z.string().max(100).nullable(),
  systemPrompt: z.string().max(longestText).nullable(),
  messages: z.array(z.strictObject({ index: z.int().min(0), text: z.string().max(longestText) })).max(200),
});

export interface RequestDraftReply {
  readonly result: JsonObject;
  /** Null when it holds more than text. */
  readonly text: string | null;
  readonly usage: ModelUsage;
}
