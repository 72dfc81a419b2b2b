import { z } from 'zod';
import type { PersonRef } from '@/lib/domain/event';
import type { HoldRequest } from '@/lib/domain/request';
import { idSchema } from './ids';

/** Hands a request to someone who may answer it; null to nobody in particular. */
export const requestAssignCommand = z.strictObject({
  type: z.literal('request.assign'),
  requestId: idSchema('request'),
  to: idSchema('person').nullable(),
});

export type RequestAssignReply = HoldRequest;

/** Who may answer a request: for assigning it, and for mentions. */
export const requestPeopleCommand = z.strictObject({
  type: z.literal('request.people'),
  requestId: idSchema('request'),
});

export interface RequestPeopleReply {
  readonly people: readonly PersonRef[];
}
