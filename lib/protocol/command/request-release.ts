import { z } from 'zod';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

/** Gives the claim back. */
export const requestReleaseCommand = z.strictObject({
  type: z.literal('request.release'),
  requestId: idSchema('request'),
});

export type RequestReleaseReply = HoldRequest;
