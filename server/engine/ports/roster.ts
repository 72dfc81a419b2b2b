import type { PersonRef } from '@/lib/domain/event';
import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { Away, TeamRef, TeamRow } from '@/lib/domain/team';

/** Who is there, from memory: kept up by who keeps people and teams. */
export interface Roster {
  /** Null for a team that is no more. */
  team(id: TeamId): TeamRef | null;
  /** Whether somebody of it may answer now: a member who is neither away nor disabled, or who stands in for one. */
  isStaffed(id: TeamId): boolean;
  /** A person with the role, teams and covers of now; null when unknown or disabled. */
  person(id: PersonId): Person | null;
  /** Whether this person is known to be disabled: from that moment they may do nothing. */
  isDisabled(id: PersonId): boolean;
  /** Everyone who is not disabled. */
  people(): readonly Person[];
  /** Every team with who is in it. */
  teamRows(): readonly TeamRow[];
  /** Null while they are there. */
  awayOf(id: PersonId): Away | null;
  /** Who answers for an agent; null when nobody does. */
  ownerOf(id: AgentId): (PersonRef & { readonly email: string }) | null;
}
