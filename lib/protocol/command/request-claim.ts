import { z } from 'zod';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

/** Takes or renews the claim lease. */
export const requestClaimCommand = z.strictObject({ type: z.literal('request.claim'), requestId: idSchema('request') });

export type RequestClaimReply = HoldRequest;
