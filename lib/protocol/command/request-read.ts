import { z } from 'zod';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { idSchema } from './ids';

/** Everything of one request. */
export const requestReadCommand = z.strictObject({ type: z.literal('request.read'), requestId: idSchema('request') });

export type RequestReadReply = RequestDetail;
