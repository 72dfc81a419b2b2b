import { z } from 'zod';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import { idSchema } from './ids';

/** Choices that are in force, the newest first: an admin's list is everyone's, an approver's their own. */
export const choicesListCommand = z.strictObject({ type: z.literal('choices.list') });
export interface ChoicesListReply {
  readonly choices: readonly RememberedChoice[];
}

export const choicesRevokeCommand = z.strictObject({
  type: z.literal('choices.revoke'),
  choiceId: idSchema('choice'),
});
export type ChoicesRevokeReply = RememberedChoice;
