import type { PersonId, TeamId } from './ids';
import type { Role } from './permission';

/** A team as requests and rules name it. */
export interface TeamRef {
  readonly id: TeamId;
  readonly name: string;
}

/** A team as the list of people shows it. */
export interface TeamRow extends TeamRef {
  readonly members: readonly TeamMember[];
  readonly createdAt: number;
}

export interface TeamMember {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly away: Away | null;
}

/** Out of office: who stands in meanwhile has what is theirs. */
export interface Away {
  /** Epoch milliseconds; null until they come back by themselves. */
  readonly untilAt: number | null;
  readonly delegate: { readonly id: PersonId; readonly name: string } | null;
}

/** Someone whose requests one answers while they are away. */
export interface Cover {
  readonly person: { readonly id: PersonId; readonly name: string };
  readonly teams: readonly TeamId[];
}
