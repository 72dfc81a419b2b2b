import { z } from 'zod';
import type { TeamRow } from '@/lib/domain/team';
import { idSchema, teamIdSchema } from './ids';

const nameSchema = z.string().trim().min(1).max(60);

export const teamsListCommand = z.strictObject({ type: z.literal('teams.list') });
export interface TeamsListReply {
  readonly teams: readonly TeamRow[];
}

export const teamsCreateCommand = z.strictObject({
  type: z.literal('teams.create'),
  teamId: teamIdSchema,
  name: nameSchema,
});
export type TeamsCreateReply = TeamRow;

export const teamsRenameCommand = z.strictObject({
  type: z.literal('teams.rename'),
  teamId: teamIdSchema,
  name: nameSchema,
});
export type TeamsRenameReply = TeamRow;

export const teamsSetMembersCommand = z.strictObject({
  type: z.literal('teams.set_members'),
  teamId: teamIdSchema,
  members: z.array(idSchema('person')).max(500),
});
export type TeamsSetMembersReply = TeamRow;

export const teamsRemoveCommand = z.strictObject({ type: z.literal('teams.remove'), teamId: teamIdSchema });
export type TeamsRemoveReply = true;
