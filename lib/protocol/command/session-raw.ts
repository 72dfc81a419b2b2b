import { z } from 'zod';
import type { RawMessage } from '@/lib/domain/raw';
import type { Purge } from '@/lib/domain/retention';
import { idSchema } from './ids';

/**
 * Raw JSON-RPC, masked: the newest page of it, the page before a message, or what follows one. Subscribes to what
 * comes.
 */
export const sessionRawCommand = z.strictObject({
  type: z.literal('session.raw'),
  sessionId: idSchema('session'),
  page: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('newest') }),
    z.strictObject({ is: z.literal('before'), seq: z.int().min(0) }),
    z.strictObject({ is: z.literal('after'), seq: z.int().min(0) }),
  ]),
});

export interface SessionRawReply {
  /** In order. */
  readonly messages: readonly RawMessage[];
  /** In the direction that was asked for: after, or before. */
  readonly more: boolean;
  /** Set when messages of this session were purged. */
  readonly purge: Purge | null;
}
