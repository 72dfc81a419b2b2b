import { z } from 'zod';
import { type IdKind, type IdOf, readId, readTeamId, type TeamId } from '@/lib/domain/ids';

/** A zod schema for one kind of id. */
export function idSchema<K extends IdKind>(kind: K): z.ZodType<IdOf[K]> {
  return z.custom<IdOf[K]>((value) => readId(kind, value) !== null, `must be a ${kind} id`);
}

export const teamIdSchema: z.ZodType<TeamId> = z.custom<TeamId>(
  (value) => readTeamId(value) !== null,
  'must be a team’s short name: lower-case letters, digits and dashes',
);
