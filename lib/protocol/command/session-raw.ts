import { z } from 'zod';
import type { RawMessage } from '@/lib/domain/raw';
import { idSchema } from './ids';

/** Raw JSON-RPC after `afterSeq`, masked; subscribes to what follows. */
export const sessionRawCommand = z.strictObject({
  type: z.literal('session.raw'),
  sessionId: idSchema('session'),
  afterSeq: z.int().min(0),
});

export interface SessionRawReply {
  readonly messages: readonly RawMessage[];
  readonly more: boolean;
}
