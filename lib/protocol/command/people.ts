import { z } from 'zod';
import type { InvitationRow, PersonRow } from '@/lib/domain/directory';
import { idSchema } from './ids';

const roleSchema = z.enum(['admin', 'approver', 'observer']);

export const peopleListCommand = z.strictObject({ type: z.literal('people.list') });
export interface PeopleListReply {
  readonly people: readonly PersonRow[];
  readonly invitations: readonly InvitationRow[];
}

export const peopleInviteCommand = z.strictObject({
  type: z.literal('people.invite'),
  email: z.email().max(200),
  role: roleSchema,
});
export interface PeopleInviteReply {
  readonly invitation: InvitationRow;
  /** One-time, to be handed over by the admin; shown once. */
  readonly link: string;
}

export const peopleWithdrawCommand = z.strictObject({
  type: z.literal('people.withdraw'),
  invitationId: z.string().min(1).max(64),
});
export type PeopleWithdrawReply = true;

export const peopleSetRoleCommand = z.strictObject({
  type: z.literal('people.set_role'),
  personId: idSchema('person'),
  role: roleSchema,
});
export type PeopleSetRoleReply = PersonRow;

export const peopleDisableCommand = z.strictObject({ type: z.literal('people.disable'), personId: idSchema('person') });
export type PeopleDisableReply = PersonRow;

export const peopleEnableCommand = z.strictObject({ type: z.literal('people.enable'), personId: idSchema('person') });
export type PeopleEnableReply = PersonRow;

/** A one-time link with which a person sets another password, to be handed over by the admin. */
export const peopleResetCommand = z.strictObject({
  type: z.literal('people.reset'),
  personId: idSchema('person'),
  /** What becomes of the tokens of their programs, at once. */
  tokens: z.enum(['keep', 'revoke']),
});
export interface PeopleResetReply {
  /** Shown once. */
  readonly link: string;
  readonly expiresAt: number;
  readonly revokedTokens: number;
}
